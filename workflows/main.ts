/**
 * The bundle's entry. The default export runs every workflow type: ours by name, any other type is a BPMN process id. (Types are
 * told apart here because `alur.message` cannot be the name of an exported function.)
 */
import { TemporalFailure, workflowInfo } from '@temporalio/workflow';
import { backfill } from './backfill.ts';
import { batch } from './batch.ts';
import { message } from './message.ts';
import type { MessageInput } from './message.ts';
import {
  backfillWorkflowType,
  batchWorkflowType,
  messageWorkflowType,
  releaseJobsWorkflowType,
  repairWorkflowType,
  signalWorkflowType,
  timerStartWorkflowType,
  verificationWorkflowType,
} from './messages.ts';
import type { Backfill, InstanceInput, SignalBroadcast, TimerStart } from './messages.ts';
import { processInstance } from './process-instance.ts';
import { releaseJobs } from './release-jobs.ts';
import { signal } from './signal.ts';
import { timerStart } from './timer-start.ts';
import { repair, verification } from './verification.ts';

export default async function workflow(input: unknown): Promise<unknown> {
  try {
    switch (workflowInfo().workflowType) {
      case messageWorkflowType:
        return await message(input as MessageInput | undefined);
      case signalWorkflowType:
        return await signal(input as SignalBroadcast);
      case timerStartWorkflowType:
        return await timerStart(input as TimerStart);
      case backfillWorkflowType:
        return await backfill(input as Backfill);
      case batchWorkflowType:
        return await batch(input as string);
      case releaseJobsWorkflowType:
        return await releaseJobs(input as string);
      case verificationWorkflowType:
        return await verification(input as Parameters<typeof verification>[0]);
      case repairWorkflowType:
        return await repair(input as Parameters<typeof repair>[0]);
      default:
        return await processInstance(input as InstanceInput);
    }
  } catch (error) {
    // A failure that escapes is our fault: it must fail the task, which is repeated after a fix, and never the case.
    if (error instanceof TemporalFailure) throw new Error(`unexpected: ${error.message}`, { cause: error });
    throw error;
  }
}

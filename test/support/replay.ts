/** Replays what a test has left: the proof that a worker which starts anew goes on as the last one would have. */
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '#worker/bundle.ts';
import type { TestStack } from './stack.ts';

/** Every history so far, decoded as the server keeps it, replays without a difference; returns how many. Throws the first difference. */
export async function replayAll(stack: TestStack): Promise<number> {
  const histories: { workflowId: string; history: unknown }[] = [];
  for await (const { workflowId, runId } of stack.client.workflow.list()) {
    histories.push({ workflowId, history: await stack.client.workflow.getHandle(workflowId, runId).fetchHistory() });
  }
  const { code } = await workflowBundle({ cacheDir: null });
  let replayed = 0;
  for await (const result of Worker.runReplayHistories(
    { workflowBundle: { code }, dataConverter: stack.dataConverter },
    histories,
  )) {
    if (result.error !== undefined) throw result.error;
    replayed += 1;
  }
  return replayed;
}

/** Sets a broadcast going whose receivers are written down; repeating it changes nothing. */
import type { Client } from '@temporalio/client';
import { signalWorkflowId, signalWorkflowType, taskQueue } from '#workflows/messages.ts';
import type { SignalBroadcast } from '#workflows/messages.ts';

export type BroadcastSignal = (broadcast: SignalBroadcast) => Promise<void>;

export const createBroadcastSignal =
  (client: Client): BroadcastSignal =>
  async (broadcast) => {
    try {
      await client.workflow.start(signalWorkflowType, {
        workflowId: signalWorkflowId(broadcast.signalKey),
        taskQueue,
        args: [broadcast],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
    }
  };

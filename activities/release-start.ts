/** An instance that a message started has ended: the next message of its correlation key may start one. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { releaseStartLock } from '#db/message-start-locks.ts';
import type { StartLock } from '#db/message-start-locks.ts';
import { messageStartNames } from '#db/queries/start-definition.ts';
import { messageWorkflowId, startReleasedSignal } from '#workflows/messages.ts';

export type ReleaseStart = (lock: StartLock) => Promise<void>;

export const createReleaseStart =
  (pool: Pool, client: Client): ReleaseStart =>
  async (lock) => {
    await releaseStartLock(pool, lock);
    for (const name of await messageStartNames(pool, lock.processId)) {
      try {
        await client.workflow.getHandle(messageWorkflowId(name, lock.correlationKey)).signal(startReleasedSignal);
      } catch (error) {
        // It has nothing to deliver.
        if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
      }
    }
  };

/** Local activity: the new facts of an instance and their projections, in PostgreSQL. Repeating it changes nothing. */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { recordFacts } from '#db/record-facts.ts';
import type { FactBatch, Recording } from '#db/record-facts.ts';
import type { RecordTroubles } from './record-trouble.ts';

export interface RecordingOrder extends FactBatch {
  /** Of the workflow, in its workflow task. */
  readonly historyLength: number;
  /** The workflow task that made the facts is in history by now. */
  readonly isSettled: boolean;
}
/** @returns `outdated`: it may be that another attempt of the workflow task counts; to be ordered again once this one is in history */
export type RecordFacts = (order: RecordingOrder) => Promise<Recording>;

export interface RecordFactsParts {
  readonly pool: Pool;
  readonly client: Client;
  /** What does not succeed is told there. */
  readonly troubles: RecordTroubles;
  readonly afterRestore: boolean;
}

export const createRecordFacts =
  ({ pool, client, troubles, afterRestore: keepsStored }: RecordFactsParts): RecordFacts =>
  async ({ historyLength, isSettled, ...batch }) => {
    const isOver = () => hasGoneOn(client, historyLength);
    try {
      const recording = await recordFacts(pool, batch, { isOver, isSettled, keepsStored });
      if (recording === 'recorded') troubles.recorded(batch.instanceKey);
      else troubles.failed(batch, new Error('another attempt of its workflow task has recorded other facts'));
      return recording;
    } catch (error) {
      troubles.failed(batch, error);
      throw error;
    }
  };

/** Whether the workflow has more history than when its task began: the task is answered, by this attempt or by another. */
async function hasGoneOn(client: Client, historyLength: number): Promise<boolean> {
  const { workflowId = '', runId } = Context.current().info.workflowExecution ?? {};
  const now = await client.workflow.getHandle(workflowId, runId).describe();
  return now.historyLength > historyLength || now.status.name !== 'RUNNING';
}

/** Local activity: the new facts of an instance and their projections, in PostgreSQL. Repeating it changes nothing. */
import type { Pool } from 'pg';
import { recordFacts } from '#db/record-facts.ts';
import type { FactBatch } from '#db/record-facts.ts';
import type { RecordTroubles } from './record-trouble.ts';

export type RecordFacts = (batch: FactBatch) => Promise<void>;

/** @param troubles what does not succeed is told there. */
export const createRecordFacts =
  (pool: Pool, troubles: RecordTroubles, afterRestore: boolean): RecordFacts =>
  async (batch) => {
    try {
      await recordFacts(pool, batch, afterRestore);
    } catch (error) {
      troubles.failed(batch, error);
      throw error;
    }
    troubles.recorded(batch.instanceKey);
  };

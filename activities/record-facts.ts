/** Local activity: the new facts of an instance and their projections, in PostgreSQL. Repeating it changes nothing. */
import type { Pool } from 'pg';
import { recordFacts } from '#db/record-facts.ts';
import type { FactBatch } from '#db/record-facts.ts';

export type RecordFacts = (batch: FactBatch) => Promise<void>;

export const createRecordFacts =
  (pool: Pool): RecordFacts =>
  (batch) =>
    recordFacts(pool, batch);

/** What the jobs that issue papers need from outside; met by our database, the vault, the printer and the store of files, for the worker. */
import type { Pool } from 'pg';
import { transaction } from '#db/pool.ts';
import { partsOfLetter } from '#issuing/district-papers.ts';
import { drawPaper, issuePaper } from '#issuing/issue.ts';
import type { Press } from '#issuing/issue.ts';
import { usualAnswers } from '#issuing/office.ts';
import type { PaperDeps } from './paper-jobs.ts';

/** Who stands in the register of papers when a process issues one. */
const issuedBy = 'system';

/** @param pool role alur_worker: sees the whole country */
export function paperDeps(pool: Pool, press: Press): PaperDeps {
  return {
    issue: (order, jobKey) =>
      issuePaper(press, {
        order,
        jobKey,
        issuedBy,
        inTransaction: (work) => transaction(pool, work),
        draw: (desk) => drawPaper(desk, order),
      }),
    usualAnswers: (region, kind) => transaction(pool, (db) => usualAnswers(db, region, kind)),
    partsOfLetter: (caseKey, region) => transaction(pool, (db) => partsOfLetter(db, caseKey, region)),
  };
}

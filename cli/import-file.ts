/** Sends a CSV of proposals and waits for its end; an import cut off by a restart is sent again, which doubles nothing. */
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './client.ts';
import type { Client } from '#contract/client.ts';
import { proposalEndpoints, type ImportRun } from '#contract/proposal.ts';

export interface ImportResult {
  readonly run: ImportRun;
  readonly problems: readonly { readonly line: number; readonly field: string; readonly message: string }[];
}

const pollMs = 500;
/** Without any progress for so long the run is taken for lost. */
const stuckMs = 30_000;
const attemptsMost = 20;
const betweenAttemptsMs = 2_000;

/** null: the run made no progress and is given up; else the finished run. */
async function follow(
  client: Client,
  importKey: string,
  onProgress: (run: ImportRun) => void,
): Promise<ImportResult | null> {
  let read = -1;
  let progressAt = Date.now();
  for (;;) {
    const { problems, ...run } = await client(proposalEndpoints.getImport, { params: { importKey } });
    onProgress(run);
    if (run.state === 'COMPLETED') return { run, problems };
    if (run.state === 'FAILED') return null;
    if (run.rowsRead !== read) {
      read = run.rowsRead;
      progressAt = Date.now();
    }
    if (Date.now() - progressAt > stuckMs) return null;
    await sleep(pollMs);
  }
}

/** @param period month that the proposals count for, `2026-11`; none: the server's. Throws ProblemError when the server refuses the file, Error when it never ends. */
export async function importFile(
  client: Client,
  { file, period }: { readonly file: string; readonly period?: string | undefined },
  onProgress: (run: ImportRun) => void,
): Promise<ImportResult> {
  const query = { fileName: path.basename(file), ...(period === undefined ? {} : { period }) };
  for (let attempt = 1; attempt <= attemptsMost; attempt += 1) {
    try {
      // Backed by the file: read while it is sent, never as a whole.
      const body = await openAsBlob(file, { type: 'text/csv' });
      const started = await client(
        proposalEndpoints.importProposals,
        { query },
        { rawBody: body, rawType: 'text/csv', signal: AbortSignal.timeout(600_000) },
      );
      const result = await follow(client, started.importKey, onProgress);
      if (result !== null) return result;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(betweenAttemptsMs);
  }
  throw new Error(`the import of ${path.basename(file)} does not end`);
}

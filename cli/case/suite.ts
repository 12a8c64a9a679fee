/** Many cases, one after the other, each on an empty engine. A case that cannot be read or run fails; the others run. */
import path from 'node:path';
import type { Coverage } from './coverage.ts';
import type { CaseEngine, CaseFile } from './engine.ts';
import { modelReader, readText } from './files.ts';
import { readCase } from './format.ts';
import type { TestCase } from './format.ts';
import { runCase } from './run-case.ts';

export interface CaseResult {
  /** Id of the case; the file's name when it cannot be read. */
  readonly case: string;
  readonly file: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Empty: passed. */
  readonly reason: string;
}
export interface SuiteOptions {
  /** A fresh, empty engine. */
  readonly open: () => Promise<CaseEngine>;
  readonly coverage?: Coverage;
  /** Told as soon as it is known. */
  readonly onResult?: (result: CaseResult) => void;
}
/** The engine is gone: no further case can run. Thrown by `SuiteOptions.open`. */
export class EngineLost extends Error {
  override readonly name = 'EngineLost';
}

export async function runSuite(files: readonly string[], options: SuiteOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let lost: string | null = null;
  for (const file of files) {
    const result: CaseResult =
      lost === null
        ? await runFile(file, options).catch((error: unknown) => {
            if (!(error instanceof EngineLost)) throw error;
            lost = error.message;
            return { case: path.basename(file), file, outcome: 'failed', reason: error.message };
          })
        : { case: path.basename(file), file, outcome: 'skipped', reason: lost };
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Throws EngineLost only. */
async function runFile(file: string, options: SuiteOptions): Promise<CaseResult> {
  let testCase: TestCase;
  try {
    testCase = readCase(readText(file));
  } catch (error) {
    return { case: path.basename(file, '.json'), file, outcome: 'failed', reason: messageOf(error) };
  }
  const problems = await problemsOf(testCase, modelReader(file), options);
  const outcome = problems.length === 0 ? 'passed' : 'failed';
  return { case: testCase.id, file, outcome, reason: problems.join('; ') };
}

async function problemsOf(
  testCase: TestCase,
  readModel: (path: string) => CaseFile,
  { open, coverage }: SuiteOptions,
): Promise<readonly string[]> {
  const engine = await open();
  const problems = await runCase(testCase, engine, readModel).catch((error: unknown) => [messageOf(error)]);
  await coverage?.record(engine);
  // what a case leaves behind would disturb the next one
  const left = await engine.close().then(
    () => [],
    (error: unknown) => [messageOf(error)],
  );
  return [...problems, ...left];
}

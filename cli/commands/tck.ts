/** `alur tck`: the score of this engine in the test cases of the DMN TCK below a folder. */
import { Command } from 'commander';
import { runTestFile, testFilesBelow, type CaseFailure } from '../tck/run.ts';
import { text } from '../texts.ts';

/** Failures that the JSON line lists. */
const listedFailures = 1_000;

interface Options {
  readonly json?: true;
}

export const tckCommand = (): Command =>
  new Command('tck')
    .description(text('tck'))
    .argument('<folder>', text('tckFolder'))
    .option('--json', text('json'))
    .action(async (folder: string, { json }: Options) => {
      const files = filesBelow(folder);
      let passed = 0;
      const failures: CaseFailure[] = [];
      for (const path of files) {
        const score = await runTestFile(path, folder, Date.now());
        passed += score.passed;
        failures.push(...score.failures);
        if (json === true) continue;
        console.log(
          text('tckFile', { file: score.file, passed: score.passed, total: score.passed + score.failures.length }),
        );
        for (const failure of score.failures) console.log(`  ${failure.case}: ${failure.reason}`);
      }
      const failed = failures.length;
      if (json === true) console.log(JSON.stringify({ passed, failed, failures: failures.slice(0, listedFailures) }));
      else console.log(text('tckTotal', { passed, failed }));
      if (failed > 0) process.exitCode = 1;
    });

function filesBelow(folder: string): string[] {
  let files: string[];
  try {
    files = testFilesBelow(folder);
  } catch (error) {
    throw new Error(text('tckNoFolder', { folder, detail: error instanceof Error ? error.message : String(error) }), {
      cause: error,
    });
  }
  if (files.length === 0) throw new Error(text('tckNoFiles', { folder }));
  return files;
}

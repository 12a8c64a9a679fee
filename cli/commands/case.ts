/** `alur case run`: test cases in memory with virtual time, or on the real stack. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { compileOnce } from '../case/compile-once.ts';
import { Coverage } from '../case/coverage.ts';
import { drawCoverage } from '../case/drawing.ts';
import { openDurable } from '../case/durable/installation.ts';
import { findCases } from '../case/files.ts';
import { MemoryEngine } from '../case/memory-engine.ts';
import { coverageLines, figuresOf, resultLine, summaryLine, summaryOf } from '../case/report.ts';
import { runSuite } from '../case/suite.ts';
import type { CaseResult, SuiteOptions } from '../case/suite.ts';
import { demoPassword } from '../options.ts';
import { text } from '../texts.ts';

interface Options {
  readonly durable: boolean;
  readonly url?: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
  readonly coverage: boolean;
  readonly coverageHtml?: string;
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const files = await findCases(paths);
  const compile = compileOnce();
  const coverage = options.coverage || options.coverageHtml !== undefined ? new Coverage(compile) : null;
  const about = {
    ...(coverage === null ? {} : { coverage }),
    onResult: (result: CaseResult) => {
      if (!options.json) console.log(resultLine(result));
    },
  };
  const results =
    options.durable || options.url !== undefined
      ? await runDurable(files, options, about)
      : await runSuite(files, { ...about, open: () => Promise.resolve(new MemoryEngine(compile)) });
  const processes = coverage?.report() ?? [];
  if (options.coverageHtml !== undefined) writeFileSync(options.coverageHtml, await drawCoverage(processes));
  if (options.json && options.coverage) console.log(JSON.stringify({ coverage: processes.map(figuresOf) }));
  if (!options.json) for (const line of coverageLines(processes)) console.log(line);
  const summary = summaryOf(results);
  console.log(options.json ? JSON.stringify(summary) : summaryLine(summary));
  if (summary.failed + summary.skipped > 0) process.exitCode = 1;
}

async function runDurable(
  files: readonly string[],
  options: Options,
  about: Omit<SuiteOptions, 'open'>,
): Promise<CaseResult[]> {
  const durable = await openDurable(options);
  try {
    return await runSuite(files, { ...about, open: durable.open });
  } finally {
    await durable.close();
  }
}

export const caseCommand = (): Command =>
  new Command('case')
    .description(text('case'))
    .addCommand(
      new Command('run')
        .description(text('caseRun'))
        .argument('<paths...>', text('casePaths'))
        .option('--durable', text('caseDurable'), false)
        .option('--url <url>', text('caseUrl'))
        .option('--account <name>', text('account'), 'admin')
        .option('--password <text>', text('password'), demoPassword)
        .option('--coverage', text('caseCoverage'), false)
        .option('--coverage-html <file>', text('caseCoverageHtml'))
        .option('--json', text('json'), false)
        .action(run),
    );

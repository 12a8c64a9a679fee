/** `alur`: a client of the HTTP API for the command line. */
import { Command } from 'commander';
import { batchCommand } from './commands/batch.ts';
import { caseCommand } from './commands/case.ts';
import { convertCommand } from './commands/convert.ts';
import { definitionsCommand } from './commands/definitions.ts';
import { demoCommand } from './commands/demo.ts';
import { feelCommand } from './commands/feel.ts';
import { generateListsCommand } from './commands/generate-lists.ts';
import { generateCommand } from './commands/generate.ts';
import { importListCommand } from './commands/import-list.ts';
import { importCommand } from './commands/import.ts';
import { instanceCommand } from './commands/instance.ts';
import { jobTypesCommand } from './commands/job-types.ts';
import { lintCommand } from './commands/lint.ts';
import { publishCommand } from './commands/publish.ts';
import { regressionCommand } from './commands/regression.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { tckCommand } from './commands/tck.ts';
import { verifyCommand } from './commands/verify.ts';
import { text } from './texts.ts';

const program = new Command('alur')
  .description(text('alur'))
  .addCommand(caseCommand())
  .addCommand(lintCommand())
  .addCommand(publishCommand())
  .addCommand(definitionsCommand())
  .addCommand(schedulesCommand())
  .addCommand(jobTypesCommand())
  .addCommand(regressionCommand())
  .addCommand(tckCommand())
  .addCommand(feelCommand())
  .addCommand(generateCommand())
  .addCommand(convertCommand())
  .addCommand(importCommand())
  .addCommand(generateListsCommand())
  .addCommand(importListCommand())
  .addCommand(demoCommand())
  .addCommand(instanceCommand())
  .addCommand(batchCommand())
  .addCommand(verifyCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

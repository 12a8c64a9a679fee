/** `alur lint`: whether a model can be published, and whether its tokens can get stuck. */
import { Command } from 'commander';
import type { BilingualText } from '#bpmn/admission.ts';
import { hasErrors, lintFile, type Lint } from '../lint/lint-file.ts';
import { text } from '../texts.ts';

/** Exit codes: nothing wrong, errors found, a file could not be read. */
const exitCodes = { clean: 0, errors: 1, unreadable: 2 } as const;

export const lintCommand = (): Command =>
  new Command('lint')
    .description(text('lint'))
    .argument('<files...>', text('lintFiles'))
    .option('--json', text('lintJson'))
    .action(async (files: readonly string[], { json = false }: { readonly json?: boolean }) => {
      let worst: number = exitCodes.clean;
      for (const file of files) worst = Math.max(worst, await report(file, json));
      process.exitCode = worst;
    });

async function report(file: string, json: boolean): Promise<number> {
  let lint: Lint;
  try {
    lint = await lintFile(file);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (json) console.log(JSON.stringify({ file, admission: null, soundness: null, error: detail }));
    else console.error(text('lintUnreadable', { file, detail }));
    return exitCodes.unreadable;
  }
  console.log(json ? JSON.stringify({ file, ...lint }) : linesOf(file, lint).join('\n'));
  return hasErrors(lint) ? exitCodes.errors : exitCodes.clean;
}

function linesOf(file: string, { admission, soundness }: Lint): string[] {
  const problems = admission.entries.flatMap((entry) => entry.problems);
  const lines = [
    ...problems.map(({ code, severity, elementId, line, message, remedy }) => {
      const place = `${elementId ?? '-'}${line === null ? '' : `:${line}`}`;
      return lineOf({ severity, code, place }, message, remedy);
    }),
    ...soundness.findings.map(({ code, severity, elements, path, message, remedy }) => {
      const line = lineOf({ severity, code, place: elements.join(' ') }, message, remedy);
      return path.length === 0 ? line : `${line}\n${text('lintPath', { path: path.join(' → ') })}`;
    }),
  ];
  const states = text(soundness.complete ? 'lintComplete' : 'lintIncomplete', { states: soundness.states });
  return [file, ...lines, ...(lines.length === 0 ? [text('lintClean')] : []), states];
}

const lineOf = (
  where: Readonly<Record<'severity' | 'code' | 'place', string>>,
  { id, en }: BilingualText,
  remedy: BilingualText,
): string => text('lintProblem', { ...where, id, en, remedyId: remedy.id, remedyEn: remedy.en });

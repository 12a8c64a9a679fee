/** A failure in words: what happened, what helps. Texts live in i18n under `problems.<code>`. */
import type { TFunction } from 'i18next';
import { ProblemError } from '#contract/client.ts';
import { fileLimits } from '#contract/file.ts';
import type { Problem } from '#contract/problem.ts';
import { ApiUnreachable } from './api.ts';
import { UnfitFile } from './uploads.ts';

export interface ProblemText {
  readonly title: string;
  readonly remedy: string;
  /** What the server said in particular, in the reader's language. */
  readonly detail: string | null;
}

export function problemOf(error: unknown): Problem | null {
  return error instanceof ProblemError ? error.problem : null;
}

export function problemText(error: unknown, t: TFunction): ProblemText {
  if (error instanceof ApiUnreachable)
    return { title: t('problems.unreachable.title'), remedy: t('problems.unreachable.remedy'), detail: null };
  if (error instanceof UnfitFile)
    return {
      title: t(`files.unfit.${error.why}`, { name: error.fileName }),
      remedy: t('files.unfit.remedy', { size: fileLimits.uploadBytes / 1_048_576 }),
      detail: null,
    };
  const problem = problemOf(error);
  if (problem === null)
    return { title: t('problems.unexpected.title'), remedy: t('problems.unexpected.remedy'), detail: null };
  const { code, title, detail } = problem;
  const told = code !== 'internalError' && code !== 'unavailable' && detail !== '' && detail !== title;
  return { title: t(`problems.${code}.title`), remedy: t(`problems.${code}.remedy`), detail: told ? detail : null };
}

/** Messages by field path, from a problem's `errors`. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  return new Map(
    (problemOf(error)?.errors ?? []).map((entry) => [
      entry.field.replace(/^(body|variables|data)\./, ''),
      entry.message,
    ]),
  );
}

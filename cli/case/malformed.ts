/** What is wrong with a case file, field by field, and what belongs there. */
import type { z } from 'zod';
import { text } from '../texts.ts';

/** Problems told of one file. */
const problemsMost = 10;

const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (place, part) =>
      typeof part === 'number' ? `${place}[${String(part)}]` : place === '' ? String(part) : `${place}.${String(part)}`,
    '',
  );

function problemsOf(issue: z.core.$ZodIssue, at: readonly PropertyKey[]): string[] {
  const path = [...at, ...issue.path];
  const field = placeOf(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => text('fieldUnknown', { field: placeOf([...path, key]) }));
    case 'invalid_type':
      return [text('fieldType', { field, expected: issue.expected })];
    case 'invalid_value':
      return [text('fieldValue', { field, values: issue.values.map(String).join(', ') })];
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? [text('fieldValue', { field, values: issue.options.map(String).join(', ') })]
        : [text('fieldOther', { field, problem: issue.message })];
    default:
      return [text('fieldOther', { field, problem: issue.message })];
  }
}

/** One line. */
export const malformed = (error: z.ZodError): string =>
  text('caseMalformed', {
    problems: error.issues
      .flatMap((issue) => problemsOf(issue, []))
      .slice(0, problemsMost)
      .join('; '),
  });

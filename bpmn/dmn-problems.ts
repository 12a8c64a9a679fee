/** What is wrong with a DMN file, in the shape of an admission problem. */
import { problemOf, type BilingualText, type ProblemCode } from './admission.ts';
import catalog from './dmn-messages.json' with { type: 'json' };
import { idOf, type DmnElement } from './dmn-metamodel.ts';

export interface DecisionProblem {
  readonly code: keyof typeof catalog | ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly elementId: string | null;
  /** 1-based; null when unknown. */
  readonly line: number | null;
  readonly message: BilingualText;
  readonly remedy: BilingualText;
}

export type DecisionProblemCode = keyof typeof catalog;

/** What leaves the rest of the file usable. */
const warnings: ReadonlySet<DecisionProblemCode> = new Set<DecisionProblemCode>([
  'DMN_UNDECIDED',
  'DMN_CONTENT_UNKNOWN',
  'DMN_EXTERNAL_FUNCTION',
]);

/** Longest text of the model that a message repeats. */
const quotedLength = 120;

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(values, name) ? String(values[name]) : place;
    return value.length > quotedLength ? `${value.slice(0, quotedLength)}…` : value;
  });
}

export function decisionProblem(
  code: DecisionProblemCode,
  element: DmnElement | null,
  values: Readonly<Record<string, string | number>> = {},
): DecisionProblem {
  const { message, remedy } = catalog[code];
  return {
    code,
    severity: warnings.has(code) ? 'warning' : 'error',
    elementId: element === null ? null : idOf(element),
    line: null,
    message: { id: fill(message.id, values), en: fill(message.en, values) },
    remedy: { id: fill(remedy.id, values), en: fill(remedy.en, values) },
  };
}

/** A problem of the raw text, before it was read as DMN. */
export const textProblem = (code: ProblemCode, line: number | null, detail: string, limit: number): DecisionProblem =>
  problemOf(code, null, { detail, limit }, line);

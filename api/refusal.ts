/** A request that is refused: the caller's fault or a passing condition, never a bug. Becomes application/problem+json. */
import { problemStatus } from '#contract/problem.ts';
import type { AdmissionProblem, Problem, ProblemCode } from '#contract/problem.ts';
import { fieldText, messageText, reasonText, textsOf } from './texts.ts';
import type { FieldText, Locale, Reason, Values } from './texts.ts';

/** What is wrong with one field. `text` is a code of texts/*.json, or finished text. */
export interface FieldFault {
  readonly field: string;
  readonly text: string;
  readonly values?: Values;
}
interface Particulars {
  readonly values?: Values;
  readonly faults?: readonly FieldFault[];
  readonly admission?: readonly AdmissionProblem[];
  readonly retryAfterSeconds?: number;
}

export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly reason: Reason;
  readonly particulars: Particulars;

  constructor(code: ProblemCode, reason: Reason, particulars: Particulars = {}) {
    super(`${code}: ${reason}`);
    this.name = 'Refusal';
    this.code = code;
    this.reason = reason;
    this.particulars = particulars;
  }
}

const knownField = (text: string): text is FieldText => Object.hasOwn(textsOf('id').fields, text);
export const faultText = (locale: Locale, { text, values }: FieldFault): string =>
  knownField(text) ? fieldText(locale, text, values) : messageText(locale, text);

/** @param instance path of the request. */
export function problemOf(refusal: Refusal, locale: Locale, instance: string): Problem {
  const { code, reason, particulars } = refusal;
  const { faults, admission } = particulars;
  return {
    type: `/docs#problem-${code}`,
    title: textsOf(locale).problems[code],
    status: problemStatus[code],
    detail: reasonText(locale, reason, particulars.values),
    instance,
    code,
    ...(faults === undefined
      ? {}
      : { errors: faults.map((fault) => ({ field: fault.field, message: faultText(locale, fault) })) }),
    ...(admission === undefined ? {} : { admission: [...admission] }),
  };
}

export const notFound = (): Refusal => new Refusal('notFound', 'notFound');

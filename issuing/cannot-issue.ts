/** A paper that cannot be issued as things are: somebody can put it right. */
export type CannotIssueCode =
  /** There is no such case, or not for him who asks. */
  | 'caseUnknown'
  /** Values: `missing`. */
  | 'caseWithoutData'
  /** Values: `count`, `limit`. */
  | 'tooManyLines'
  /** Values: `region`. */
  | 'officeUnknown'
  /** Values: `number`. */
  | 'letterNumberTaken'
  | 'outsideRegion';

export class CannotIssue extends Error {
  readonly code: CannotIssueCode;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(code: CannotIssueCode, values: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = 'CannotIssue';
    this.code = code;
    this.values = values;
  }
}

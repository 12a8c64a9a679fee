/**
 * The admission report: what becomes of each element of an uploaded model, and why. JSON, shown on the diagram. Nothing is ever
 * ignored silently: an element is executed, preserved (kept and shown, the standard gives it no meaning in execution) or rejected.
 */
import { limits } from './limits.ts';
import catalog from './messages.json' with { type: 'json' };
import remedies from './remedies.json' with { type: 'json' };

export type ProblemCode = keyof typeof catalog;
export type RemedyName = keyof typeof remedies;
export type Severity = 'error' | 'warning';
export type Verdict = 'executed' | 'preserved' | 'rejected';

/** A text for people in both languages. */
export interface BilingualText {
  readonly id: string;
  readonly en: string;
}
export interface AdmissionProblem {
  /** Key in messages.json or dmn-messages.json. */
  readonly code: string;
  readonly severity: Severity;
  /** The diagram element to mark; null: the file as a whole. */
  readonly elementId: string | null;
  /** 1-based line in the XML, null when unknown. */
  readonly line: number | null;
  readonly message: BilingualText;
  readonly remedy: BilingualText;
  /** Soundness only: elements and flows of an example way to the element, to be drawn on the diagram. */
  readonly path?: readonly string[];
}
export interface AdmissionEntry {
  /** `definitions` for the file itself. */
  readonly elementId: string;
  /** Name of the XML element, such as `userTask`. */
  readonly elementType: string;
  readonly name: string | null;
  readonly verdict: Verdict;
  readonly problems: readonly AdmissionProblem[];
}
export interface AdmissionReport {
  readonly resourceName: string | null;
  /** No entry is rejected: the model may be published. */
  readonly ok: boolean;
  readonly entries: readonly AdmissionEntry[];
}

/** Values for the `{name}` places of a message and its remedy. A pair differs by language. */
export type ProblemValues = Readonly<Record<string, string | number | BilingualText>>;

/** Longest text of the model that a message repeats. */
const quotedLength = 120;

const shorten = (value: string): string => (value.length > quotedLength ? `${value.slice(0, quotedLength)}…` : value);

function fill(template: string, values: ProblemValues, language: keyof BilingualText): string {
  return template.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return place;
    return typeof value === 'object' ? value[language] : shorten(String(value));
  });
}

/** A text with its `{name}` places filled, in both languages. */
export const fillBoth = (text: BilingualText, values: ProblemValues): BilingualText => ({
  id: fill(text.id, values, 'id'),
  en: fill(text.en, values, 'en'),
});

/** What to do instead of something unsupported; the `{fix}` of a problem. */
export const remedyFor = (name: RemedyName): BilingualText => remedies[name];

/** A problem with its texts from messages.json. */
export function problemOf(
  code: ProblemCode,
  elementId: string | null,
  values: ProblemValues = {},
  line: number | null = null,
): AdmissionProblem & { readonly code: ProblemCode } {
  const { severity, message, remedy } = catalog[code];
  return {
    code,
    severity: severity === 'warning' ? 'warning' : 'error',
    elementId,
    line,
    message: fillBoth(message, values),
    remedy: fillBoth(remedy, values),
  };
}

export const isError = (problem: AdmissionProblem): boolean => problem.severity === 'error';

/** Entry id of the file itself. */
export const fileEntryId = 'definitions';

/** An element as it was found, before its problems are known. */
export interface InventoryItem {
  readonly elementId: string;
  readonly elementType: string;
  readonly name: string | null;
  readonly fate: 'executed' | 'preserved';
}

/** Joins elements and problems; a problem of an element that is not listed goes to the file's own entry. */
export function reportOf(
  resourceName: string | null,
  items: readonly InventoryItem[],
  problems: readonly AdmissionProblem[],
): AdmissionReport {
  const known = new Set(items.map((item) => item.elementId));
  const byElement = new Map<string, AdmissionProblem[]>();
  for (const problem of listable(problems)) {
    const owner = problem.elementId !== null && known.has(problem.elementId) ? problem.elementId : fileEntryId;
    const list = byElement.get(owner) ?? [];
    list.push(problem);
    byElement.set(owner, list);
  }
  const file: InventoryItem = {
    elementId: fileEntryId,
    elementType: 'definitions',
    name: resourceName,
    fate: 'preserved',
  };
  const seen = new Set<string>();
  const entries: AdmissionEntry[] = [];
  for (const { fate, ...item } of byElement.has(fileEntryId) ? [file, ...items] : items) {
    if (seen.has(item.elementId)) continue;
    seen.add(item.elementId);
    const own = byElement.get(item.elementId) ?? [];
    entries.push({ ...item, verdict: own.some(isError) ? 'rejected' : fate, problems: own });
  }
  return { resourceName, ok: !problems.some(isError), entries };
}

/** Each problem once, and no more than people can read; what is left out is said. */
function listable(problems: readonly AdmissionProblem[]): readonly AdmissionProblem[] {
  const distinct = new Map<string, AdmissionProblem>();
  for (const problem of problems) {
    const identity = JSON.stringify([problem.code, problem.elementId, problem.message.en]);
    if (!distinct.has(identity)) distinct.set(identity, problem);
  }
  const all = [...distinct.values()];
  if (all.length <= limits.problems) return all;
  // Errors first, so that none is hidden behind warnings.
  const listed = [...all.filter(isError), ...all.filter((problem) => !isError(problem))].slice(0, limits.problems);
  return [...listed, problemOf('PROBLEMS_OMITTED', null, { count: all.length - limits.problems })];
}

/** The report with problems that were found later, in a wider context. */
export function withProblems(report: AdmissionReport, problems: readonly AdmissionProblem[]): AdmissionReport {
  if (problems.length === 0) return report;
  const items = report.entries.map(({ elementId, elementType, name, verdict }): InventoryItem => {
    return { elementId, elementType, name, fate: verdict === 'preserved' ? 'preserved' : 'executed' };
  });
  return reportOf(report.resourceName, items, [...report.entries.flatMap((entry) => entry.problems), ...problems]);
}

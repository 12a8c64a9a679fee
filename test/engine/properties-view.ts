/** What engine and reference model are compared by after each command. */
import type { Variables } from '#engine/json.ts';

export interface View {
  readonly status: string;
  /** Labels `element@place`; order means nothing in any of the lists. */
  readonly active: readonly string[];
  /** Element ids, since the last look. */
  readonly completed: readonly string[];
  readonly terminated: readonly string[];
  /** With purpose and attempts left. */
  readonly jobs: readonly string[];
  readonly tasks: readonly string[];
  readonly messages: readonly string[];
  readonly signals: readonly string[];
  readonly conditions: readonly string[];
  /** With due time, in ms since the start. */
  readonly timers: readonly string[];
  readonly children: readonly string[];
  readonly incidents: readonly string[];
  /** Of the process. */
  readonly variables: Variables;
}

/** Boundary events of compensation: whether they count as completed is a matter of taste. */
const isComparable = (id: string): boolean => !id.endsWith('undo');

/** What differs, in words; null: nothing. */
export function differenceOf(engine: View, reference: View): string | null {
  const differences: string[] = [];
  for (const key of Object.keys(reference) as (keyof View)[]) {
    const [seen, expected] = [shownAs(engine[key]), shownAs(reference[key])];
    if (seen !== expected) differences.push(`${key}:\n    engine    ${seen}\n    reference ${expected}`);
  }
  return differences.length === 0 ? null : differences.join('\n  ');
}

function shownAs(part: View[keyof View]): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part)) return (part as readonly string[]).filter(isComparable).toSorted().join(' | ');
  const entries = Object.entries(part as Variables).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
}

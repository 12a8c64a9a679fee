/** What the appliers of facts (apply.ts) have in common. */
import type { Seq } from './command.ts';
import { putElement } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Fact } from './fact.ts';
import type { ElementDetail, ElementInstance } from './instance.ts';
import type { Json, Variables } from './json.ts';
import { jsonBytes } from './size.ts';

export type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;
export type Applier<T extends Fact['type']> = (draft: Draft, fact: FactOf<T>) => void;

export function amend(draft: Draft, seq: Seq, change: ElementDetail): void {
  const element = elementOf(draft, seq);
  putElement(draft, { ...element, detail: { ...element.detail, ...change } });
}

export function useSeq(draft: Draft, seq: Seq): void {
  if (seq >= draft.state.nextSeq) draft.state.nextSeq = seq + 1;
}

export function elementOf(draft: Draft, seq: Seq): ElementInstance {
  return required(draft.state.elements[seq], 'element', seq);
}

/** Throws when the record is broken: there is nothing of that number. */
export function required<T>(value: T | undefined, what: string, seq: Seq): T {
  if (value === undefined) throw new Error(`The facts do not fit the state: no ${what} ${seq}.`);
  return value;
}

export const entryBytes = (name: string, value: Json): number => name.length + jsonBytes(value);
export function bytesOf(variables: Variables): number {
  let bytes = 0;
  for (const name of Object.keys(variables)) bytes += entryBytes(name, variables[name] ?? null);
  return bytes;
}

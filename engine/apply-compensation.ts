/** The fold of what can be undone: records of completed activities, while their scope lasts. */
import { amend, bytesOf, elementOf, required, useSeq } from './applying.ts';
import type { Applier } from './applying.ts';
import type { Seq } from './command.ts';
import { attach, attachedTo, detach, put, remove, sizeOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ElementInstance } from './instance.ts';

type Compensation = 'compensationRegistered' | 'compensationStarted' | 'compensationHandlerStarted';

export const compensationAppliers: { readonly [T in Compensation]: Applier<T> } = {
  compensationRegistered: (draft, fact) => {
    const { record, scope, of, elementId, handler, inside, variables } = fact;
    useSeq(draft, record);
    put(draft, 'compensations', record, { scope, of, elementId, handler, inside, variables, holder: null });
    attach(draft, 'compensations', scope, record);
    attach(draft, 'undo', of, record);
    draft.state.variableBytes += bytesOf(variables);
  },
  compensationStarted: (draft, { element, thrower, cancels, restores, records, sequential, reason }) => {
    const compensation = { thrower, cancels, restores, records, sequential };
    amend(draft, element, { compensation: reason === undefined ? compensation : { ...compensation, reason } });
    for (const record of records) hold(draft, record, element);
  },
  compensationHandlerStarted: (draft, { element, record }) => {
    const before = required(elementOf(draft, element).detail?.compensation, 'compensation', element);
    const records = before.records.filter((other) => other !== record);
    amend(draft, element, { compensation: { ...before, records } });
    removeRecord(draft, record);
  },
};

function hold(draft: Draft, seq: Seq, holder: Seq | null): void {
  const record = required(draft.state.compensations[seq], 'compensation record', seq);
  put(draft, 'compensations', seq, { ...record, holder });
}

/** What was completed in a scope that ends is forgotten, unless the scope itself can be undone from the inside: then true. */
export function forgetCompensations(draft: Draft, { seq, detail }: ElementInstance): boolean {
  if (sizeOf(draft, 'compensations') === 0) return false;
  const { restores = null, records = [] } = detail?.compensation ?? {};
  if (restores !== null) forgetInside(draft, restores);
  // what an interrupted compensation has not begun to undo can be undone by another
  for (const record of records) if (draft.state.compensations[record]) hold(draft, record, null);
  const isKept = [...attachedTo(draft, seq, 'undo')].some((record) => draft.state.compensations[record]?.inside);
  if (!isKept) forgetInside(draft, seq);
  return isKept;
}

function forgetInside(draft: Draft, scope: Seq): void {
  const open = [scope];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const record of attachedTo(draft, at, 'compensations')) {
      const inside = draft.state.compensations[record]?.of;
      removeRecord(draft, record);
      if (inside !== undefined) open.push(inside);
    }
  }
}

export function removeRecord(draft: Draft, seq: Seq): void {
  const record = required(draft.state.compensations[seq], 'compensation record', seq);
  remove(draft, 'compensations', seq);
  detach(draft, 'compensations', record.scope, seq);
  detach(draft, 'undo', record.of, seq);
  draft.state.variableBytes -= bytesOf(record.variables);
}

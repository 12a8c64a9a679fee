/** How a recorded case would have ended on another model or engine, and where its course first parts from the record. */
import { stateAfter } from '../apply.ts';
import type { Fact, RecordedFact } from '../fact.ts';
import type { InstanceState } from '../instance.ts';
import type { ElementId, ProcessModel } from '../model.ts';
import { inputsOf } from './inputs.ts';
import { rerun } from './rerun.ts';
import type { Submission } from './rerun.ts';
import { textOf } from './text-of.ts';

export interface Ending {
  readonly status: InstanceState['status'];
  readonly endElements: readonly ElementId[];
}
/** The first thing that happens otherwise: in words such as `+periksa` (begins), `-periksa` (ends), `xperiksa` (is withdrawn). */
export interface Parting {
  /** Of the record; null: the record was over. */
  readonly factNumber: number | null;
  readonly recorded: string | null;
  readonly candidate: string | null;
}
export type Comparison =
  /** Ends as it did; `variables`: names whose values at the end are others. */
  | { readonly kind: 'same'; readonly variables: readonly string[]; readonly parting: Parting | null }
  | { readonly kind: 'different'; readonly before: Ending; readonly after: Ending; readonly parting: Parting | null }
  /** A form would not take what somebody handed in then. */
  | {
      readonly kind: 'refused';
      readonly factNumber: number;
      readonly elementId: ElementId;
      readonly fields: readonly string[];
    }
  /** It would wait for something that the record has no answer to. */
  | { readonly kind: 'open'; readonly waitsAt: readonly ElementId[]; readonly parting: Parting | null }
  /** A person changed its course by hand, from this fact on. */
  | { readonly kind: 'notComparable'; readonly factNumber: number };

/** Names of the fields that a form refuses. */
export type Judge = (submission: Submission) => readonly string[];

/** `facts`: those of an instance that has ended, from its start. Throws when they are not. `judge`: the forms; absent: they take everything. */
export function compareWith(process: ProcessModel, facts: readonly RecordedFact[], judge?: Judge): Comparison {
  const recorded = inputsOf(facts);
  if (recorded.changedByHand !== null) return { kind: 'notComparable', factNumber: recorded.changedByHand };
  const before = stateAfter(facts);
  let refused: Comparison | null = null;
  const { state: after, facts: candidate } = rerun(process, recorded, (submission) => {
    const fields = judge?.(submission) ?? [];
    const { factNumber, elementId } = submission;
    if (fields.length > 0) refused ??= { kind: 'refused', factNumber, elementId, fields };
  });
  if (refused) return refused;
  const parting = partingOf(facts, candidate);
  if (after.status === 'active') return { kind: 'open', waitsAt: waitingIn(after), parting };
  const endings = [endingOf(before), endingOf(after)] as const;
  if (JSON.stringify(endings[0]) !== JSON.stringify(endings[1])) {
    return { kind: 'different', before: endings[0], after: endings[1], parting };
  }
  return { kind: 'same', variables: differingVariables(before, after), parting };
}

const endingOf = ({ status, endElements }: InstanceState): Ending => ({ status, endElements: endElements.toSorted() });

function waitingIn({ elements }: InstanceState): ElementId[] {
  const waiting = Object.values(elements).filter(({ seq, children }) => seq !== 0 && children === 0);
  return [...new Set(waiting.map(({ elementId }) => elementId))];
}

function differingVariables(before: InstanceState, after: InstanceState): string[] {
  const [ours, theirs] = [before.elements[0]?.variables ?? {}, after.elements[0]?.variables ?? {}];
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...names].filter((name) => textOf(ours[name]) !== textOf(theirs[name])).toSorted();
}
function partingOf(recorded: readonly RecordedFact[], candidate: readonly Fact[]): Parting | null {
  const before = recorded.flatMap(({ number, fact }) => {
    const word = wordOf(fact);
    return word === null ? [] : [{ number, word }];
  });
  const after = candidate.flatMap((fact) => wordOf(fact) ?? []);
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index++) {
    const [was, is] = [before[index], after[index]];
    if (was?.word !== is) {
      return { factNumber: was?.number ?? null, recorded: was?.word ?? null, candidate: is ?? null };
    }
  }
  return null;
}

/** null: not part of the course of a case. */
function wordOf(fact: Fact): string | null {
  switch (fact.type) {
    case 'elementActivated':
      return `+${fact.elementId}`;
    case 'elementCompleted':
      return `-${fact.elementId}`;
    case 'elementTerminated':
      return `x${fact.elementId}`;
    case 'incidentRaised':
      return `!${fact.elementId} ${fact.code}`;
    case 'decisionEvaluated':
      return `${fact.explanation.decisionId} = ${textOf(fact.explanation.output)}`;
    default:
      return null;
  }
}

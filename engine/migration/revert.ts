/**
 * Back to where a migrated case came from, as long as it has not moved since: the inverse of what its migration was told, for the elements
 * that were active then. Assigning a task, suspending, another attempt of a job and the like are no moves.
 */
import { stateAfter } from '../apply.ts';
import type { ElementMapping } from '../command.ts';
import type { Fact, FactType, RecordedFact } from '../fact.ts';
import type { InstanceState } from '../instance.ts';

/** What may have happened since. */
const neutral: ReadonlySet<FactType> = new Set<FactType>([
  'interventionMade',
  'instanceSuspended',
  'instanceResumed',
  'stepPaused',
  'stepResumed',
  'commandKept',
  'userTaskAssigned',
  'userTaskUpdated',
  'userTaskChangeRequested',
  'userTaskChangeCorrected',
  'userTaskChangeDenied',
  'userTaskChangeAllowed',
  'timerRescheduled',
  'jobRescheduled',
  'jobRetriesChanged',
  'jobFailed',
  'jobRetried',
  'incidentRaised',
  'incidentResolved',
]);
/** What a migration itself does besides, that its inverse undoes. */
const ownTypes: ReadonlySet<FactType> = new Set<FactType>([
  'elementMigrated',
  'waitMigrated',
  'elementActivated',
  'elementTerminated',
  'tokensConsumed',
  'gatewayPhaseChanged',
  'variablesSet',
  'userTaskCreated',
  'userTaskCanceled',
  'jobCreated',
  'jobCanceled',
  'childCalled',
  'childCanceled',
  'timerSet',
  'timerCanceled',
  'messageSubscriptionOpened',
  'messageSubscriptionClosed',
  'signalSubscriptionOpened',
  'signalSubscriptionClosed',
  'conditionWatched',
  'conditionWithdrawn',
  'conditionChanged',
  'eventPartOccurred',
  'eventPartsConsumed',
]);

export type Reversal =
  | {
      readonly possible: true;
      readonly definitionKey: string;
      readonly version: number;
      readonly mapping: readonly ElementMapping[];
    }
  | {
      readonly possible: false;
      /** `neverMigrated`; `moved`: `by` says by what fact; `ambiguous`: `by` stands for several elements that were active. */
      readonly reason: 'neverMigrated' | 'moved' | 'ambiguous';
      readonly by: string | null;
    };

/**
 * `before`: the state the migration met, `migration`: the facts of its own step, `since`: those after it. A token that the migration let go
 * on, and an element that it began anew and that has ended since, have moved.
 */
export function reversalOf(before: InstanceState, migration: readonly Fact[], since: readonly Fact[]): Reversal {
  const migrated = migration.find((fact) => fact.type === 'instanceMigrated');
  if (migrated?.type !== 'instanceMigrated') return { possible: false, reason: 'neverMigrated', by: null };
  const mover = migration.find((fact) => !isOwn(fact)) ?? since.find(({ type }) => !neutral.has(type));
  if (mover) return { possible: false, reason: 'moved', by: mover.type };
  const mapping: ElementMapping[] = [];
  for (const id of idsIn(before)) {
    const target = Object.hasOwn(migrated.renamed, id) ? (migrated.renamed[id] ?? id) : id;
    if (mapping.some((pair) => pair.source === target)) return { possible: false, reason: 'ambiguous', by: target };
    mapping.push({ source: target, target: id });
  }
  const { fromDefinitionKey: definitionKey, fromVersion: version } = migrated;
  const inverse = mapping.filter(({ source, target }) => source !== target);
  return { possible: true, definitionKey, version, mapping: [...inverse, ...others(migrated.renamed, mapping)] };
}

const isOwn = (fact: Fact): boolean =>
  neutral.has(fact.type) ||
  ownTypes.has(fact.type) ||
  fact.type === 'instanceMigrated' ||
  (fact.type === 'sequenceFlowTaken' && fact.waits === true);

/** Elements that are active, that wait and that are remembered. */
const idsIn = ({ elements, timers, subscriptions, signalSubscriptions, conditions }: InstanceState): Set<string> =>
  new Set(
    [elements, timers, subscriptions, signalSubscriptions, conditions].flatMap((table) =>
      Object.values(table as Readonly<Record<string, { readonly elementId: string; readonly seq?: number }>>)
        .filter(({ seq }) => seq !== 0)
        .map(({ elementId }) => elementId),
    ),
  );

/** Elements that nothing stood at: who completed them is to be found under their old id again. */
function others(
  renamed: Readonly<Record<string, string>>,
  mapping: readonly ElementMapping[],
): readonly ElementMapping[] {
  const known = new Set(mapping.map(({ source }) => source));
  return Object.entries(renamed).flatMap(([from, to]) => {
    if (known.has(to)) return [];
    known.add(to);
    return [{ source: to, target: from }];
  });
}

/** The same from the record of an instance: of its last migration. `commandKey` tells the facts of one step from those of the next. */
export function reversalIn(facts: readonly (RecordedFact & { readonly commandKey: string | null })[]): Reversal {
  const at = facts.findLastIndex(({ fact }) => fact.type === 'instanceMigrated');
  const migration = facts[at];
  if (!migration) return { possible: false, reason: 'neverMigrated', by: null };
  // its step: one command, one moment
  const after = facts.slice(at);
  const end = after.findIndex(({ commandKey, atMs }) => commandKey !== migration.commandKey || atMs !== migration.atMs);
  const [own, since] = end === -1 ? [after, []] : [after.slice(0, end), after.slice(end)];
  const of = (some: typeof after): Fact[] => some.map(({ fact }) => fact);
  return reversalOf(stateAfter(facts.slice(0, at)), of(own), of(since));
}

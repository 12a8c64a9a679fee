/** Drives an instance as people and machines would: one thing that is open is done at a time. */
import type { Command, Seq } from '#engine/command.ts';
import type { ConditionState, InstanceState } from '#engine/instance.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import type { Chance } from './seeded.ts';

export interface Deed {
  readonly command: Command;
  /** Time passes until then first; absent: none does. */
  readonly atMs?: number;
}

/** Everything that can be done next. `isEnding`: only what brings the instance nearer to its end. */
export function deedsFor(model: ProcessModel, state: InstanceState, isEnding: boolean): Deed[] {
  const work = [...jobs(state), ...tasks(state), ...children(state)];
  const events = catches(state, isEnding);
  const due = earliestDueMs(state);
  const timers: Deed[] = due === null ? [] : [{ command: { type: 'fireDue' }, atMs: due }];
  const flags = conditions(model, state, isEnding);
  const all = [work, events, timers, flags, choices(model, state)];
  return isEnding ? (all.find((deeds) => deeds.length > 0) ?? []) : [...all.flat(), ...incidents(state)];
}

const entries = <T>(table: Readonly<Record<Seq, T>>): [Seq, T][] =>
  Object.entries(table).map(([seq, entry]) => [Number(seq), entry]);

const jobs = (state: InstanceState): Deed[] =>
  entries(state.jobs)
    .filter(([, { retries, retryAtMs }]) => retries > 0 && retryAtMs === null)
    .map(([job]) => ({ command: { type: 'completeJob', job, variables: {} } }));

const tasks = (state: InstanceState): Deed[] =>
  entries(state.userTasks)
    .filter(([, { pending }]) => pending === null)
    .map(([task]) => ({ command: { type: 'completeUserTask', task, variables: {} } }));

const children = (state: InstanceState): Deed[] =>
  entries(state.children).map(([element]) => ({
    command: { type: 'endChild', element, outcome: { type: 'completed', variables: {} } },
  }));

export const incidents = (state: InstanceState): Deed[] =>
  entries(state.incidents).map(([incident]) => ({ command: { type: 'resolveIncident', incident, retries: null } }));

/** Whether the element itself waits for it: what comes beside it is not needed for the end. */
function isOwn(state: InstanceState, { element, elementId }: Omit<ConditionState, 'closesOnTrue' | 'holds' | 'part'>) {
  const owner = state.elements[element];
  return owner?.elementId === elementId || owner?.type === 'eventBasedGateway';
}

function catches(state: InstanceState, isEnding: boolean): Deed[] {
  const messages = entries(state.subscriptions).filter(([, one]) => !isEnding || isOwn(state, one));
  const signals = entries(state.signalSubscriptions).filter(([, one]) => !isEnding || isOwn(state, one));
  return [
    ...messages.map(([subscription]): Deed => ({
      command: { type: 'correlateMessage', subscription, messageKey: '1', variables: {} },
    })),
    ...signals.map(([subscription]): Deed => ({
      command: { type: 'receiveSignal', subscription, signalKey: '1', variables: {} },
    })),
  ];
}

/** A flag that something waits for changes. */
function conditions(model: ProcessModel, state: InstanceState, isEnding: boolean): Deed[] {
  const watched = Object.values(state.conditions).filter((one) => !isEnding || isOwn(state, one));
  const flags = new Set(watched.flatMap(({ elementId }) => flagsOf(model.nodes[elementId])));
  return [...flags].map((flag) => {
    const isUp = state.elements[0]?.variables[flag] === 1;
    return raise(flag, isUp ? 0 : 1);
  });
}

const raise = (flag: string, value: number): Deed => ({
  command: { type: 'setVariables', scope: 0, variables: { [flag]: value }, local: true },
});

function flagsOf(node: FlowNode | undefined): string[] {
  const trigger = node && 'trigger' in node ? node.trigger : null;
  if (!trigger) return [];
  const singles = 'triggers' in trigger ? trigger.triggers : [trigger];
  return singles.flatMap((single) => (single.type === 'conditional' ? [...single.conditional.reads] : []));
}

/** Ad-hoc sub-processes in which nothing is active: what ends them, then something that they hold. */
function choices(model: ProcessModel, state: InstanceState): Deed[] {
  return Object.values(state.elements).flatMap(({ seq, elementId, type, children: within }): Deed[] => {
    const node = model.nodes[elementId];
    if (type !== 'adHocSubProcess' || node?.type !== type || within > 0) return [];
    const [flag = ''] = node.completionCondition?.source.split(' ') ?? [];
    if (flag !== '' && state.elements[0]?.variables[flag] !== 1) return [raise(flag, 1)];
    const [first = ''] = node.startElements;
    const elements = [{ elementId: first, variables: {} }];
    return [{ command: { type: 'activateAdHocElements', element: seq, elements, cancelRemainingInstances: false } }];
  });
}

/** The same without time that passes: what is due next is brought about by hand. */
export const timeless = (deeds: readonly Deed[], { timers }: InstanceState): Deed[] =>
  deeds.flatMap(({ command, atMs }): Deed[] => {
    if (command.type !== 'fireDue') return [{ command }];
    const [timer] = entries(timers).find(([, { dueMs }]) => dueMs === atMs) ?? [];
    return timer === undefined ? [] : [{ command: { type: 'fireTimer', timer } }];
  });

/** What machines report instead of success. */
export function mishap(chance: Chance, state: InstanceState): Deed | null {
  const open = entries(state.jobs).filter(([, { retries }]) => retries > 0);
  if (open.length === 0) return null;
  const [job] = chance.of(open);
  return { command: { type: 'failJob', job, retries: chance.below(2), message: 'gagal', retryAfterMs: 1_000 } };
}

/** Random commands for an instance as it is: half of them mean something, the others are nonsense of the right type. */
import type { Command, ModifyInstruction, Seq, TaskListenerResult, UserTaskChanges } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import type { ProcessModel } from '#engine/model.ts';
import { oddNames, oddNumber, oddText, oddVariables } from './fuzz-json.ts';
import { startOf } from './properties-engine.ts';
import type { Chance } from './seeded.ts';

/** What is drawn from. */
export interface Target {
  readonly model: ProcessModel;
  readonly state: InstanceState;
  /** What an instance should be started with; more often than not it is. */
  readonly variables: Variables;
  /** Variables that the model reads. */
  readonly names: readonly string[];
  /** Codes of errors and escalations in it. */
  readonly codes: readonly string[];
}

type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;
type Drawers = { readonly [T in Command['type']]: (chance: Chance, target: Target) => CommandOf<T> };
type SeqTable = Readonly<Record<Seq, unknown>>;

/** How often each is drawn. */
const weights: { readonly [T in Command['type']]: number } = {
  startInstance: 1,
  completeUserTask: 12,
  assignUserTask: 3,
  updateUserTask: 3,
  completeJob: 16,
  failJob: 5,
  throwJobError: 4,
  fireDue: 8,
  correlateMessage: 8,
  receiveSignal: 6,
  throwEscalation: 3,
  activateAdHocElements: 4,
  continue: 1,
  endChild: 5,
  resolveIncident: 5,
  setVariables: 6,
  cancelInstance: 1,
  suspendInstance: 2,
  resumeInstance: 6,
  updateTimer: 2,
  fireTimer: 3,
  retryJob: 3,
  updateJob: 2,
  modifyInstance: 4,
  sendBack: 3,
  migrateInstance: 3,
};
const kinds = (Object.keys(weights) as Command['type'][]).map((type) => [weights[type], type] as const);

/** What the commands of a type are about; absent: the instance. */
const subjects: { readonly [T in Command['type']]?: keyof InstanceState } = {
  completeUserTask: 'userTasks',
  assignUserTask: 'userTasks',
  updateUserTask: 'userTasks',
  completeJob: 'jobs',
  failJob: 'jobs',
  throwJobError: 'jobs',
  fireDue: 'timers',
  updateTimer: 'timers',
  fireTimer: 'timers',
  retryJob: 'jobs',
  updateJob: 'jobs',
  correlateMessage: 'subscriptions',
  receiveSignal: 'signalSubscriptions',
  endChild: 'children',
  resolveIncident: 'incidents',
};

/** The first command is a start more often than not. */
export function oddCommand(chance: Chance, target: Target): Command {
  const { state } = target;
  if (state.status === 'new' && !chance.once(10)) return drawers.startInstance(chance, target);
  const sensible = kinds.filter(([, type]) => isSensible(state, type));
  const type = chance.weighted(chance.once(8) ? kinds : sensible);
  return drawers[type](chance, target);
}

/** Whether there is something for it. */
function isSensible(state: InstanceState, type: Command['type']): boolean {
  // cancelling ends the fun
  if (type === 'startInstance' || type === 'cancelInstance') return false;
  if (type === 'activateAdHocElements')
    return Object.values(state.elements).some((one) => one.type === 'adHocSubProcess');
  const subject = subjects[type];
  return subject === undefined || Object.keys(state[subject] as SeqTable).length > 0;
}

/** A number that the table has, or any. */
function seqIn(chance: Chance, table: SeqTable): Seq {
  const known = Object.keys(table);
  return known.length > 0 && !chance.once(6) ? Number(chance.of(known)) : oddNumber(chance);
}
const elementIn = (chance: Chance, { state }: Target, type: string): Seq => {
  const fitting = Object.values(state.elements).filter((element) => element.type === type);
  return fitting.length > 0 && !chance.once(6) ? chance.of(fitting).seq : seqIn(chance, state.elements);
};
const codeIn = (chance: Chance, { codes }: Target): string =>
  codes.length > 0 && !chance.once(4) ? chance.of(codes) : oddText(chance);
const orNull = <T>(chance: Chance, value: T): T | null => (chance.once(3) ? null : value);
const variablesFor = (chance: Chance, { names }: Target) => oddVariables(chance, names);

const drawers: Drawers = {
  startInstance: (chance, target) => {
    const { startElements } = target.model;
    const variables = chance.once(5) ? variablesFor(chance, target) : target.variables;
    const start = startOf(variables, chance.once(4)) as CommandOf<'startInstance'>;
    const startElement = startElements.length > 0 && chance.once(3) ? chance.of(startElements) : null;
    return { ...start, startElement: chance.once(30) ? oddText(chance) : startElement };
  },
  completeUserTask: (chance, target) => ({
    type: 'completeUserTask',
    task: seqIn(chance, target.state.userTasks),
    variables: variablesFor(chance, target),
  }),
  assignUserTask: (chance, { state }) => ({
    type: 'assignUserTask',
    task: seqIn(chance, state.userTasks),
    assignee: orNull(chance, oddText(chance)),
    allowOverride: chance.once(2),
  }),
  updateUserTask: (chance, { state }) => {
    const { assignee: _, ...changes } = oddChanges(chance);
    return { type: 'updateUserTask', task: seqIn(chance, state.userTasks), changes };
  },
  completeJob: (chance, target) => {
    const command = { job: seqIn(chance, target.state.jobs), variables: variablesFor(chance, target) };
    return chance.once(4)
      ? { type: 'completeJob', ...command, result: oddResult(chance) }
      : { type: 'completeJob', ...command };
  },
  failJob: (chance, { state }) => ({
    type: 'failJob',
    job: seqIn(chance, state.jobs),
    retries: orNull(chance, chance.once(3) ? oddNumber(chance) : chance.below(3)),
    message: oddText(chance),
    retryAfterMs: orNull(chance, oddNumber(chance)),
  }),
  throwJobError: (chance, target) => ({
    type: 'throwJobError',
    job: seqIn(chance, target.state.jobs),
    code: codeIn(chance, target),
    message: oddText(chance),
    variables: variablesFor(chance, target),
  }),
  fireDue: () => ({ type: 'fireDue' }),
  correlateMessage: (chance, target) => ({
    type: 'correlateMessage',
    subscription: seqIn(chance, target.state.subscriptions),
    messageKey: oddText(chance),
    variables: variablesFor(chance, target),
  }),
  receiveSignal: (chance, target) => ({
    type: 'receiveSignal',
    subscription: seqIn(chance, target.state.signalSubscriptions),
    signalKey: oddText(chance),
    variables: variablesFor(chance, target),
  }),
  throwEscalation: (chance, target) => ({
    type: 'throwEscalation',
    element: seqIn(chance, target.state.elements),
    code: codeIn(chance, target),
    variables: variablesFor(chance, target),
  }),
  activateAdHocElements: (chance, target) => {
    const element = elementIn(chance, target, 'adHocSubProcess');
    const node = target.model.nodes[target.state.elements[element]?.elementId ?? ''];
    const known = node?.type === 'adHocSubProcess' ? node.startElements : [];
    const elements = Array.from({ length: chance.below(4) }, () => ({
      elementId: known.length > 0 && !chance.once(6) ? chance.of(known) : oddText(chance),
      variables: variablesFor(chance, target),
    }));
    return { type: 'activateAdHocElements', element, elements, cancelRemainingInstances: chance.once(3) };
  },
  continue: () => ({ type: 'continue' }),
  endChild: (chance, target) => ({
    type: 'endChild',
    element: seqIn(chance, target.state.children),
    outcome: oddOutcome(chance, target),
  }),
  resolveIncident: (chance, { state }) => ({
    type: 'resolveIncident',
    incident: seqIn(chance, state.incidents),
    retries: orNull(chance, oddNumber(chance)),
  }),
  setVariables: (chance, target) => ({
    type: 'setVariables',
    scope: chance.once(2) ? 0 : seqIn(chance, target.state.elements),
    variables: variablesFor(chance, target),
    local: chance.once(2),
  }),
  cancelInstance: (chance) => ({
    type: 'cancelInstance',
    reason: oddText(chance),
    ...(chance.once(2) ? { compensate: true } : {}),
  }),
  suspendInstance: () => ({ type: 'suspendInstance' }),
  resumeInstance: () => ({ type: 'resumeInstance' }),
  updateTimer: (chance, { state }) => ({
    type: 'updateTimer',
    timer: seqIn(chance, state.timers),
    dueMs: oddNumber(chance),
  }),
  fireTimer: (chance, { state }) => ({ type: 'fireTimer', timer: seqIn(chance, state.timers) }),
  retryJob: (chance, { state }) => ({
    type: 'retryJob',
    job: seqIn(chance, state.jobs),
    retries: chance.once(3) ? oddNumber(chance) : 1 + chance.below(3),
  }),
  updateJob: (chance, { state }) => ({
    type: 'updateJob',
    job: seqIn(chance, state.jobs),
    retries: chance.once(3) ? oddNumber(chance) : 1 + chance.below(3),
  }),
  modifyInstance: (chance, target) => ({
    type: 'modifyInstance',
    instructions: Array.from({ length: chance.below(4) }, () => oddInstruction(chance, target)),
  }),
  sendBack: (chance, target) => ({
    type: 'sendBack',
    to: nodeIn(chance, target),
    from: orNull(chance, seqIn(chance, target.state.elements)),
  }),
  migrateInstance: (chance, target) => ({
    type: 'migrateInstance',
    target: target.model,
    modelSha256: 'f'.repeat(64),
    definitionKey: '2',
    version: 2,
    mapping: chance.once(3) ? [{ source: nodeIn(chance, target), target: nodeIn(chance, target) }] : [],
    timers: chance.once(3)
      ? { [nodeIn(chance, target)]: chance.once(2) ? 'restart' : { dueMs: oddNumber(chance) } }
      : {},
  }),
};

const nodeIn = (chance: Chance, { model }: Target): string =>
  chance.once(8) ? oddText(chance) : chance.of(Object.keys(model.nodes));

function oddInstruction(chance: Chance, target: Target): ModifyInstruction {
  const variables = chance.once(3)
    ? [{ scopeId: orNull(chance, nodeIn(chance, target)), variables: variablesFor(chance, target) }]
    : [];
  const element = seqIn(chance, target.state.elements);
  const ancestor = chance.once(3) ? element : null;
  const draw = chance.weighted<() => ModifyInstruction>([
    [4, () => ({ type: 'activate', elementId: nodeIn(chance, target), ancestor, variables })],
    [3, () => ({ type: 'terminate', element })],
    [1, () => ({ type: 'terminateAll', elementId: nodeIn(chance, target) })],
    [
      4,
      () => ({
        type: 'move',
        source: chance.once(3) ? { elementId: nodeIn(chance, target) } : { element },
        targetElementId: nodeIn(chance, target),
        ancestor,
        variables,
      }),
    ],
  ]);
  return draw();
}

function oddChanges(chance: Chance): UserTaskChanges {
  return {
    ...(chance.once(2) ? { assignee: orNull(chance, oddText(chance)) } : {}),
    ...(chance.once(3) ? { candidateGroups: [oddText(chance), oddText(chance)] } : {}),
    ...(chance.once(3) ? { candidateUsers: [...oddNames] } : {}),
    ...(chance.once(3) ? { dueMs: orNull(chance, oddNumber(chance)) } : {}),
    ...(chance.once(3) ? { followUpMs: orNull(chance, oddNumber(chance)) } : {}),
    ...(chance.once(3) ? { priority: oddNumber(chance) } : {}),
  };
}

const oddResult = (chance: Chance): TaskListenerResult => ({
  denied: chance.once(2),
  deniedReason: orNull(chance, 'x'.repeat(chance.below(2 * limits.messageLength))),
  corrections: oddChanges(chance),
});

function oddOutcome(chance: Chance, target: Target): CommandOf<'endChild'>['outcome'] {
  const variables = variablesFor(chance, target);
  const draw = chance.weighted<() => CommandOf<'endChild'>['outcome']>([
    [6, () => ({ type: 'completed', variables })],
    [2, () => ({ type: 'error', code: codeIn(chance, target), message: oddText(chance), variables })],
    [1, () => ({ type: 'terminated' })],
    [1, () => ({ type: 'notStarted', message: oddText(chance) })],
  ]);
  return draw();
}

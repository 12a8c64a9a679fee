/** State is the fold of facts and nothing else. Every fact is named here; a new one does not compile until it is. */
import { amend, bytesOf, elementOf, entryBytes, required, useSeq } from './applying.ts';
import type { Applier, FactOf } from './applying.ts';
import { compensationAppliers, forgetCompensations } from './apply-compensation.ts';
import { migrateElement, migrateInstance, migrateWait } from './apply-migration.ts';
import type { KeptCommand, Seq } from './command.ts';
import type { Draft } from './draft.ts';
import {
  attach,
  detach,
  draftOf,
  forget,
  put,
  putElement,
  remove,
  stateOf,
  writableCounters,
  writableOutputs,
} from './draft.ts';
import { addDue } from './due-heap.ts';
import type { Fact } from './fact.ts';
import type { AdHocState, ElementInstance, InstanceState } from './instance.ts';
import { hasAny } from './json.ts';
import type { Json, Variables } from './json.ts';
import { jsonBytes } from './size.ts';

/** The state before the first fact. */
export function initialState(): InstanceState {
  return {
    format: 3,
    status: 'new',
    instanceKey: '',
    processId: '',
    definitionKey: '',
    version: 0,
    businessKey: null,
    region: null,
    parent: null,
    nextSeq: 1,
    factNumber: 0,
    elements: {},
    userTasks: {},
    jobs: {},
    timers: {},
    subscriptions: {},
    signalSubscriptions: {},
    conditions: {},
    compensations: {},
    children: {},
    incidents: {},
    completedBy: {},
    endElements: [],
    held: null,
    paused: null,
    suspendedAtMs: null,
    kept: [],
    variableBytes: 0,
  };
}

/** One fact further. For many facts at once `applyAll` copies less. */
export function apply(state: InstanceState, fact: Fact): InstanceState {
  return applyAll(state, [fact]);
}

export function applyAll(state: InstanceState, facts: Iterable<Fact>): InstanceState {
  const draft = draftOf(state);
  for (const fact of facts) applyTo(draft, fact);
  return stateOf(draft);
}

/** The state that a record leads to, from the first fact of the instance on. */
export const stateAfter = (record: readonly { readonly fact: Fact }[]): InstanceState =>
  applyAll(
    initialState(),
    record.map(({ fact }) => fact),
  );

/** Folds the fact into the working copy. Throws on a fact that cannot follow this state: the record is broken. */
export function applyTo(draft: Draft, fact: Fact): void {
  draft.state.factNumber += 1;
  (appliers[fact.type] as Applier<Fact['type']>)(draft, fact);
}

/** No more than one line says it: this fact changes nothing that `step` reads. */
const changesNothing = (): void => undefined;

const appliers: { readonly [T in Fact['type']]: Applier<T> } = {
  instanceStarted: start,
  instanceCompleted: (draft) => void (draft.state.status = 'completed'),
  instanceTerminated: (draft) => void (draft.state.status = 'terminated'),
  instanceErrored: (draft) => void (draft.state.status = 'errored'),
  elementActivated: activate,
  elementCompleted: leave,
  elementTerminated: leave,
  sequenceFlowTaken: (draft, fact) => {
    if (fact.waits === true) addToken(draft, fact);
  },
  tokensConsumed: removeTokens,
  gatewayPhaseChanged: (draft, { scope, elementId, received }) => {
    const { [elementId]: _before, ...others } = elementOf(draft, scope).detail?.received ?? {};
    amend(draft, scope, { received: received === null ? others : { ...others, [elementId]: received } });
  },
  loopStarted: (draft, fact) => {
    const outputs: Json[] = fact.collects ? Array.from({ length: fact.count }, () => null) : [];
    const { count, items } = fact;
    const loop = { count, items, created: 0, completed: 0, terminated: 0, bytes: 0, outputs };
    putElement(draft, { ...elementOf(draft, fact.element), loop });
    countLoopBytes(draft, fact.element, jsonBytes(items));
  },
  standardLoopStarted: (draft, { element, count }) => {
    const loop = { count, items: [], created: 0, completed: 0, terminated: 0, bytes: 0, outputs: [] };
    putElement(draft, { ...elementOf(draft, element), loop });
  },
  loopOutputCollected: (draft, fact) => {
    writableOutputs(draft, elementOf(draft, fact.element))[fact.loopCounter - 1] = fact.output;
    countLoopBytes(draft, fact.element, jsonBytes(fact.output));
  },
  adHocElementsChosen: (draft, { element, elements }) => {
    const before = adHocOf(draft, element);
    amend(draft, element, { adHoc: { ...before, chosen: [...before.chosen, ...elements] } });
  },
  adHocElementStarted: (draft, { element }) => {
    const before = adHocOf(draft, element);
    amend(draft, element, { adHoc: { ...before, chosen: before.chosen.slice(1), started: before.started + 1 } });
  },
  adHocOutputCollected: (draft, { element, output }) => {
    const before = adHocOf(draft, element);
    const bytes = jsonBytes(output);
    draft.state.variableBytes += bytes;
    amend(draft, element, {
      adHoc: { ...before, bytes: before.bytes + bytes, outputs: [...before.outputs, output] },
    });
  },
  adHocClosed: (draft, { element }) =>
    amend(draft, element, { adHoc: { ...adHocOf(draft, element), chosen: [], closed: true } }),
  variablesSet: (draft, fact) => setVariables(draft, fact.scope, fact.variables),
  userTaskCreated: (draft, fact) => {
    const task = { assignee: fact.assignee, excludedUsers: fact.excludedUsers, pending: null };
    put(draft, 'userTasks', fact.task, task);
  },
  userTaskUpdated: changesNothing,
  userTaskChangeRequested: (draft, { task, event, by, variables, changes }) => {
    // a task that is being created has no entry yet
    const before = draft.state.userTasks[task] ?? { assignee: null, excludedUsers: [] };
    put(draft, 'userTasks', task, { ...before, pending: { event, by, variables, changes } });
    draft.state.variableBytes += bytesOf(variables);
  },
  userTaskChangeCorrected: (draft, { task: seq, changes }) => {
    const task = required(draft.state.userTasks[seq], 'user task', seq);
    const pending = task.pending && { ...task.pending, changes: { ...task.pending.changes, ...changes } };
    put(draft, 'userTasks', seq, { ...task, pending });
  },
  userTaskChangeDenied: endChange,
  userTaskChangeAllowed: endChange,
  userTaskAssigned: (draft, fact) => {
    const task = required(draft.state.userTasks[fact.task], 'user task', fact.task);
    put(draft, 'userTasks', fact.task, { ...task, assignee: fact.assignee });
  },
  userTaskCompleted: (draft, fact) => {
    endTask(draft, fact.task);
    if (fact.by !== null) rememberCompleter(draft, fact.elementId, fact.by);
  },
  userTaskCanceled: (draft, fact) => endTask(draft, fact.task),
  jobCreated: (draft, fact) => {
    const { element, jobType, headers, retries, purpose } = fact;
    useSeq(draft, fact.job);
    put(draft, 'jobs', fact.job, { element, jobType, headers, retries, retryAtMs: null, failures: 0, purpose });
    attach(draft, 'jobs', element, fact.job);
  },
  jobCompleted: endJob,
  jobFailed: (draft, fact) => {
    const job = required(draft.state.jobs[fact.job], 'job', fact.job);
    const { retries, retryAtMs } = fact;
    put(draft, 'jobs', fact.job, { ...job, retries, retryAtMs, failures: job.failures + 1 });
    if (retryAtMs !== null) addDue(draft, { seq: fact.job, dueMs: retryAtMs });
  },
  jobRetried: (draft, fact) => {
    const job = required(draft.state.jobs[fact.job], 'job', fact.job);
    put(draft, 'jobs', fact.job, { ...job, retries: fact.retries, retryAtMs: null });
  },
  jobErrorThrown: endJob,
  jobCanceled: endJob,
  timerSet: (draft, fact) => {
    const { element, elementId, dueMs, repetitions, interval, part = 0 } = fact;
    useSeq(draft, fact.timer);
    put(draft, 'timers', fact.timer, { element, elementId, dueMs, repetitions, interval, part });
    attach(draft, 'timers', element, fact.timer);
    addDue(draft, { seq: fact.timer, dueMs });
  },
  timerFired: endTimer,
  timerCanceled: endTimer,
  messageSubscriptionOpened: (draft, fact) => {
    const { element, elementId, messageName, correlationKey, closesOnCorrelation, part = 0 } = fact;
    useSeq(draft, fact.subscription);
    const subscription = { element, elementId, messageName, correlationKey, closesOnCorrelation, part };
    put(draft, 'subscriptions', fact.subscription, subscription);
    attach(draft, 'subscriptions', element, fact.subscription);
  },
  messageCorrelated: (draft, fact) => {
    const subscription = required(draft.state.subscriptions[fact.subscription], 'subscription', fact.subscription);
    if (subscription.closesOnCorrelation) closeSubscription(draft, fact);
  },
  messageSubscriptionClosed: closeSubscription,
  messagePublished: (draft, fact) => useSeq(draft, fact.message),
  signalSubscriptionOpened: (draft, fact) => {
    const { element, elementId, signalName, closesOnSignal, part = 0 } = fact;
    useSeq(draft, fact.subscription);
    const subscription = { element, elementId, signalName, closesOnSignal, part };
    put(draft, 'signalSubscriptions', fact.subscription, subscription);
    attach(draft, 'signalSubscriptions', element, fact.subscription);
  },
  signalReceived: (draft, { subscription: seq }) => {
    const subscription = required(draft.state.signalSubscriptions[seq], 'signal subscription', seq);
    if (subscription.closesOnSignal) detachFrom(draft, 'signalSubscriptions', seq);
  },
  signalSubscriptionClosed: (draft, { subscription }) => detachFrom(draft, 'signalSubscriptions', subscription),
  signalBroadcast: (draft, fact) => useSeq(draft, fact.signal),
  conditionWatched: (draft, fact) => {
    const { element, elementId, closesOnTrue, part = 0 } = fact;
    useSeq(draft, fact.condition);
    put(draft, 'conditions', fact.condition, { element, elementId, closesOnTrue, holds: false, part });
    attach(draft, 'conditions', element, fact.condition);
  },
  conditionChanged: (draft, { condition: seq, holds }) => {
    const condition = required(draft.state.conditions[seq], 'condition', seq);
    if (holds && condition.closesOnTrue) detachFrom(draft, 'conditions', seq);
    else put(draft, 'conditions', seq, { ...condition, holds });
  },
  conditionWithdrawn: (draft, { condition }) => detachFrom(draft, 'conditions', condition),
  eventPartOccurred: (draft, { element, elementId, part }) => {
    const before = elementOf(draft, element).detail?.occurred ?? {};
    amend(draft, element, { occurred: { ...before, [elementId]: [...(before[elementId] ?? []), part] } });
  },
  eventPartsConsumed: (draft, { element, elementId }) => {
    const { [elementId]: _before, ...others } = elementOf(draft, element).detail?.occurred ?? {};
    amend(draft, element, { occurred: others });
  },
  scopeInterrupted: (draft, { scope }) => amend(draft, scope, { interrupted: true }),
  escalationThrown: changesNothing,
  instanceEscalated: changesNothing,
  ...compensationAppliers,
  childCalled: (draft, fact) => {
    useSeq(draft, fact.call);
    put(draft, 'children', fact.element, true);
  },
  childEnded: endChild,
  childCanceled: endChild,
  decisionEvaluated: changesNothing,
  incidentRaised: (draft, fact) => {
    const { element, elementId, job, code, stage, awaited } = fact;
    const incident = { element, elementId, job, code, stage };
    useSeq(draft, fact.incident);
    put(draft, 'incidents', fact.incident, awaited === undefined ? incident : { ...incident, awaited });
    attach(draft, 'incidents', element ?? 0, fact.incident);
  },
  incidentResolved: (draft, fact) => {
    const incident = required(draft.state.incidents[fact.incident], 'incident', fact.incident);
    remove(draft, 'incidents', fact.incident);
    detach(draft, 'incidents', incident.element ?? 0, fact.incident);
  },
  stepPaused: (draft, { agenda, visits, touched, conditions, signals }) =>
    void (draft.state.paused = { agenda, visits, touched, conditions, signals }),
  stepResumed: (draft) => void (draft.state.paused = null),
  interventionMade: changesNothing,
  instanceSuspended: (draft, { atMs }) => void (draft.state.suspendedAtMs = atMs),
  instanceResumed: (draft) => void (draft.state.suspendedAtMs = null),
  commandKept: (draft, { command }) => {
    draft.state.kept = [...draft.state.kept, command];
    draft.state.variableBytes += bytesOf(variablesOf(command));
  },
  keptCommandTaken: (draft) => {
    const [command, ...others] = draft.state.kept;
    draft.state.kept = others;
    if (command) draft.state.variableBytes -= bytesOf(variablesOf(command));
  },
  keptCommandRefused: changesNothing,
  timerRescheduled: (draft, { timer: seq, dueMs }) => {
    put(draft, 'timers', seq, { ...required(draft.state.timers[seq], 'timer', seq), dueMs });
    addDue(draft, { seq, dueMs });
  },
  jobRescheduled: (draft, { job: seq, retryAtMs }) => {
    put(draft, 'jobs', seq, { ...required(draft.state.jobs[seq], 'job', seq), retryAtMs });
    addDue(draft, { seq, dueMs: retryAtMs });
  },
  jobRetriesChanged: (draft, { job: seq, retries }) =>
    put(draft, 'jobs', seq, { ...required(draft.state.jobs[seq], 'job', seq), retries }),
  sentBack: (draft, { forgotten }) => {
    for (const elementId of forgotten) remove(draft, 'completedBy', elementId);
  },
  instanceMigrated: migrateInstance,
  elementMigrated: migrateElement,
  waitMigrated: migrateWait,
};

type Begun = Pick<ElementInstance, 'seq' | 'elementId' | 'type' | 'scope' | 'loopCounter'>;

// spelt out: one shape of object, and no copying in what happens most often
const beginning = ({ seq, elementId, type, scope, loopCounter }: Begun): ElementInstance => ({
  seq,
  elementId,
  type,
  scope,
  variables: {},
  loopCounter,
  waitingTokens: {},
  children: 0,
  loop: null,
  detail: null,
});

const noAdHoc: AdHocState = { chosen: [], started: 0, closed: false, bytes: 0, outputs: [] };
const adHocOf = (draft: Draft, seq: Seq): AdHocState => elementOf(draft, seq).detail?.adHoc ?? noAdHoc;

function start(draft: Draft, fact: FactOf<'instanceStarted'>): void {
  const { instanceKey, processId, definitionKey, version, businessKey, region, parent, held = null } = fact;
  const identity = { instanceKey, processId, definitionKey, version, businessKey, region, parent, held };
  Object.assign(draft.state, identity, { status: 'active' });
  putElement(draft, beginning({ seq: 0, elementId: processId, type: 'process', scope: 0, loopCounter: null }));
}

function activate(draft: Draft, fact: FactOf<'elementActivated'>): void {
  const { element: seq, elementId, elementType: type, scope, loopCounter } = fact;
  useSeq(draft, seq);
  draft.state.held = null;
  putElement(draft, beginning({ seq, elementId, type, scope, loopCounter }));
  attach(draft, 'children', scope, seq);
  const parent = writableCounters(draft, elementOf(draft, scope));
  parent.children += 1;
  if (parent.loop) parent.loop.created += 1;
}

function leave(draft: Draft, fact: FactOf<'elementCompleted' | 'elementTerminated'>): void {
  const element = elementOf(draft, fact.element);
  remove(draft, 'elements', element.seq);
  const collected = (element.loop?.bytes ?? 0) + (element.detail?.adHoc?.bytes ?? 0);
  draft.state.variableBytes -= bytesOf(element.variables) + collected;
  if (!forgetCompensations(draft, element)) forget(draft, element.seq);
  detach(draft, 'children', element.scope, element.seq);
  const parent = writableCounters(draft, elementOf(draft, element.scope));
  parent.children -= 1;
  const isCompleted = fact.type === 'elementCompleted';
  if (parent.loop) parent.loop[isCompleted ? 'completed' : 'terminated'] += 1;
  const { endElements } = draft.state;
  const isEnd = isCompleted && element.scope === 0 && element.type === 'endEvent';
  // each once: an end event that is reached every hour must not make the state grow for ever
  if (isEnd && !endElements.includes(element.elementId)) {
    draft.state.endElements = [...endElements, element.elementId];
  }
}

function addToken(draft: Draft, fact: FactOf<'sequenceFlowTaken'>): void {
  const scope = elementOf(draft, fact.scope);
  writableCounters(draft, scope).waitingTokens[fact.flowId] = tokensOn(scope, fact.flowId) + 1;
}

function removeTokens(draft: Draft, fact: FactOf<'tokensConsumed'>): void {
  const scope = elementOf(draft, fact.scope);
  const { waitingTokens } = writableCounters(draft, scope);
  for (const [flow, count] of Object.entries(fact.flows)) {
    const left = tokensOn(scope, flow) - count;
    if (left > 0) waitingTokens[flow] = left;
    else delete waitingTokens[flow];
  }
}

/** What a kept command brings. */
function variablesOf(command: KeptCommand): Variables {
  if (command.type === 'endChild') return 'variables' in command.outcome ? command.outcome.variables : {};
  return 'variables' in command ? command.variables : {};
}

function countLoopBytes(draft: Draft, body: Seq, bytes: number): void {
  const element = elementOf(draft, body);
  draft.state.variableBytes += bytes;
  if (element.loop) putElement(draft, { ...element, loop: { ...element.loop, bytes: element.loop.bytes + bytes } });
}

/** Tokens that wait on this flow before a join. */
export function tokensOn(scope: ElementInstance, flow: string): number {
  return Object.hasOwn(scope.waitingTokens, flow) ? (scope.waitingTokens[flow] ?? 0) : 0;
}

function setVariables(draft: Draft, scope: Seq, variables: Variables): void {
  const element = elementOf(draft, scope);
  for (const name of Object.keys(variables)) {
    const before = Object.hasOwn(element.variables, name) ? element.variables[name] : undefined;
    draft.state.variableBytes += entryBytes(name, variables[name] ?? null);
    if (before !== undefined) draft.state.variableBytes -= entryBytes(name, before);
  }
  const together = hasAny(element.variables) ? { ...element.variables, ...variables } : variables;
  putElement(draft, { ...element, variables: together });
}

function rememberCompleter(draft: Draft, elementId: string, account: string): void {
  const before = (Object.hasOwn(draft.state.completedBy, elementId) && draft.state.completedBy[elementId]) || [];
  if (!before.includes(account)) put(draft, 'completedBy', elementId, [...before, account]);
}

function endTask(draft: Draft, task: Seq): void {
  const pending = draft.state.userTasks[task]?.pending ?? null;
  if (pending) draft.state.variableBytes -= bytesOf(pending.variables);
  remove(draft, 'userTasks', task);
}

function endChange(draft: Draft, { task: seq, event }: FactOf<'userTaskChangeDenied' | 'userTaskChangeAllowed'>): void {
  const task = required(draft.state.userTasks[seq], 'user task', seq);
  if (task.pending) draft.state.variableBytes -= bytesOf(task.pending.variables);
  // nobody's work before it is created
  if (event === 'creating') remove(draft, 'userTasks', seq);
  else put(draft, 'userTasks', seq, { ...task, pending: null });
}

function endJob(draft: Draft, { job: seq }: FactOf<'jobCompleted' | 'jobErrorThrown' | 'jobCanceled'>): void {
  const job = required(draft.state.jobs[seq], 'job', seq);
  remove(draft, 'jobs', seq);
  detach(draft, 'jobs', job.element, seq);
}

function endTimer(draft: Draft, { timer: seq }: FactOf<'timerFired' | 'timerCanceled'>): void {
  const timer = required(draft.state.timers[seq], 'timer', seq);
  remove(draft, 'timers', seq);
  detach(draft, 'timers', timer.element, seq);
}

function closeSubscription(
  draft: Draft,
  { subscription: seq }: FactOf<'messageCorrelated' | 'messageSubscriptionClosed'>,
): void {
  const subscription = required(draft.state.subscriptions[seq], 'subscription', seq);
  remove(draft, 'subscriptions', seq);
  detach(draft, 'subscriptions', subscription.element, seq);
}

function endChild(draft: Draft, fact: FactOf<'childEnded' | 'childCanceled'>): void {
  remove(draft, 'children', fact.element);
}

type Hanging = 'signalSubscriptions' | 'conditions';

function detachFrom(draft: Draft, table: Hanging, seq: Seq): void {
  const { element } = required<{ readonly element: Seq }>(draft.state[table][seq], table, seq);
  remove(draft, table, seq);
  detach(draft, table, element, seq);
}

/** What holds of every state: whatever is active hangs together and waits for something, and what has ended has left nothing behind. */
import { bytesOf } from '#engine/applying.ts';
import type { Seq } from '#engine/command.ts';
import type { ElementInstance, InstanceState } from '#engine/instance.ts';
import type { ProcessModel } from '#engine/model.ts';

export function promise(what: string, holds: boolean): void {
  if (!holds) throw new Error(`It does not hold that ${what}.`);
}

export function promiseWhole(state: InstanceState, model: ProcessModel): void {
  promiseTree(state);
  promiseNoOrphans(state);
  promiseBytes(state);
  if (state.status !== 'active' && state.status !== 'new') promiseEnded(state);
  // what is still to do is in the agenda of the pause, or waits for the resumption
  else if (state.status === 'active' && state.paused === null && state.suspendedAtMs === null && state.held === null) {
    promiseReasons(state);
    promiseJoins(state, model);
  }
}

function promiseTree({ elements }: InstanceState): void {
  const children = new Map<Seq, number>();
  for (const { seq, scope } of Object.values(elements)) {
    if (seq === 0) continue;
    promise(`element ${seq} is in an active scope`, scope in elements);
    children.set(scope, (children.get(scope) ?? 0) + 1);
  }
  for (const { seq, children: known, loop } of Object.values(elements)) {
    promise(`element ${seq} knows how many are within it`, known === (children.get(seq) ?? 0));
    if (loop) {
      const { created, completed, terminated } = loop;
      promise(`loop ${seq} knows what became of its instances`, created === completed + terminated + known);
    }
  }
}

function promiseNoOrphans(state: InstanceState): void {
  const { elements, jobs, timers, subscriptions, signalSubscriptions, conditions, compensations } = state;
  for (const table of [jobs, timers, subscriptions, signalSubscriptions, conditions]) {
    for (const { element } of Object.values(table)) promise(`element ${element} waits`, element in elements);
  }
  for (const task of Object.keys(state.userTasks)) promise(`user task ${task} is active`, task in elements);
  for (const seq of Object.keys(state.children)) {
    promise(`call ${seq} is active`, elements[Number(seq)]?.type === 'callActivity');
  }
  for (const { element, job } of Object.values(state.incidents)) {
    promise(`what has an incident (${element}) is active`, element === null || element in elements);
    promise(`the job of an incident (${job}) is open`, job === null || job in jobs);
  }
  const restored = Object.values(elements).map(({ detail }) => detail?.compensation?.restores ?? null);
  const undoable = new Set([...Object.values(compensations).map(({ of }) => of), ...restored]);
  for (const [seq, { scope, holder }] of Object.entries(compensations)) {
    promise(`record ${seq} is of a scope that lasts or can be undone`, scope in elements || undoable.has(scope));
    const records = holder === null ? null : (elements[holder]?.detail?.compensation?.records ?? []);
    promise(`record ${seq} is held by its compensation`, records === null || records.includes(Number(seq)));
  }
}

function promiseBytes(state: InstanceState): void {
  let bytes = 0;
  for (const { variables, loop, detail } of Object.values(state.elements)) {
    bytes += bytesOf(variables) + (loop?.bytes ?? 0) + (detail?.adHoc?.bytes ?? 0);
  }
  for (const { variables } of Object.values(state.compensations)) bytes += bytesOf(variables);
  for (const { pending } of Object.values(state.userTasks)) bytes += bytesOf(pending?.variables ?? {});
  for (const command of state.kept) {
    if ('variables' in command) bytes += bytesOf(command.variables);
    else if (command.type === 'endChild' && 'variables' in command.outcome) bytes += bytesOf(command.outcome.variables);
  }
  promise(`the bytes of the variables are counted (${state.variableBytes}, ${bytes})`, state.variableBytes === bytes);
}

function promiseEnded(state: InstanceState): void {
  const { jobs, timers, subscriptions, signalSubscriptions, conditions, userTasks, incidents, children } = state;
  const open = [jobs, timers, subscriptions, signalSubscriptions, conditions, userTasks, incidents, children];
  promise(
    'nothing is open in an instance that has ended',
    open.every((table) => Object.keys(table).length === 0),
  );
  promise('nothing is active in it', Object.keys(state.elements).length === 1 && state.elements[0]?.children === 0);
  promise('nothing is left to do in it', state.paused === null);
}

/** Elements that have a reason of their own to wait. */
function waiting(state: InstanceState): Set<Seq> {
  const { elements, jobs, timers, subscriptions, signalSubscriptions, conditions } = state;
  const found = new Set<Seq>([...Object.keys(state.userTasks), ...Object.keys(state.children)].map(Number));
  for (const { element } of Object.values(jobs)) found.add(element);
  for (const { element } of Object.values(state.incidents)) found.add(element ?? 0);
  for (const table of [timers, subscriptions, signalSubscriptions, conditions]) {
    for (const { element, elementId } of Object.values(table)) {
      const owner = elements[element];
      // what boundary events wait for is no reason for the activity
      if (owner?.elementId === elementId || owner?.type === 'eventBasedGateway') found.add(element);
    }
  }
  for (const { detail } of Object.values(elements)) {
    const thrower = detail?.compensation?.thrower ?? null;
    if (thrower !== null) found.add(thrower);
  }
  return found;
}

function promiseReasons(state: InstanceState): void {
  const reasons = waiting(state);
  const waits = (element: ElementInstance): boolean =>
    element.children > 0 ||
    reasons.has(element.seq) ||
    element.type === 'adHocSubProcess' ||
    Object.keys(element.waitingTokens).length > 0;
  for (const element of Object.values(state.elements)) {
    promise(`'${element.elementId}' (${element.seq}, ${element.type}) waits for something`, waits(element));
  }
}

function promiseJoins({ elements }: InstanceState, { flows, nodes }: ProcessModel): void {
  for (const { seq, waitingTokens } of Object.values(elements)) {
    for (const flow of Object.keys(waitingTokens)) {
      const gateway = nodes[flows[flow]?.target ?? ''];
      promise(`tokens on ${flow} wait before a gateway`, gateway !== undefined);
      if (gateway?.type !== 'parallelGateway') continue;
      const isWhole = gateway.incoming.every((one) => (waitingTokens[one] ?? 0) > 0);
      promise(`gateway '${gateway.id}' in ${seq} has fired when all its tokens were there`, !isWhole);
    }
  }
}

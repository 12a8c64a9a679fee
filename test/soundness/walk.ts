/** Random runs of a process in the engine: whatever may happen next, happens. */
import { MemoryHost } from '#engine/memory.ts';
import type { ElementId, FlowNode, ProcessModel, SingleTrigger } from '#engine/model.ts';
import type { Variables } from '#engine/json.ts';
import type { Chance } from '../engine/seeded.ts';

export interface Walk {
  readonly activated: ReadonlySet<ElementId>;
  /** Tokens wait before these joins, and nothing else is left to happen. */
  readonly stuckBefore: readonly ElementId[];
}

const dayMs = 86_400_000;
/** Things that happen in one run. */
const longest = 60;

export function walk(model: ProcessModel, variables: Variables, chance: Chance): Walk {
  const host = new MemoryHost(1_700_000_000_000);
  host.deploy([model]);
  const created = host.createInstance({ processId: model.processId, variables: shuffled(variables, chance) });
  if (!('instanceKey' in created)) throw new Error(created.message);
  const { instanceKey } = created;
  for (let left = longest; left > 0 && host.stateOf(instanceKey).status === 'active'; left -= 1) {
    const choices = happenings(host, model, chance);
    chance.of(choices)();
    if (chance.once(3))
      host.send(instanceKey, { type: 'setVariables', scope: 0, variables: shuffled(variables, chance), local: true });
  }
  const activated = new Set(
    host.factsOf(instanceKey).flatMap(({ fact }) => (fact.type === 'elementActivated' ? [fact.elementId] : [])),
  );
  return { activated, stuckBefore: stuckBefore(host, instanceKey, model) };
}

const shuffled = (variables: Variables, chance: Chance): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, was]) => [name, was === 0 || was === 1 ? chance.below(2) : was]),
  );

function happenings(host: MemoryHost, model: ProcessModel, chance: Chance): (() => unknown)[] {
  const jobs = host.jobs().map(
    ({ key }) =>
      () =>
        host.completeJob(key, {}),
  );
  const errors = host.jobs().map(
    ({ key }) =>
      () =>
        host.throwJobError(key, chance.of(['E1', 'E2']), {}),
  );
  const tasks = host.userTasks().map(
    ({ key }) =>
      () =>
        host.completeUserTask(key, {}),
  );
  const events = Object.values(model.nodes)
    .flatMap(triggersOf)
    .flatMap((trigger) => eventOf(host, trigger));
  return [...jobs, ...jobs, ...tasks, ...tasks, ...errors, ...events, () => host.advanceTime(host.nowMs + dayMs)];
}

function triggersOf(node: FlowNode): readonly SingleTrigger[] {
  if (node.type === 'receiveTask') return [{ type: 'message', message: node.message }];
  const trigger = 'trigger' in node ? node.trigger : null;
  if (trigger === null) return [];
  return 'triggers' in trigger ? trigger.triggers : [trigger];
}

function eventOf(host: MemoryHost, trigger: SingleTrigger): (() => unknown)[] {
  if (trigger.type === 'message' && trigger.message.name.kind === 'static') {
    const name = JSON.stringify(trigger.message.name.value).slice(1, -1);
    return [() => host.publish({ name, correlationKey: 'k', timeToLiveMs: 0, messageId: null, variables: {} })];
  }
  if (trigger.type !== 'signal' || trigger.signal.name.kind !== 'static') return [];
  const name = JSON.stringify(trigger.signal.name.value).slice(1, -1);
  return [() => host.broadcastSignal(name, {})];
}

function stuckBefore(host: MemoryHost, instanceKey: string, model: ProcessModel): ElementId[] {
  const state = host.stateOf(instanceKey);
  const open = [state.jobs, state.userTasks, state.timers, state.subscriptions, state.signalSubscriptions];
  const rests = [...open, state.conditions, state.incidents, state.children].every(
    (waiting) => Object.keys(waiting).length === 0,
  );
  // an ad-hoc sub-process waits for a command to activate something in it
  const isAsked = Object.values(state.elements).some(({ type }) => type === 'adHocSubProcess');
  if (state.status !== 'active' || !rests || isAsked) return [];
  return Object.values(state.elements).flatMap(({ waitingTokens }) =>
    Object.keys(waitingTokens).flatMap((flow) => model.flows[flow]?.target ?? []),
  );
}

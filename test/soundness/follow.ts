/** Lets the engine follow an example path: conditions are set and work is done as the path says. */
import { MemoryHost } from '#engine/memory.ts';
import type { ElementId, FlowNode, ProcessModel } from '#engine/model.ts';
import type { Variables } from '#engine/json.ts';

export interface Followed {
  /** Elements and flows of the path that the engine did not come to, as often as the path does. */
  readonly missed: readonly string[];
  /** Joins with waiting tokens when nothing else was left to do. */
  readonly waitingBefore: readonly ElementId[];
  readonly activations: ReadonlyMap<ElementId, number>;
  readonly incidents: readonly string[];
}

const hourMs = 3_600_000;

/** Conditions of the model are variables named `source_target`, or comparisons of `n` with a number. */
export function follow(model: ProcessModel, path: readonly string[]): Followed {
  const host = new MemoryHost(1_700_000_000_000);
  host.deploy([model]);
  const variables: Variables = Object.fromEntries(
    Object.values(model.flows).map(({ id, source, target }) => [`${source}_${target}`, path.includes(id)]),
  );
  const created = host.createInstance({ processId: model.processId, variables, startElement: path[0] ?? null });
  if (!('instanceKey' in created)) throw new Error(created.message);
  for (const id of path) {
    const node = model.nodes[model.flows[id]?.source ?? id];
    if (node !== undefined && (model.flows[id] !== undefined || node.type === 'boundaryEvent')) goOn(host, node);
  }
  const state = host.stateOf(created.instanceKey);
  const facts = host.factsOf(created.instanceKey).map(({ fact }) => fact);
  const activations = new Map<ElementId, number>();
  const passed: string[] = [];
  for (const fact of facts) {
    if (fact.type === 'elementActivated') {
      activations.set(fact.elementId, (activations.get(fact.elementId) ?? 0) + 1);
      passed.push(fact.elementId);
    }
    if (fact.type === 'sequenceFlowTaken') passed.push(fact.flowId);
  }
  const waitingFlows = Object.values(state.elements).flatMap(({ waitingTokens }) => Object.keys(waitingTokens));
  const waitingBefore = waitingFlows.flatMap((flow) => model.flows[flow]?.target ?? []);
  const missed = path.filter((id) => {
    const at = passed.indexOf(id);
    if (at >= 0) passed.splice(at, 1);
    return at < 0 && !waitingBefore.includes(id);
  });
  return { missed, waitingBefore, activations, incidents: Object.values(state.incidents).map(({ code }) => code) };
}

/** Does what the element, or the activity of the boundary event, waits for; nothing when it waits no longer. */
function goOn(host: MemoryHost, node: FlowNode): void {
  const job = host.jobs().find(({ elementId }) => elementId === node.id);
  if (job !== undefined) return void host.completeJob(job.key, {});
  const task = host.userTasks().find(({ elementId }) => elementId === node.id);
  if (task !== undefined) return void host.completeUserTask(task.key, {});
  const triggers = node.type === 'eventBasedGateway' ? [] : 'trigger' in node ? [node.trigger] : [];
  for (const trigger of triggers) {
    if (trigger?.type === 'timer') host.advanceTime(host.nowMs + hourMs);
    const name =
      trigger?.type === 'message' && trigger.message.name.kind === 'static' ? trigger.message.name.value : null;
    if (typeof name === 'string') {
      host.publish({ name, correlationKey: '1', timeToLiveMs: 0, messageId: null, variables: {} });
    }
  }
}

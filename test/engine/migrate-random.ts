/** Random edits of a process, and a random way through it: what a migration is tried with. */
import type { Command, ElementMapping } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import type { Chance } from './seeded.ts';

export interface Edited {
  readonly what: string;
  readonly target: ProcessModel;
  readonly mapping: readonly ElementMapping[];
}
type Nodes = Record<string, FlowNode>;
type Flows = Record<string, ProcessModel['flows'][string]>;
interface Writable {
  readonly nodes: Nodes;
  readonly flows: Flows;
}
const copy = (model: ProcessModel): ProcessModel & Writable => structuredClone(model) as ProcessModel & Writable;
const pick = <T>(chance: Chance, list: readonly T[]): T | null => (list.length === 0 ? null : chance.of(list));
/** An id that the model does not have yet. */
const fresh = (model: ProcessModel, name: string): string =>
  Array.from({ length: 100 }, (_, n) => (n === 0 ? name : `${name}-${n}`)).find((id) => !(id in model.nodes)) ?? name;
const plain = { documentation: null, defaultFlow: null, inputs: [], outputs: [], properties: {}, listeners: [] };

/** An activity with one flow in and one out, and nothing attached. */
const simple = (model: ProcessModel): FlowNode[] =>
  Object.values(model.nodes).filter(
    (node) =>
      node.incoming.length === 1 &&
      node.outgoing.length === 1 &&
      'boundary' in node &&
      node.boundary.length === 0 &&
      !('eventSubProcesses' in node) &&
      model.flows[node.incoming[0] ?? '']?.link !== true,
  );

/** A task comes between two elements. */
function insertTask(chance: Chance, source: ProcessModel): Edited | null {
  const model = copy(source);
  const free = Object.values(model.flows).filter((flow) => {
    const from = model.nodes[flow.source];
    return (
      flow.link !== true && from?.type !== 'eventBasedGateway' && model.nodes[flow.target]?.type !== 'complexGateway'
    );
  });
  const flow = pick(chance, free);
  const target = flow && model.nodes[flow.target];
  if (!flow || !target) return null;
  const id = fresh(model, 'sisipan');
  const onward = { id: `${id}-lanjut`, name: null, source: id, target: target.id, condition: null };
  const task = { userTask: 'userTask', id, name: null, type: 'userTask', parent: target.parent, ...plain };
  const definition = {
    assignee: null,
    candidateGroups: null,
    candidateUsers: null,
    dueDate: null,
    followUpDate: null,
    priority: null,
  };
  const attached = { multiInstance: null, standardLoop: null, boundary: [], isForCompensation: false };
  model.nodes[id] = {
    ...task,
    ...attached,
    task: { ...definition, formId: null, notSameAs: [] },
    headers: {},
    taskListeners: [],
    incoming: [flow.id],
    outgoing: [onward.id],
  } as unknown as FlowNode;
  model.flows[flow.id] = { ...flow, target: id };
  model.flows[onward.id] = onward;
  const incoming = target.incoming.map((other) => (other === flow.id ? onward.id : other));
  model.nodes[target.id] = { ...target, incoming };
  return { what: `a task on ${flow.id}`, target: model, mapping: [] };
}

/** Another id, wherever it is named. */
function rename(chance: Chance, source: ProcessModel): Edited | null {
  const id = pick(chance, Object.keys(source.nodes));
  if (id === null) return null;
  const target = JSON.parse(JSON.stringify(source).replaceAll(`"${id}"`, `"${id}-baru"`)) as ProcessModel;
  return { what: `${id} renamed`, target, mapping: [{ source: id, target: `${id}-baru` }] };
}

/** A sub-process comes around one activity. */
function wrap(chance: Chance, source: ProcessModel): Edited | null {
  const model = copy(source);
  const node = pick(chance, simple(model));
  const [into = '', outOf = ''] = node ? [node.incoming[0], node.outgoing[0]] : [];
  const [before, after] = [model.flows[into], model.flows[outOf]];
  if (!node || !before || !after || before.source === node.id) return null;
  const id = fresh(model, 'bungkus');
  const attached = { multiInstance: null, standardLoop: null, boundary: [], isForCompensation: false };
  const inner = [`${id}-masuk`, `${id}-keluar`] as const;
  const scope = { id, name: null, type: 'subProcess', parent: node.parent, ...plain, defaultFlow: node.defaultFlow };
  model.nodes[id] = {
    ...scope,
    ...attached,
    startElements: [`${id}-awal`],
    eventSubProcesses: [],
    incoming: [into],
    outgoing: [outOf],
  } as unknown as FlowNode;
  const start = { trigger: null, interrupting: true, formId: null, incoming: [], outgoing: [inner[0]] };
  model.nodes[`${id}-awal`] = { id: `${id}-awal`, name: null, type: 'startEvent', parent: id, ...plain, ...start };
  const ending = { results: [], incoming: [inner[1]], outgoing: [] };
  model.nodes[`${id}-akhir`] = { id: `${id}-akhir`, name: null, type: 'endEvent', parent: id, ...plain, ...ending };
  model.nodes[node.id] = { ...node, parent: id, incoming: [inner[0]], outgoing: [inner[1]], defaultFlow: null };
  model.flows[inner[0]] = { id: inner[0], name: null, source: `${id}-awal`, target: node.id, condition: null };
  model.flows[inner[1]] = { id: inner[1], name: null, source: node.id, target: `${id}-akhir`, condition: null };
  model.flows[into] = { ...before, target: id };
  model.flows[outOf] = { ...after, source: id };
  return { what: `${node.id} wrapped`, target: withoutStart(model, node.id, id), mapping: [] };
}

/** What began with the element begins with what is around it now. */
function withoutStart(model: ProcessModel, id: string, around: string): ProcessModel {
  const startElements = model.startElements.map((other) => (other === id ? around : other));
  return { ...model, startElements };
}

/** An activity goes, its neighbours are connected. */
function removeElement(chance: Chance, source: ProcessModel): Edited | null {
  const model = copy(source);
  const node = pick(
    chance,
    simple(model).filter((one) => !JSON.stringify(source).includes(`"activity":"${one.id}"`)),
  );
  const [into = '', outOf = ''] = node ? [node.incoming[0], node.outgoing[0]] : [];
  const [before, after] = [model.flows[into], model.flows[outOf]];
  const target = after && model.nodes[after.target];
  if (!node || !before || !after || !target || before.source === node.id || after.target === node.id) return null;
  delete model.nodes[node.id];
  delete model.flows[outOf];
  model.flows[into] = { ...before, target: target.id };
  model.nodes[target.id] = { ...target, incoming: target.incoming.map((flow) => (flow === outOf ? into : flow)) };
  return { what: `${node.id} removed`, target: model, mapping: [] };
}

export function edit(chance: Chance, source: ProcessModel): Edited {
  const edits = [insertTask, rename, wrap, removeElement];
  const drawn = chance.of(edits)(chance, source);
  return drawn ?? { what: 'nothing', target: source, mapping: [] };
}

/** Something that can happen next; null: nothing can. */
export function nextCommand(chance: Chance, state: InstanceState): Command | null {
  const seqs = (table: object): number[] => Object.keys(table).map(Number);
  const open: Command[] = [
    ...seqs(state.userTasks).map((task) => ({ type: 'completeUserTask', task, variables: {} }) as const),
    ...seqs(state.jobs).map((job) => ({ type: 'completeJob', job, variables: {} }) as const),
    ...seqs(state.children).map(
      (element) => ({ type: 'endChild', element, outcome: { type: 'completed', variables: {} } }) as const,
    ),
    ...seqs(state.subscriptions).map(
      (subscription) => ({ type: 'correlateMessage', subscription, messageKey: '1', variables: {} }) as const,
    ),
    ...seqs(state.signalSubscriptions).map(
      (subscription) => ({ type: 'receiveSignal', subscription, signalKey: '1', variables: {} }) as const,
    ),
    ...(earliestDueMs(state) === null ? [] : [{ type: 'fireDue' } as const]),
  ];
  const work = open.filter(({ type }) => ['completeUserTask', 'completeJob', 'endChild'].includes(type));
  return pick(chance, work.length > 0 && !chance.once(4) ? work : open);
}

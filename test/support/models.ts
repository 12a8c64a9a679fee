/** Hand-made process models: short forms of what the compiler writes. */
import type { Expression, FeelExpression, FlowNode, ProcessModel, SequenceFlow } from '#engine/model.ts';
import type { Json } from '#engine/json.ts';

export const fixed = (value: Json): Expression => ({ kind: 'static', value });
/** The value of a variable. */
export const variable = (name: string): FeelExpression => ({ kind: 'feel', source: name, ast: { type: 'name', name } });

const nodeBase = {
  name: null,
  documentation: null,
  parent: null,
  incoming: [],
  outgoing: [],
  defaultFlow: null,
  inputs: [],
  outputs: [],
  properties: {},
  listeners: [],
} as const;
const activity = {
  ...nodeBase,
  multiInstance: null,
  standardLoop: null,
  boundary: [],
  isForCompensation: false,
} as const;

/** A node without its flows; they come from `processOf`. */
export type Draft = FlowNode;

export const start = (id: string, trigger: Extract<FlowNode, { type: 'startEvent' }>['trigger'] = null): Draft => ({
  ...nodeBase,
  id,
  type: 'startEvent',
  trigger,
  interrupting: true,
  formId: null,
});
export const end = (id: string): Draft => ({ ...nodeBase, id, type: 'endEvent', results: [] });
export const userTask = (id: string, more: Partial<Extract<FlowNode, { type: 'userTask' }>> = {}): Draft => ({
  ...activity,
  id,
  type: 'userTask',
  task: {
    assignee: null,
    candidateGroups: fixed('operator-desa'),
    candidateUsers: null,
    dueDate: null,
    followUpDate: null,
    priority: null,
    formId: null,
    notSameAs: [],
  },
  headers: {},
  taskListeners: [],
  ...more,
});
export const serviceTask = (id: string, jobType: string, retries = 3, backoff: readonly string[] = []): Draft => ({
  ...activity,
  id,
  type: 'serviceTask',
  job: { type: fixed(jobType), retries: fixed(retries), backoff },
  headers: {},
});
export const boundaryTimer = (id: string, attachedTo: string, duration: string, interrupting = true): Draft => ({
  ...nodeBase,
  id,
  type: 'boundaryEvent',
  attachedTo,
  interrupting,
  handler: null,
  trigger: { type: 'timer', timer: { kind: 'duration', value: fixed(duration) } },
});
export const messageCatch = (id: string, name: string, correlationKey: Expression): Draft => ({
  ...nodeBase,
  id,
  type: 'intermediateCatchEvent',
  trigger: { type: 'message', message: { name: fixed(name), correlationKey } },
});
export const messageThrow = (id: string, name: string, correlationKey: Expression, timeToLive: string): Draft => ({
  ...nodeBase,
  id,
  type: 'intermediateThrowEvent',
  results: [
    {
      type: 'message',
      send: {
        kind: 'publish',
        message: { name: fixed(name), correlationKey },
        timeToLive: fixed(timeToLive),
        messageId: null,
      },
    },
  ],
});
export const call = (id: string, processId: string): Draft => ({
  ...activity,
  id,
  type: 'callActivity',
  processId: fixed(processId),
  binding: 'latest',
  versionTag: null,
  version: null,
  propagateAllParentVariables: true,
  propagateAllChildVariables: true,
});
export const fork = (id: string): Draft => ({ ...nodeBase, id, type: 'parallelGateway' });

/** A process from nodes and its flows as `a>b` texts. Boundary events are hung on by `attachedTo`. */
export function processOf(processId: string, drafts: readonly Draft[], arrows: readonly string[]): ProcessModel {
  const flows: Record<string, SequenceFlow> = {};
  const nodes: Record<string, FlowNode> = Object.fromEntries(drafts.map((draft) => [draft.id, draft]));
  const change = (id: string, more: object): void => {
    nodes[id] = { ...nodes[id], ...more } as FlowNode;
  };
  for (const arrow of arrows) {
    const [source = '', target = ''] = arrow.split('>');
    flows[arrow] = { id: arrow, name: null, source, target, condition: null };
    change(source, { outgoing: [...(nodes[source]?.outgoing ?? []), arrow] });
    change(target, { incoming: [...(nodes[target]?.incoming ?? []), arrow] });
  }
  for (const node of Object.values(nodes)) {
    if (node.type !== 'boundaryEvent') continue;
    const host = nodes[node.attachedTo];
    if (host !== undefined && 'boundary' in host) change(host.id, { boundary: [...host.boundary, node.id] });
  }
  return {
    format: 2,
    processId,
    name: null,
    documentation: null,
    versionTag: null,
    properties: {},
    businessKey: null,
    region: null,
    nodes,
    flows,
    listeners: [],
    startElements: drafts.filter((draft) => draft.type === 'startEvent' && draft.parent === null).map(({ id }) => id),
    eventSubProcesses: drafts
      .filter((draft) => draft.type === 'eventSubProcess' && draft.parent === null)
      .map(({ id }) => id),
    decisions: {},
  };
}

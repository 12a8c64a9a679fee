/** Process models as short literals for tests: `task('a')` and `flow('a', 'b')` instead of XML. */
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Json } from '#engine/json.ts';
import type {
  BoundaryEvent,
  CatchTrigger,
  EndEvent,
  Expression,
  FeelExpression,
  FlowNode,
  Gateway,
  JobDefinition,
  MultiInstance,
  ProcessModel,
  SequenceFlow,
  StartEvent,
  SubProcess,
} from '#engine/model.ts';

export const value = (json: Json): Expression => ({ kind: 'static', value: json });

/** A FEEL name or path such as `a.b`; anything else is given as a tree. */
export function feel(source: string, ast?: FeelNode): FeelExpression {
  if (ast) return { kind: 'feel', source, ast };
  const [name = '', ...path] = source.split('.');
  let node: FeelNode = { type: 'name', name };
  for (const part of path) node = { type: 'path', target: node, name: part };
  return { kind: 'feel', source, ast: node };
}
/** `name op number`. */
export const compare = (name: string, op: '=' | '<' | '>' | '>=', number: number): FeelExpression =>
  feel(`${name} ${op} ${number}`, {
    type: 'compare',
    op,
    left: { type: 'name', name },
    right: { type: 'number', value: number },
  });

export const job = (type: string, retries = 3, backoff: string[] = []): JobDefinition => ({
  type: value(type),
  retries: value(retries),
  backoff,
});

const base = {
  name: null,
  documentation: null,
  parent: null,
  incoming: [],
  outgoing: [],
  defaultFlow: null,
  inputs: [],
  outputs: [],
  properties: {},
};
const activity = { ...base, multiInstance: null, boundary: [], headers: {} };

type Extra<T> = Partial<Omit<T, 'id' | 'type'>>;

export const start = (id: string, extra: Extra<StartEvent> = {}): FlowNode => ({
  ...base,
  id,
  type: 'startEvent',
  trigger: null,
  formId: null,
  ...extra,
});
export const end = (id: string, extra: Extra<EndEvent> = {}): FlowNode => ({
  ...base,
  id,
  type: 'endEvent',
  result: { type: 'none' },
  ...extra,
});
export const gateway = (id: string, type: Gateway['type'], extra: Extra<Gateway> = {}): FlowNode => ({
  ...base,
  id,
  type,
  ...extra,
});
export const service = (id: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'serviceTask',
  job: job(id),
  ...extra,
});
export const pass = (id: string, extra: object = {}): FlowNode => ({ ...activity, id, type: 'manualTask', ...extra });
export const script = (
  id: string,
  resultVariable: string,
  expression: FeelExpression,
  extra: object = {},
): FlowNode => ({
  ...activity,
  id,
  type: 'scriptTask',
  script: { kind: 'feel', expression, resultVariable },
  ...extra,
});
export const user = (id: string, task: object = {}, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'userTask',
  task: {
    assignee: null,
    candidateGroups: null,
    candidateUsers: null,
    dueDate: null,
    followUpDate: null,
    priority: null,
    formId: null,
    notSameAs: [],
    ...task,
  },
  ...extra,
});
export const call = (id: string, processId: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'callActivity',
  processId: value(processId),
  binding: 'latest',
  versionTag: null,
  propagateAllParentVariables: true,
  propagateAllChildVariables: true,
  ...extra,
});
export const receive = (id: string, name: string, key: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'receiveTask',
  message: { name: value(name), correlationKey: value(key) },
  ...extra,
});
export const catching = (id: string, trigger: CatchTrigger, extra: object = {}): FlowNode => ({
  ...base,
  id,
  type: 'intermediateCatchEvent',
  trigger,
  ...extra,
});
export const boundary = (
  id: string,
  attachedTo: string,
  trigger: CatchTrigger,
  extra: Extra<BoundaryEvent> = {},
): FlowNode => ({ ...base, id, type: 'boundaryEvent', attachedTo, interrupting: true, trigger, ...extra });
export const sub = (id: string, extra: Extra<SubProcess> = {}): FlowNode => ({
  ...activity,
  id,
  type: 'subProcess',
  startEvents: [],
  ...extra,
});
export const throwing = (id: string, extra: object = {}): FlowNode => ({
  ...base,
  id,
  type: 'intermediateThrowEvent',
  send: null,
  ...extra,
});

export const timer = (text: string, kind: 'date' | 'duration' | 'cycle' = 'duration'): CatchTrigger => ({
  type: 'timer',
  timer: { kind, value: value(text) },
});
export const message = (name: string, key: string): CatchTrigger => ({
  type: 'message',
  message: { name: value(name), correlationKey: value(key) },
});
export const error = (code: string | null): CatchTrigger => ({
  type: 'error',
  error: { code: code === null ? null : value(code) },
});
export const forEach = (extra: Partial<MultiInstance> = {}): { multiInstance: MultiInstance } => ({
  multiInstance: {
    sequential: false,
    inputCollection: feel('items'),
    inputElement: 'item',
    outputCollection: null,
    outputElement: null,
    completionCondition: null,
    ...extra,
  },
});

export interface FlowLiteral {
  readonly from: string;
  readonly to: string;
  readonly condition: FeelExpression | null;
}
export const flow = (from: string, to: string, condition: FeelExpression | null = null): FlowLiteral => ({
  from,
  to,
  condition,
});
/** `path('s', 'a', 'e')`: a flow from each to the next. */
export const path = (...ids: string[]): FlowLiteral[] => ids.slice(1).map((to, index) => flow(ids[index] ?? '', to));

/** Flow ids are `from>to`. Nodes of a sub-process name it as `parent`. */
export function processOf(
  nodes: readonly FlowNode[],
  flows: readonly (FlowLiteral | FlowLiteral[])[],
  extra: Partial<ProcessModel> = {},
): ProcessModel {
  const built: Record<string, FlowNode> = {};
  for (const node of nodes) built[node.id] = node;
  const built2: Record<string, SequenceFlow> = {};
  for (const { from, to, condition } of flows.flat()) {
    const id = `${from}>${to}`;
    built2[id] = { id, name: null, source: from, target: to, condition };
    const [source, target] = [built[from], built[to]];
    if (!source || !target) throw new Error(`no node for flow ${id}`);
    built[from] = { ...source, outgoing: [...source.outgoing, id] };
    const now = built[to] ?? target;
    built[to] = { ...now, incoming: [...now.incoming, id] };
  }
  for (const node of nodes) {
    if (node.type === 'boundaryEvent') {
      const host = built[node.attachedTo];
      if (host && 'boundary' in host) built[node.attachedTo] = { ...host, boundary: [...host.boundary, node.id] };
    }
    const parent = node.parent === null ? undefined : built[node.parent];
    if (node.type === 'startEvent' && parent?.type === 'subProcess') {
      built[parent.id] = { ...parent, startEvents: [...parent.startEvents, node.id] };
    }
  }
  return {
    format: 1,
    processId: 'p',
    name: null,
    documentation: null,
    versionTag: null,
    properties: {},
    businessKey: null,
    region: null,
    nodes: built,
    flows: built2,
    startEvents: nodes.filter((node) => node.type === 'startEvent' && node.parent === null).map((node) => node.id),
    decisions: {},
    ...extra,
  };
}

/** Process models as short literals for tests: `task('a')` and `flow('a', 'b')` instead of XML. */
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Json } from '#engine/json.ts';
import type {
  AdHocSubProcess,
  BoundaryEvent,
  CatchTrigger,
  EndEvent,
  EndingResult,
  EventBasedGateway,
  EventSubProcess,
  ExecutionListener,
  Expression,
  FeelExpression,
  FlowNode,
  Gateway,
  IntermediateThrowEvent,
  JobDefinition,
  MultiInstance,
  ProcessModel,
  SequenceFlow,
  SingleResult,
  SingleTrigger,
  StandardLoop,
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
  listeners: [],
};
const activity = { ...base, multiInstance: null, standardLoop: null, boundary: [], isForCompensation: false };
const scope = { startElements: [], eventSubProcesses: [] };

type Extra<T> = Partial<Omit<T, 'id' | 'type'>>;

export const start = (id: string, extra: Extra<StartEvent> = {}): FlowNode => ({
  ...base,
  id,
  type: 'startEvent',
  trigger: null,
  interrupting: true,
  formId: null,
  ...extra,
});
export const end = (id: string, extra: Extra<EndEvent> = {}): FlowNode => ({
  ...base,
  id,
  type: 'endEvent',
  results: [],
  ...extra,
});
export const gateway = (id: string, type: Gateway['type'], extra: Extra<Gateway> = {}): FlowNode => ({
  ...base,
  id,
  type,
  ...extra,
});
export const eventBased = (id: string, extra: Extra<EventBasedGateway> = {}): FlowNode => ({
  ...base,
  id,
  type: 'eventBasedGateway',
  instantiates: null,
  ...extra,
});
export const complex = (id: string, activationCondition: FeelExpression, extra: object = {}): FlowNode => ({
  ...base,
  id,
  type: 'complexGateway',
  activationCondition,
  ...extra,
});
export const service = (id: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'serviceTask',
  job: job(id),
  headers: {},
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
/** A send task done by a job. */
export const sending = (id: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'sendTask',
  send: { kind: 'job', job: job(id), headers: {} },
  ...extra,
});
export const user = (id: string, task: object = {}, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'userTask',
  headers: {},
  taskListeners: [],
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
  version: null,
  propagateAllParentVariables: true,
  propagateAllChildVariables: true,
  ...extra,
});
export const receive = (id: string, name: string, key: string, extra: object = {}): FlowNode => ({
  ...activity,
  id,
  type: 'receiveTask',
  message: { name: value(name), correlationKey: value(key) },
  instantiate: false,
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
): FlowNode => ({
  ...base,
  id,
  type: 'boundaryEvent',
  attachedTo,
  interrupting: true,
  trigger,
  handler: null,
  ...extra,
});
export const sub = (id: string, extra: Extra<SubProcess> = {}): FlowNode => ({
  ...activity,
  ...scope,
  id,
  type: 'subProcess',
  ...extra,
});
export const transaction = (id: string, extra: Extra<SubProcess> = {}): FlowNode => ({
  ...activity,
  ...scope,
  id,
  type: 'transaction',
  ...extra,
});
/** Its start event is found by `parent`. */
export const eventSub = (id: string, extra: Extra<EventSubProcess> = {}): FlowNode => ({
  ...base,
  id,
  type: 'eventSubProcess',
  startEvent: '',
  eventSubProcesses: [],
  ...extra,
});
export const adHoc = (id: string, extra: Extra<AdHocSubProcess> = {}): FlowNode => ({
  ...activity,
  ...scope,
  id,
  type: 'adHocSubProcess',
  sequential: false,
  activeElements: null,
  completionCondition: null,
  cancelRemainingInstances: true,
  outputCollection: null,
  outputElement: null,
  ...extra,
});
export const throwing = (id: string, extra: Extra<IntermediateThrowEvent> = {}): FlowNode => ({
  ...base,
  id,
  type: 'intermediateThrowEvent',
  results: [],
  ...extra,
});

export const timer = (text: string, kind: 'date' | 'duration' | 'cycle' = 'duration'): SingleTrigger => ({
  type: 'timer',
  timer: { kind, value: value(text) },
});
export const message = (name: string, key: string): SingleTrigger => ({
  type: 'message',
  message: { name: value(name), correlationKey: value(key) },
});
export const signal = (name: string): SingleTrigger => ({ type: 'signal', signal: { name: value(name) } });
export const conditional = (condition: FeelExpression, reads: readonly string[]): SingleTrigger => ({
  type: 'conditional',
  conditional: { condition, reads, variableNames: null, variableEvents: null },
});
export const error = (code: string | null): SingleTrigger => ({
  type: 'error',
  error: { code: code === null ? null : value(code) },
});
export const escalation = (code: string | null): SingleTrigger => ({
  type: 'escalation',
  escalation: { code: code === null ? null : value(code) },
});
export const throwsError = (code: string): EndingResult => ({ type: 'error', error: { code: value(code) } });
export const escalates = (code: string): SingleResult => ({ type: 'escalation', escalation: { code: value(code) } });
export const broadcasts = (name: string): SingleResult => ({ type: 'signal', signal: { name: value(name) } });
export const undoes = (activityId: string | null, waitForCompletion = true): SingleResult => ({
  type: 'compensation',
  activity: activityId,
  waitForCompletion,
});
export const listener = (event: ExecutionListener['event'], type: string): ExecutionListener => ({
  event,
  job: job(type),
  headers: {},
});
export const rounds = (extra: Partial<StandardLoop>): { standardLoop: StandardLoop } => ({
  standardLoop: { testBefore: false, condition: null, maximum: null, ...extra },
});
export const forEach = (extra: Partial<MultiInstance> = {}): { multiInstance: MultiInstance } => ({
  multiInstance: {
    sequential: false,
    inputCollection: feel('items'),
    cardinality: null,
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
  /** A pair of link events, no line. */
  readonly link?: true;
}
export const flow = (from: string, to: string, condition: FeelExpression | null = null): FlowLiteral => ({
  from,
  to,
  condition,
});
export const link = (from: string, to: string): FlowLiteral => ({ ...flow(from, to), link: true });
/** `path('s', 'a', 'e')`: a flow from each to the next. */
export const path = (...ids: string[]): FlowLiteral[] => ids.slice(1).map((to, index) => flow(ids[index] ?? '', to));

/** Flow ids are `from>to`, of links `from→to`. Nodes of a sub-process name it as `parent`. */
export function processOf(
  nodes: readonly FlowNode[],
  flows: readonly (FlowLiteral | FlowLiteral[])[],
  extra: Partial<ProcessModel> = {},
): ProcessModel {
  const built = new Map(nodes.map((node) => [node.id, node]));
  const lines: Record<string, SequenceFlow> = {};
  for (const literal of flows.flat()) {
    const line = lineOf(literal);
    lines[line.id] = line;
    change(built, line.source, (node) => ({ ...node, outgoing: [...node.outgoing, line.id] }));
    change(built, line.target, (node) => ({ ...node, incoming: [...node.incoming, line.id] }));
  }
  for (const node of nodes) {
    if (node.type === 'boundaryEvent') attach(built, node);
    if (node.parent !== null) change(built, node.parent, (parent) => holding(parent, built.get(node.id) ?? node));
  }
  const top = [...built.values()].filter((node) => node.parent === null);
  return {
    format: 2,
    processId: 'p',
    name: null,
    documentation: null,
    versionTag: null,
    properties: {},
    businessKey: null,
    region: null,
    listeners: [],
    nodes: Object.fromEntries(built),
    flows: lines,
    startElements: top.filter((node) => node.type === 'startEvent').map((node) => node.id),
    eventSubProcesses: top.filter((node) => node.type === 'eventSubProcess').map((node) => node.id),
    decisions: {},
    ...extra,
  };
}

function lineOf({ from: source, to: target, condition, link: isLink }: FlowLiteral): SequenceFlow {
  if (isLink) return { id: `${source}→${target}`, name: null, source, target, condition, link: true };
  return { id: `${source}>${target}`, name: null, source, target, condition };
}

function change(built: Map<string, FlowNode>, id: string, to: (node: FlowNode) => FlowNode): void {
  const node = built.get(id);
  if (!node) throw new Error(`no node ${id}`);
  built.set(id, to(node));
}

function attach(built: Map<string, FlowNode>, event: BoundaryEvent): void {
  change(built, event.attachedTo, (host) =>
    'boundary' in host ? { ...host, boundary: [...host.boundary, event.id] } : host,
  );
}

/** The scope, with what it says of a node within it. */
function holding(parent: FlowNode, { id, type, ...node }: FlowNode): FlowNode {
  if (!('eventSubProcesses' in parent)) throw new Error(`${parent.id} holds no elements`);
  if (type === 'eventSubProcess') return { ...parent, eventSubProcesses: [...parent.eventSubProcesses, id] };
  if (parent.type === 'eventSubProcess') return type === 'startEvent' ? { ...parent, startEvent: id } : parent;
  const isStart =
    parent.type === 'adHocSubProcess'
      ? node.incoming.length === 0 &&
        type !== 'boundaryEvent' &&
        !('isForCompensation' in node && node.isForCompensation)
      : type === 'startEvent';
  return isStart ? { ...parent, startElements: [...parent.startElements, id] } : parent;
}

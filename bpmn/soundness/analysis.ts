/** The analysis of one scope with all scopes in it, from the innermost outwards. */
import type { ElementId, EventSubProcess, FlowNode, ProcessModel } from '#engine/model.ts';
import {
  anyCode,
  canOccur,
  endingOf,
  isDoneOutside,
  isWait,
  thrownErrors,
  thrownEscalations,
  uncaught,
  type Occurrences,
  type ScopeSummary,
} from './activity.ts';
import { automaticCycles } from './automatic-cycles.ts';
import { deadElements } from './dead-elements.ts';
import { defectsOf } from './defects.ts';
import { explore, pathOfPassage, type Budget } from './explore.ts';
import type { Fault } from './finding.ts';
import { boundaryTriggers } from './moves.ts';
import { isHandler, netOf, type ScopeNet } from './net.ts';

/** Where tokens come. */
export interface Ways {
  readonly isVisited: (id: string) => boolean;
  /** A way from the begin of the scope to an element or flow, with it; null: no token comes there. Takes time as long as the way. */
  readonly pathTo: (id: string) => readonly string[] | null;
}
export interface ScopeAnalysis {
  /** Their paths begin with the scope. */
  readonly faults: readonly Fault[];
  readonly ways: Ways;
  readonly summary: ScopeSummary;
  readonly complete: boolean;
}

/** Recursion is bounded by the nesting that bpmn/limits.ts allows. */
export function analyse(model: ProcessModel, id: ElementId | null, budget: Budget): ScopeAnalysis {
  const inner = innerAnalyses(model, id, budget);
  const net = netOf(model, id, new Map([...inner].map(([scope, { summary }]) => [scope, summary])));
  const exploration = explore(net, budget);
  const pathHere = (element: string): readonly string[] | null => {
    const passage = exploration.visited.get(element);
    return passage === undefined ? null : pathOfPassage(exploration.states, passage, element);
  };
  const visited = net.nodes.filter((node) => exploration.visited.has(node.id));
  const around = occurrences(net, [...visited, ...handlersOf(net, visited).map(({ handler }) => handler)]);
  const entries = entriesOf(net, visited, { around, pathHere });
  const entryOf = (scope: string): readonly string[] | null => pathHere(scope) ?? entries.get(scope) ?? null;
  const isEntered = (scope: string): boolean => exploration.visited.has(scope) || entries.has(scope);
  const entered = [...inner].filter(([scope]) => isEntered(scope));
  const ways: Ways = {
    isVisited: (element) => isEntered(element) || entered.some(([, analysis]) => analysis.ways.isVisited(element)),
    pathTo: (element) => {
      const [scope, analysis] = entered.find(([, { ways: inside }]) => inside.isVisited(element)) ?? [];
      if (scope === undefined || analysis === undefined) return entryOf(element);
      return [...(entryOf(scope) ?? []), ...(analysis.ways.pathTo(element) ?? [])];
    },
  };
  const complete = exploration.complete && [...inner.values()].every((analysis) => analysis.complete);
  const defects = defectsOf(net, exploration);
  const roots = net.begins.flatMap(({ places }) => places);
  const stuck = [...inner].filter(([, { faults }]) => faults.some(holdsTokens)).map(([scope]) => scope);
  const holding = [...defects.filter(holdsTokens).flatMap(({ elements }) => elements), ...stuck];
  const excused = new Set(complete ? holding : roots);
  const own: Fault[] = [
    ...defects,
    ...deadElements(net, ways, excused),
    ...(complete ? deadScopes(net, ways) : []),
    ...automaticCycles(net, ways),
    ...missingDefaults(net, visited, pathHere),
  ];
  const fromInside = entered.flatMap(([scope, { faults }]) =>
    faults.map((fault) => ({ ...fault, path: [...(entryOf(scope) ?? []), ...fault.path] })),
  );
  return {
    faults: [...own, ...fromInside],
    ways,
    summary: summarize(net, { around, entered, completes: exploration.states.some(({ completed }) => completed) }),
    complete: complete && !visited.some((node) => net.exits(node).shortened),
  };
}

const holdsTokens = ({ code }: Fault): boolean => ['DEADLOCK', 'LIVELOCK', 'UNREACHABLE_END'].includes(code);

/** Each may use half of what is left, so that something is left for the scope around them. */
function innerAnalyses(
  model: ProcessModel,
  id: ElementId | null,
  budget: Budget,
): ReadonlyMap<ElementId, ScopeAnalysis> {
  const analyses = new Map<ElementId, ScopeAnalysis>();
  for (const node of Object.values(model.nodes)) {
    if (node.parent !== id || !('eventSubProcesses' in node)) continue;
    const share = Math.floor(budget.left / 2);
    const own = { left: share };
    analyses.set(node.id, analyse(model, node.id, own));
    budget.left -= share - own.left;
  }
  return analyses;
}

/** What one element can give rise to in its scope. */
function contribution({ model, summaries, signals }: ScopeNet, node: FlowNode): Omit<Occurrences, 'compensates'> {
  const inside = summaries.get(node.id);
  const called = node.type === 'callActivity' ? [anyCode] : [];
  const errors = [...thrownErrors(node), ...(inside?.errors ?? []), ...(isDoneOutside(node) ? [anyCode] : [])];
  const escalations = [...thrownEscalations(node), ...(inside?.escalations ?? []), ...called];
  const triggers = boundaryTriggers(model.nodes, node);
  return {
    waits: isWait(node, summaries),
    signals,
    cancels: endingOf(node) === 'cancel',
    errors: uncaught(new Set(errors), 'error', triggers),
    escalations: uncaught(new Set(escalations), 'escalation', triggers),
  };
}

function occurrences(net: ScopeNet, visited: readonly FlowNode[]): Occurrences {
  const parts = visited.map((node) => contribution(net, node));
  const scope = net.id === null ? undefined : net.model.nodes[net.id];
  return {
    waits: parts.some(({ waits }) => waits) || (scope !== undefined && scope.listeners.length > 0),
    cancels: parts.some(({ cancels }) => cancels),
    errors: new Set(parts.flatMap(({ errors }) => [...errors])),
    escalations: new Set(parts.flatMap(({ escalations }) => [...escalations])),
    signals: net.signals,
    compensates: compensates(net.model),
  };
}

/** Whether anything in the process asks for compensation; which activities it reaches is only known at run time. */
const compensates = ({ nodes }: ProcessModel): boolean =>
  Object.values(nodes).some(
    (node) =>
      endingOf(node) === 'cancel' || ('results' in node && node.results.some(({ type }) => type === 'compensation')),
  );

interface Surroundings {
  readonly around: Occurrences;
  readonly pathHere: (id: string) => readonly string[] | null;
}
/** Ways to what no flow leads to: event sub-processes that may be triggered, compensation handlers. */
function entriesOf(
  net: ScopeNet,
  visited: readonly FlowNode[],
  { around, pathHere }: Surroundings,
): ReadonlyMap<ElementId, readonly string[]> {
  const { model } = net;
  const entries = new Map<ElementId, readonly string[]>();
  for (const scope of triggered(net, around)) {
    const trigger = triggerOf(model, scope);
    const cause = visited.find(
      (node) => trigger !== null && canOccur(trigger, { ...contribution(net, node), compensates: true }),
    );
    entries.set(scope.id, [...(pathHere(cause?.id ?? '') ?? []), scope.id]);
  }
  for (const { host, event, handler } of handlersOf(net, visited)) {
    const path = [...(pathHere(host.id) ?? []), event.id];
    entries.set(event.id, path).set(handler.id, [...path, handler.id]);
  }
  return entries;
}

interface Undoing {
  readonly host: FlowNode;
  readonly event: FlowNode;
  readonly handler: FlowNode;
}
/** The handlers that may undo what has been visited. */
function handlersOf({ model }: ScopeNet, visited: readonly FlowNode[]): readonly Undoing[] {
  if (!compensates(model)) return [];
  return visited.flatMap((host) =>
    ('boundary' in host ? host.boundary : []).flatMap((id) => {
      const event = model.nodes[id];
      const handler = event?.type === 'boundaryEvent' ? model.nodes[event.handler ?? ''] : undefined;
      return event === undefined || handler === undefined ? [] : [{ host, event, handler }];
    }),
  );
}

/** The event sub-processes that may begin: what one throws, another one of the same scope may catch. */
function triggered(net: ScopeNet, around: Occurrences): readonly EventSubProcess[] {
  const found = new Set<EventSubProcess>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    const inside = [...found].flatMap(({ id }) => net.summaries.get(id) ?? []);
    const occurs: Occurrences = {
      ...around,
      waits: around.waits || inside.some(({ waits }) => waits),
      errors: new Set([...around.errors, ...inside.flatMap(({ errors }) => [...errors])]),
      escalations: new Set([...around.escalations, ...inside.flatMap(({ escalations }) => [...escalations])]),
    };
    for (const scope of net.eventSubProcesses) {
      const trigger = triggerOf(net.model, scope);
      if (trigger !== null && canOccur(trigger, occurs)) found.add(scope);
    }
  }
  return [...found];
}

function triggerOf({ nodes }: ProcessModel, { startEvent }: EventSubProcess) {
  const start = nodes[startEvent];
  return start?.type === 'startEvent' ? start.trigger : null;
}

/** Event sub-processes whose trigger never occurs, handlers of activities that are never undone. */
function deadScopes(net: ScopeNet, { isVisited }: Ways): readonly Fault[] {
  const handlers = Object.values(net.model.nodes).filter((node) => node.parent === net.id && isHandler(node));
  return [...net.eventSubProcesses, ...handlers]
    .filter(({ id }) => !isVisited(id))
    .map(({ id }) => ({ code: 'DEAD_ELEMENT', severity: 'info', elements: [id], path: [] }));
}

const missingDefaults = (
  net: ScopeNet,
  visited: readonly FlowNode[],
  pathHere: Surroundings['pathHere'],
): readonly Fault[] =>
  visited
    .filter((node) => net.exits(node).mayFail)
    .map(({ id, outgoing }) => ({ code: 'DEFAULT_MISSING', elements: [id, ...outgoing], path: pathHere(id) ?? [] }));

interface Outcome {
  readonly around: Occurrences;
  readonly entered: readonly (readonly [ElementId, ScopeAnalysis])[];
  readonly completes: boolean;
}
function summarize({ model, id, eventSubProcesses }: ScopeNet, { around, entered, completes }: Outcome): ScopeSummary {
  const handling = entered.filter(([scope]) => model.nodes[scope]?.type === 'eventSubProcess');
  const triggers = eventSubProcesses.flatMap((scope) => triggerOf(model, scope) ?? []);
  const fromHandling = (codes: (summary: ScopeSummary) => ReadonlySet<string>): string[] =>
    handling.flatMap(([, { summary }]) => [...codes(summary)]);
  const isAdHoc = id !== null && model.nodes[id]?.type === 'adHocSubProcess';
  return {
    completes: completes || isAdHoc || handling.some(([, { summary }]) => summary.completes),
    waits: around.waits || (id !== null && isAdHoc) || handling.some(([, { summary }]) => summary.waits),
    cancels: around.cancels,
    errors: new Set([...uncaught(around.errors, 'error', triggers), ...fromHandling(({ errors }) => errors)]),
    escalations: new Set([
      ...uncaught(around.escalations, 'escalation', triggers),
      ...fromHandling(({ escalations }) => escalations),
    ]),
  };
}

/** Pass 2: the flow graph of one process, with every element whether supported or not, so that the rules see the whole picture. */
import { linkFlowsOf } from './links.ts';
import {
  child,
  children,
  contained,
  flag,
  idOf,
  instanceOf,
  triggersOf,
  typeName,
  type ModdleElement,
} from './moddle.ts';

export interface GraphFlow {
  readonly id: string;
  readonly element: ModdleElement;
  readonly source: GraphNode;
  readonly target: GraphNode;
  readonly hasCondition: boolean;
  /** A pair of link events instead of a line; `element` is the throw event. */
  readonly link: boolean;
}
export interface GraphNode {
  readonly id: string;
  readonly element: ModdleElement;
  /** Name of the XML element, such as `userTask`. */
  readonly type: string;
  /** Enclosing sub-process, null: the process. */
  readonly parent: string | null;
  /** Flow nodes directly inside, in document order. */
  readonly inside: GraphNode[];
  /** In document order, as BPMN 2.0.2 §13.4.2 wants for conditions. */
  readonly incoming: GraphFlow[];
  readonly outgoing: GraphFlow[];
  /** Boundary events only: the activity; null: none, or not in the same scope. */
  attachedTo: GraphNode | null;
  readonly boundary: GraphNode[];
  /** Compensation boundary events: the activities they are associated with. */
  readonly handlers: GraphNode[];
}
export interface ProcessGraph {
  readonly process: ModdleElement;
  readonly processId: string;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Lines, then pairs of link events. */
  readonly flows: readonly GraphFlow[];
  /** Flow nodes and sequence flows without id. */
  readonly anonymous: readonly ModdleElement[];
  /** Sequence flows whose ends lie in different scopes. */
  readonly crossing: readonly ModdleElement[];
  /** Sequence flows with an end that leads nowhere. */
  readonly loose: readonly ModdleElement[];
}

export function graphOf(process: ModdleElement): ProcessGraph {
  const nodes = new Map<string, GraphNode>();
  const anonymous: ModdleElement[] = [];
  const byElement = new Map<ModdleElement, GraphNode>();
  const flowElements: ModdleElement[] = [];
  const associations: ModdleElement[] = [];
  collect(process, null, { nodes, anonymous, byElement, flowElements, associations });
  const flows: GraphFlow[] = [];
  const crossing: ModdleElement[] = [];
  const loose: ModdleElement[] = [];
  for (const element of flowElements) {
    const source = nodeAt(byElement, child(element, 'sourceRef'));
    const target = nodeAt(byElement, child(element, 'targetRef'));
    const sourceGiven = child(element, 'sourceRef') !== null;
    const targetGiven = child(element, 'targetRef') !== null;
    const id = idOf(element);
    if (id === null) anonymous.push(element);
    else if (source !== undefined && target !== undefined && source.parent === target.parent) {
      const hasCondition = child(element, 'conditionExpression') !== null;
      flows.push({ id, element, source, target, hasCondition, link: false });
    } else (sourceGiven && targetGiven ? crossing : loose).push(element);
  }
  flows.push(...linkFlowsOf([...nodes.values()]));
  for (const flow of flows) {
    flow.source.outgoing.push(flow);
    flow.target.incoming.push(flow);
  }
  attachBoundaryEvents(nodes, byElement);
  associateHandlers(associations, byElement);
  return { process, processId: idOf(process) ?? '', nodes, flows, anonymous, crossing, loose };
}

interface Collection {
  readonly nodes: Map<string, GraphNode>;
  readonly anonymous: ModdleElement[];
  readonly byElement: Map<ModdleElement, GraphNode>;
  readonly flowElements: ModdleElement[];
  readonly associations: ModdleElement[];
}

/** Recursion is bounded by limits.depth of the source. */
function collect(container: ModdleElement, parent: GraphNode | null, into: Collection): void {
  into.associations.push(...children(container, 'artifacts').filter((part) => part.$type === 'bpmn:Association'));
  for (const element of children(container, 'flowElements')) {
    if (element.$type === 'bpmn:SequenceFlow') into.flowElements.push(element);
    if (!instanceOf(element, 'bpmn:FlowNode')) continue;
    const id = idOf(element);
    if (id === null) {
      into.anonymous.push(element);
      continue;
    }
    const type = typeName(element);
    const node: GraphNode = {
      id,
      element,
      type,
      parent: parent?.id ?? null,
      inside: [],
      incoming: [],
      outgoing: [],
      attachedTo: null,
      boundary: [],
      handlers: [],
    };
    parent?.inside.push(node);
    into.nodes.set(id, node);
    into.byElement.set(element, node);
    if (instanceOf(element, 'bpmn:SubProcess')) collect(element, node, into);
  }
}

const nodeAt = (
  byElement: ReadonlyMap<ModdleElement, GraphNode>,
  element: ModdleElement | null,
): GraphNode | undefined => (element === null ? undefined : byElement.get(element));

function attachBoundaryEvents(
  nodes: ReadonlyMap<string, GraphNode>,
  byElement: ReadonlyMap<ModdleElement, GraphNode>,
): void {
  for (const node of nodes.values()) {
    if (node.type !== 'boundaryEvent') continue;
    const host = nodeAt(byElement, child(node.element, 'attachedToRef'));
    if (host === undefined || host.parent !== node.parent || !canCarryEvents(host.element)) continue;
    node.attachedTo = host;
    host.boundary.push(node);
  }
}

/** An event sub-process is no activity of the normal flow that could be left early (BPMN 2.0.2 §10.3.5). */
const canCarryEvents = (element: ModdleElement): boolean =>
  instanceOf(element, 'bpmn:Activity') && !isEventSubProcess(element);

/** BPMN 2.0.2 §10.7.1: an association leads from a compensation boundary event to its handler, drawn in either direction. */
function associateHandlers(
  associations: readonly ModdleElement[],
  byElement: ReadonlyMap<ModdleElement, GraphNode>,
): void {
  for (const association of associations) {
    const ends = [child(association, 'sourceRef'), child(association, 'targetRef')].map((end) =>
      nodeAt(byElement, end),
    );
    const event = ends.find((end) => end !== undefined && isCompensationBoundary(end.element));
    const activity = ends.find((end) => end !== undefined && instanceOf(end.element, 'bpmn:Activity'));
    if (event !== undefined && activity !== undefined) event.handlers.push(activity);
  }
}

/** It never occurs by itself: its handler is what runs. */
export const isCompensationBoundary = (element: ModdleElement): boolean =>
  element.$type === 'bpmn:BoundaryEvent' &&
  triggersOf(element).some((definition) => definition.$type === 'bpmn:CompensateEventDefinition');

export const isEventSubProcess = (element: ModdleElement): boolean =>
  instanceOf(element, 'bpmn:SubProcess') && flag(element, 'triggeredByEvent', false);

/** Every element of the file, in document order. */
export function* walk(element: ModdleElement): Generator<ModdleElement> {
  yield element;
  for (const part of contained(element)) yield* walk(part);
}

/** The linear equal of a diagram: every step with where it leads, in the order a reader meets them (WCAG 1.1.1, 2.1.1). */

/** What bpmn-js keeps of an element, as far as it is used here. */
export interface RegistryElement {
  readonly id: string;
  readonly type: string;
  readonly businessObject: BusinessObject;
  readonly parent?: RegistryElement | undefined;
  readonly outgoing?: readonly { readonly target?: RegistryElement; readonly businessObject: BusinessObject }[];
  readonly attachers?: readonly RegistryElement[];
  readonly labelTarget?: unknown;
}
interface BusinessObject {
  readonly id: string;
  readonly name?: string;
  readonly flowNodeRef?: readonly { readonly id: string }[];
  readonly documentation?: readonly { readonly text?: string }[];
  readonly triggeredByEvent?: boolean;
  readonly eventDefinitions?: readonly { readonly $type: string; readonly name?: string }[];
}

export interface DiagramStep {
  readonly id: string;
  readonly name: string | null;
  /** BPMN name without prefix: userTask, exclusiveGateway …; eventSubProcess for a sub-process that an event begins. */
  readonly type: string;
  readonly lane: string | null;
  readonly next: readonly { readonly id: string; readonly name: string | null; readonly condition: string | null }[];
  readonly documentation: string | null;
}

const flowNode = /(Task|Event|Gateway|SubProcess|Transaction|CallActivity)$/;

function isFlowNode(element: RegistryElement): boolean {
  return element.labelTarget === undefined && flowNode.test(element.type);
}

function shortType({ type, businessObject }: RegistryElement): string {
  if (businessObject.triggeredByEvent === true) return 'eventSubProcess';
  const name = type.replace(/^bpmn:/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}

interface Step {
  readonly node: RegistryElement;
  readonly condition: string | null;
}
/** Where a node leads: by its lines, and by its link to the catch event of the same name and scope. */
function stepsFrom(node: RegistryElement, nodes: readonly RegistryElement[]): readonly Step[] {
  const drawn = (node.outgoing ?? []).flatMap(({ target, businessObject }) =>
    target !== undefined && isFlowNode(target) ? [{ node: target, condition: businessObject.name ?? null }] : [],
  );
  const link = node.type === 'bpmn:IntermediateThrowEvent' ? linkOf(node) : null;
  if (link === null) return drawn;
  const catches = nodes.filter(
    (other) =>
      other.type === 'bpmn:IntermediateCatchEvent' && linkOf(other) === link && other.parent?.id === node.parent?.id,
  );
  return [...drawn, ...catches.map((other) => ({ node: other, condition: null }))];
}
function linkOf({ businessObject }: RegistryElement): string | null {
  const definition = businessObject.eventDefinitions?.find(({ $type }) => $type === 'bpmn:LinkEventDefinition');
  return definition?.name ?? null;
}

function lanesOf(elements: readonly RegistryElement[]): ReadonlyMap<string, string> {
  const lanes = new Map<string, string>();
  for (const element of elements) {
    if (element.type !== 'bpmn:Lane') continue;
    for (const node of element.businessObject.flowNodeRef ?? [])
      lanes.set(node.id, element.businessObject.name ?? element.id);
  }
  return lanes;
}

/** Breadth first from the elements nobody leads to, so that the list reads as the process runs. */
export function diagramSteps(elements: readonly RegistryElement[]): DiagramStep[] {
  const nodes = elements.filter(isFlowNode);
  const lanes = lanesOf(elements);
  const nextOf = new Map(nodes.map((node) => [node, stepsFrom(node, nodes)]));
  const targets = new Set([...nextOf.values()].flatMap((next) => next.map((step) => step.node.id)));
  const starts = nodes.filter((node) => !targets.has(node.id) && node.type !== 'bpmn:BoundaryEvent');
  const queue = [...starts, ...nodes];
  const seen = new Set<string>();
  const steps: DiagramStep[] = [];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    if (seen.has(node.id)) continue;
    seen.add(node.id);
    const next = nextOf.get(node) ?? [];
    queue.unshift(...next.map((step) => step.node), ...(node.attachers ?? []));
    steps.push({
      id: node.id,
      name: node.businessObject.name ?? null,
      type: shortType(node),
      lane: laneOf(node, lanes),
      next: next.map(({ node: target, condition }) => ({
        id: target.id,
        name: target.businessObject.name ?? null,
        condition,
      })),
      documentation: node.businessObject.documentation?.[0]?.text ?? null,
    });
  }
  return steps;
}

function laneOf(node: RegistryElement, lanes: ReadonlyMap<string, string>): string | null {
  for (let at: RegistryElement | undefined = node; at !== undefined; at = at.parent) {
    const lane = lanes.get(at.id);
    if (lane !== undefined) return lane;
  }
  return null;
}

/** Element id → its places on the way, from 1: "2", or "2, 5" where the way comes by twice. */
export function pathPlaces(path: readonly string[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const [index, id] of path.entries()) {
    const before = places.get(id);
    places.set(id, before === undefined ? String(index + 1) : `${before}, ${String(index + 1)}`);
  }
  return places;
}

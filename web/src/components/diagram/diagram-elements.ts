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
}

export interface DiagramStep {
  readonly id: string;
  readonly name: string | null;
  /** BPMN name without prefix: userTask, exclusiveGateway … */
  readonly type: string;
  readonly lane: string | null;
  readonly next: readonly { readonly id: string; readonly name: string | null; readonly condition: string | null }[];
  readonly documentation: string | null;
}

const flowNode = /(Task|Event|Gateway|SubProcess|CallActivity)$/;

function isFlowNode(element: RegistryElement): boolean {
  return element.labelTarget === undefined && flowNode.test(element.type);
}

function shortType(type: string): string {
  const name = type.replace(/^bpmn:/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
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
  const targets = new Set(nodes.flatMap((node) => (node.outgoing ?? []).map((flow) => flow.target?.id)));
  const starts = nodes.filter((node) => !targets.has(node.id) && node.type !== 'bpmn:BoundaryEvent');
  const queue = [...starts, ...nodes];
  const seen = new Set<string>();
  const steps: DiagramStep[] = [];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    if (seen.has(node.id)) continue;
    seen.add(node.id);
    const flows = (node.outgoing ?? []).filter((flow) => flow.target !== undefined && isFlowNode(flow.target));
    queue.unshift(
      ...flows.flatMap((flow) => (flow.target === undefined ? [] : [flow.target])),
      ...(node.attachers ?? []),
    );
    steps.push({
      id: node.id,
      name: node.businessObject.name ?? null,
      type: shortType(node.type),
      lane: laneOf(node, lanes),
      next: flows.map((flow) => ({
        id: flow.target?.id ?? '',
        name: flow.target?.businessObject.name ?? null,
        condition: flow.businessObject.name ?? null,
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

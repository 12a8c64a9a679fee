/** The beginning of an instance (BPMN 2.0.2 §13.2, §13.5.1). */
import type { Rejection, StartInstance } from './command.ts';
import { evaluateKey } from './expression.ts';
import type { HeldStart } from './fact.ts';
import { activateNode, takeFlow } from './flow.ts';
import { reject } from './handler.ts';
import type { Asked } from './handler.ts';
import { limits } from './limits.ts';
import type {
  CatchTrigger,
  ElementId,
  EventBasedGateway,
  Expression,
  FlowNode,
  ProcessModel,
  SingleTrigger,
} from './model.ts';
import { activatable, activateAll, boardOf, found, placeFor } from './placing.ts';
import type { Activation, Answer } from './placing.ts';
import { deliver, emit, nodeOf, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { takeToEvent } from './triggering.ts';
import { ownValue } from './variables.ts';

/** What an element waits for before it lets a token through; null: nothing. */
export function triggerOf(node: FlowNode): CatchTrigger | null {
  if (node.type === 'receiveTask') return { type: 'message', message: node.message };
  return 'trigger' in node ? node.trigger : null;
}

export interface StartTrigger {
  readonly elementId: ElementId;
  readonly trigger: SingleTrigger;
  /** Place among the triggers of a multiple start event, for `StartInstance.startPart`; 0 for the only one. */
  readonly part: number;
}

/** Everything that starts an instance of the process by itself, for the host to wait for. */
export function startTriggersOf(process: ProcessModel): readonly StartTrigger[] {
  return process.startElements.flatMap((elementId): StartTrigger[] => {
    const node = process.nodes[elementId];
    if (!node || !isTriggered(process, node)) return [];
    const trigger = triggerOf(node);
    if (trigger === null) return [];
    const singles = 'triggers' in trigger ? trigger.triggers : [trigger];
    return singles.map((single, part) => ({ elementId, trigger: single, part }));
  });
}

/** Whether the element starts an instance because something occurred. */
function isTriggered(process: ProcessModel, node: FlowNode): boolean {
  if (node.type === 'startEvent') return node.trigger !== null;
  if (node.type === 'receiveTask' && node.instantiate) return true;
  return gatewayBefore(process, node) !== null;
}

function gatewayBefore(process: ProcessModel, node: FlowNode): EventBasedGateway | null {
  for (const flow of node.incoming) {
    const source = process.nodes[process.flows[flow]?.source ?? ''];
    if (source?.type === 'eventBasedGateway' && source.instantiates !== null) return source;
  }
  return null;
}

/**
 * The elements that get the first tokens: the one that was triggered; without one, the none start event, or in a process that has no start
 * at all every element that no flow reaches. Empty: the process cannot be started so.
 */
export function startElementsOf(process: ProcessModel, triggered: ElementId | null): readonly FlowNode[] {
  const nodes = process.startElements.flatMap((id) => process.nodes[id] ?? []);
  if (triggered !== null) return nodes.filter((node) => node.id === triggered && isStart(process, node));
  const plain = nodes.find((node) => node.type === 'startEvent' && node.trigger === null);
  if (plain) return [plain];
  return nodes.some((node) => isStart(process, node)) ? [] : nodes;
}

const isStart = (process: ProcessModel, node: FlowNode): boolean =>
  node.type === 'startEvent' || isTriggered(process, node);

/** The number and the region people know the case by are settled for good; then the process's own waits begin and the first tokens move. */
export function startInstance(run: Run, command: StartInstance): void {
  const { process } = run;
  const businessKey =
    command.businessKey === null ? keyOf(run, process.businessKey, command) : valued(command.businessKey);
  const region = regionOf(run, command);
  const { instanceKey, definitionKey, version, parent, variables, startElement, startPart = 0, startAt } = command;
  const { processId } = process;
  const keys = { businessKey: businessKey.value, region: region.value };
  const start = { startElement, startPart, variables, ...(startAt && { startAt }) };
  const isHeld = process.listeners.some(({ event }) => event === 'start');
  const held = isHeld ? { held: start } : undefined;
  emit(run, { type: 'instanceStarted', instanceKey, processId, definitionKey, version, ...keys, parent, ...held });
  for (const { problem } of [businessKey, region]) {
    if (problem !== null) raise(run, 0, 'acknowledge', { code: 'EXTRACT_VALUE_ERROR', message: problem });
  }
  if (!isTriggeredStart(run, start)) setLocal(run, 0, variables, 'delivery');
  if (isHeld || process.eventSubProcesses.length > 0) schedule(run, 0, 'activate');
  if (!isHeld) startTokens(run, start);
}

const isTriggeredStart = ({ process }: Run, { startElement, startAt }: HeldStart): boolean =>
  !startAt &&
  startElement !== null &&
  startElementsOf(process, startElement).some((node) => isTriggered(process, node));

/** The first tokens of the instance. */
export function startTokens(run: Run, start: HeldStart): void {
  const { process, draft, actor } = run;
  const begun = start.startAt && beginningsAt({ process, draft, actor }, start.startAt);
  if (begun?.ok) {
    activateAll(run, begun.value);
    return;
  }
  const triggered = isTriggeredStart(run, start);
  for (const node of startElementsOf(run.process, start.startElement)) {
    if (triggered) startTriggered(run, node, start);
    else schedule(run, activateNode(run, node, 0), 'activate');
  }
}

/** Each as a modification activates it: within scopes that begin without their start events. */
function beginningsAt(asked: Asked, elementIds: readonly ElementId[]): Answer<Activation[]> {
  const board = boardOf(asked);
  const activations: Activation[] = [];
  for (const elementId of elementIds) {
    const node = activatable(asked.process, elementId);
    if (!node.ok) return node;
    const place = placeFor(board, node.value);
    if (!place.ok) return place;
    activations.push({ node: node.value, place: place.value, variables: [] });
  }
  return found(activations);
}

/** Why an instance cannot begin at these elements; null: it can. */
export function refuseStartAt(asked: Asked, elementIds: readonly ElementId[]): Rejection | null {
  if (elementIds.length === 0 || elementIds.length > limits.modifyInstructions) {
    return reject('notActivatable', `An instance begins at 1 to ${limits.modifyInstructions} elements.`);
  }
  const begun = beginningsAt(asked, elementIds);
  return begun.ok ? null : reject('notActivatable', begun.problem);
}

function startTriggered(run: Run, start: FlowNode, { variables, startPart }: HeldStart): void {
  const gateway = gatewayBefore(run.process, start);
  if (gateway) {
    passGateway(run, gateway, start, variables);
    return;
  }
  const seq = activateNode(run, start, 0);
  deliver(run, seq, start, variables);
  if (start.type === 'startEvent') {
    if (start.trigger?.type === 'parallelMultiple') {
      emit(run, { type: 'eventPartOccurred', element: seq, elementId: start.id, part: startPart });
    }
    schedule(run, seq, 'activate');
  } else schedule(run, seq, 'trigger');
}

/** BPMN 2.0.2 §10.6.6: an instantiating event-based gateway; a parallel one goes on to wait for its other events. */
function passGateway(
  run: Run,
  gateway: EventBasedGateway,
  event: FlowNode,
  variables: StartInstance['variables'],
): void {
  const element = activateNode(run, gateway, 0);
  const { id: elementId, type: elementType } = gateway;
  emit(run, { type: 'elementCompleted', element, elementId, elementType });
  takeToEvent(run, elementId, 0, event, variables);
  if (gateway.instantiates !== 'parallel') return;
  for (const flow of gateway.outgoing) {
    if (nodeOf(run, run.process.flows[flow]?.target ?? '').id !== event.id) takeFlow(run, flow, 0);
  }
}

interface Key {
  readonly value: string | null;
  readonly problem: string | null;
}
const valued = (value: string | null): Key => ({ value, problem: null });

/** Whoever may see the caller's region sees the child's as well. */
function regionOf(run: Run, command: StartInstance): Key {
  const { region: given, narrowsRegion } = command;
  const own = given === null || narrowsRegion ? keyOf(run, run.process.region, command) : valued(null);
  if (given === null) return own;
  return valued(own.value !== null && isWithin(own.value, given) ? own.value : given);
}
const wholeCountry = '*';
const isWithin = (region: string, outer: string): boolean => outer === wholeCountry || region.startsWith(`${outer}.`);

function keyOf(run: Run, expression: Expression | null, { variables }: StartInstance): Key {
  if (expression === null) return valued(null);
  const result = evaluateKey(expression, { lookup: (name) => ownValue(variables, name), nowMs: run.nowMs });
  return result.ok ? valued(result.value) : { value: null, problem: result.failure.message };
}

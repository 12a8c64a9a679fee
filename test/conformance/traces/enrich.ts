/**
 * The plain models of bpmn.io's token simulator as executable ones. The simulator knows neither jobs nor messages: whatever waits there is
 * triggered by hand. Here a task is passed through, as there, unless the trace waits at it: then it is a service task whose job is
 * completed where the trace says that it is left. Every timer, message and condition is a message of the element's own name, published
 * where the trace says `signal`. Conditions of flows ask the variable `taken`: the flows that the trace takes next. Nothing else changes: no element, flow, scope, attachment or reference.
 */
import { child, children, filled, flag, idOf, instanceOf, moddle } from '#bpmn/moddle.ts';
import type { ModdleElement } from '#bpmn/moddle.ts';

type Writable = Record<string, unknown>;
const writable = (element: ModdleElement): Writable => element as unknown as Writable;

/** Every message has this one correlation key. */
export const correlationKey = 'trace';

const anyTask =
  /<(\/?)(bpmn:)?(?:task|userTask|manualTask|scriptTask|serviceTask|businessRuleTask|callActivity)\b([^>]*)>/g;
const awaited = ['bpmn:MessageEventDefinition', 'bpmn:TimerEventDefinition', 'bpmn:ConditionalEventDefinition'];

export async function enrich(xml: string, trace: readonly string[]): Promise<string> {
  const { rootElement } = await moddle.fromXML(withTasks(xml, pausedIn(trace)), { lax: true });
  const definitions = rootElement as ModdleElement;
  const roots = children(definitions, 'rootElements');
  const add = (element: object): void => {
    writable(definitions)['rootElements'] = [...children(definitions, 'rootElements'), element];
  };
  const flows = new Map<string, string>();
  for (const root of roots) for (const flow of children(root, 'messageFlows')) noteFlow(flows, flow);
  for (const root of roots) if (instanceOf(root, 'bpmn:Process')) enrichProcess(root, { add, flows });
  const { xml: written } = await moddle.toXML(definitions, { format: true });
  return written;
}

/** Elements that are entered and not left at once: their token waits. */
function pausedIn(trace: readonly string[]): ReadonlySet<string> {
  const entered = trace.filter((line) => line.startsWith('enter:')).map((line) => line.split(':')[1] ?? '');
  const left = (id: string): number => trace.filter((line) => line.startsWith(`exit:${id}:`)).length;
  const byHand = (id: string): boolean => trace.some((line) => line.startsWith(`signal:${id}:`));
  return new Set(entered.filter((id) => byHand(id) || entered.filter((other) => other === id).length > left(id)));
}

/** Tasks do not contain each other: a closing tag belongs to the last one opened. */
function withTasks(xml: string, paused: ReadonlySet<string>): string {
  let opened = 'task';
  return xml.replaceAll(anyTask, (_, slash: string, prefix: string | undefined, attributes: string) => {
    const id = /\bid="([^"]*)"/.exec(attributes)?.[1];
    if (slash === '') opened = id !== undefined && paused.has(id) ? 'serviceTask' : 'task';
    return `<${slash}${prefix ?? ''}${opened}${attributes}>`;
  });
}

/** Both ends of a message flow speak of the message by the id of its target. */
function noteFlow(flows: Map<string, string>, flow: ModdleElement): void {
  const [source, target] = [child(flow, 'sourceRef'), child(flow, 'targetRef')].map((end) => end && idOf(end));
  if (source && target) flows.set(source, target);
}

interface Tools {
  readonly add: (element: object) => void;
  /** Message name by the id of the element that sends it. */
  readonly flows: ReadonlyMap<string, string>;
}

function enrichProcess(process: ModdleElement, tools: Tools): void {
  // an event sub-process alone never begins
  const isStartable = children(process, 'flowElements').some((element) => !flag(element, 'triggeredByEvent', false));
  writable(process)['isExecutable'] = isStartable;
  if (!isStartable) return;
  const starts = children(process, 'flowElements').filter((element) => instanceOf(element, 'bpmn:StartEvent'));
  // several none start events: which one it is cannot be said, so each is asked for by its name
  if (starts.length > 1)
    for (const start of starts) if (children(start, 'eventDefinitions').length === 0) awaitMessage(start, tools);
  if (starts.length === 0) extend(process, properties('alur.implicitStart', 'true'));
  enrichScope(process, tools);
}

function enrichScope(scope: ModdleElement, tools: Tools): void {
  for (const element of children(scope, 'flowElements')) {
    if (instanceOf(element, 'bpmn:EventBasedGateway')) pairEvents(element, idOf(element) ?? '');
  }
  for (const element of children(scope, 'flowElements')) {
    enrichElement(element, tools);
    if (instanceOf(element, 'bpmn:SubProcess')) enrichScope(element, tools);
  }
}

function enrichElement(element: ModdleElement, tools: Tools): void {
  const id = idOf(element) ?? '';
  const definitions = children(element, 'eventDefinitions');
  if (instanceOf(element, 'bpmn:SequenceFlow')) enrichFlow(element, id);
  else if (instanceOf(element, 'bpmn:ServiceTask'))
    extend(element, moddle.create('zeebe:TaskDefinition', { type: id }));
  else if (instanceOf(element, 'bpmn:SendTask')) send(element, id, element, tools);
  else if (instanceOf(element, 'bpmn:ReceiveTask')) writable(element)['messageRef'] = message(id, tools, true);
  else if (instanceOf(element, 'bpmn:ThrowEvent')) {
    const sends = definitions.find((definition) => definition.$type === 'bpmn:MessageEventDefinition');
    if (sends) send(element, id, sends, tools);
    else if (tools.flows.has(id)) sendBy(element, id, tools);
    for (const definition of definitions) {
      nameSignal(definition, tools);
      nameCode(definition, 'error', tools);
      nameCode(definition, 'escalation', tools);
    }
  } else if (instanceOf(element, 'bpmn:CatchEvent')) {
    const waits = definitions.some(({ $type }) => awaited.includes($type)) || isBareCatch(element);
    if (waits && !isNamed(element)) awaitMessage(element, tools);
    for (const definition of definitions) nameSignal(definition, tools);
  }
  for (const definition of definitions) nameLink(definition);
}

const isNamed = (event: ModdleElement): boolean =>
  children(event, 'eventDefinitions').some((definition) => child(definition, 'messageRef') !== null);
const isBareCatch = (element: ModdleElement): boolean =>
  element.$type === 'bpmn:IntermediateCatchEvent' && children(element, 'eventDefinitions').length === 0;

function enrichFlow(flow: ModdleElement, id: string): void {
  const source = child(flow, 'sourceRef');
  const chooses =
    source && (instanceOf(source, 'bpmn:ExclusiveGateway') || instanceOf(source, 'bpmn:InclusiveGateway'));
  if (!chooses || children(source, 'outgoing').length < 2 || child(source, 'default') === flow) return;
  const body = `=list contains(taken, "${id}")`;
  writable(flow)['conditionExpression'] = moddle.create('bpmn:FormalExpression', { body });
}

/** An event-based gateway with a single event, which the standard does not know, gets a second one that never occurs. */
function pairEvents(gateway: ModdleElement, id: string): void {
  const scope = gateway.$parent;
  const outgoing = children(gateway, 'outgoing');
  if (!scope || outgoing.length !== 1) return;
  const never = moddle.create('bpmn:IntermediateCatchEvent', { id: `${id}-never` }) as ModdleElement;
  const end = moddle.create('bpmn:EndEvent', { id: `${id}-never-end` }) as ModdleElement;
  const flows = [connect(gateway, never), connect(never, end)];
  writable(scope)['flowElements'] = [...children(scope, 'flowElements'), never, end, ...flows];
}
function connect(source: ModdleElement, target: ModdleElement): object {
  const id = `${idOf(source) ?? ''}-to-${idOf(target) ?? ''}`;
  const flow = moddle.create('bpmn:SequenceFlow', { id, sourceRef: source, targetRef: target }) as ModdleElement;
  writable(source)['outgoing'] = [...children(source, 'outgoing'), flow];
  writable(target)['incoming'] = [flow];
  return flow;
}

/** The event waits for a message of its own name. */
function awaitMessage(event: ModdleElement, tools: Tools): void {
  const isStart = event.$type === 'bpmn:StartEvent';
  const isProcessStart = isStart && event.$parent?.$type === 'bpmn:Process';
  const messageRef = message(idOf(event) ?? '', tools, !isProcessStart);
  const definition = moddle.create('bpmn:MessageEventDefinition', { messageRef });
  writable(event)['eventDefinitions'] = [definition];
}

function message(name: string, { add }: Tools, withKey: boolean): object {
  const created = moddle.create('bpmn:Message', { id: `message-${name}`, name }) as ModdleElement;
  if (withKey) extend(created, moddle.create('zeebe:Subscription', { correlationKey: `="${correlationKey}"` }));
  add(created);
  return created;
}

/** `holder`: the send task, or the event's definition. */
function send(element: ModdleElement, id: string, holder: ModdleElement, tools: Tools): void {
  const name = tools.flows.get(id) ?? `nobody-${id}`;
  writable(holder)['messageRef'] = message(
    `${name}-from-${id}`,
    { ...tools, add: (created) => named(created, name, tools) },
    false,
  );
  extend(element, moddle.create('zeebe:PublishMessage', { correlationKey: `="${correlationKey}"` }));
}
function named(created: object, name: string, { add }: Tools): void {
  (created as Writable)['name'] = name;
  add(created);
}
function sendBy(element: ModdleElement, id: string, tools: Tools): void {
  const definition = moddle.create('bpmn:MessageEventDefinition', {}) as ModdleElement;
  writable(element)['eventDefinitions'] = [definition];
  send(element, id, definition, tools);
}

/** A signal without a name is its own, the same for all such. */
function nameSignal(definition: ModdleElement, { add }: Tools): void {
  if (definition.$type !== 'bpmn:SignalEventDefinition' || child(definition, 'signalRef')) return;
  const signal = moddle.create('bpmn:Signal', { id: `signal-${idOf(definition) ?? ''}`, name: 'unnamed' });
  add(signal);
  writable(definition)['signalRef'] = signal;
}

/** A thrown error or escalation without a name or code has one that only a catch-all fits. */
function nameCode(definition: ModdleElement, kind: 'error' | 'escalation', { add }: Tools): void {
  const type = kind === 'error' ? 'Error' : 'Escalation';
  if (definition.$type !== `bpmn:${type}EventDefinition`) return;
  const named = child(definition, `${kind}Ref`);
  if (named && filled(named, `${kind}Code`) !== null) return;
  const id = `${kind}-${idOf(definition) ?? ''}`;
  if (named) writable(named)[`${kind}Code`] = idOf(named);
  else {
    const thrown = moddle.create(`bpmn:${type}`, { id, name: id, [`${kind}Code`]: id });
    add(thrown);
    writable(definition)[`${kind}Ref`] = thrown;
  }
}

function nameLink(definition: ModdleElement): void {
  const isUnnamed = definition.$type === 'bpmn:LinkEventDefinition' && filled(definition, 'name') === null;
  if (isUnnamed) writable(definition)['name'] = 'unnamed';
}

const properties = (name: string, value: string): object =>
  moddle.create('zeebe:Properties', { properties: [moddle.create('zeebe:Property', { name, value })] });

function extend(element: ModdleElement, extension: object): void {
  const holder = child(element, 'extensionElements');
  const values = [...(holder ? children(holder, 'values') : []), extension];
  writable(element)['extensionElements'] = moddle.create('bpmn:ExtensionElements', { values });
}

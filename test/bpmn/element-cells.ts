/** The smallest model of each cell of the elements table: an event of a kind at a position, an activity at a place. */
import type { EventKind, EventPosition } from '#bpmn/events/positions.ts';
import { bpmn } from './support.ts';
import { ext, flow } from './model-text.ts';

const hour = '<bpmn:timeDuration>PT1H</bpmn:timeDuration>';
const daily = '<bpmn:timeCycle>R/P1D</bpmn:timeCycle>';
const message = '<bpmn:messageEventDefinition messageRef="m" />';
const signal = '<bpmn:signalEventDefinition signalRef="sig" />';
const referenced = `<bpmn:message id="m" name="pesan">${ext('<zeebe:subscription correlationKey="=k" />')}</bpmn:message>
<bpmn:signal id="sig" name="kabar" /><bpmn:error id="err" errorCode="E" /><bpmn:escalation id="esc" escalationCode="X" />`;

function definitionsOf(kind: EventKind, position: EventPosition): string {
  switch (kind) {
    case 'none':
      return '';
    case 'message':
      return message;
    case 'timer':
      return `<bpmn:timerEventDefinition>${position === 'processStart' ? daily : hour}</bpmn:timerEventDefinition>`;
    case 'signal':
      return signal;
    case 'conditional':
      return '<bpmn:conditionalEventDefinition><bpmn:condition>=a &gt; 1</bpmn:condition></bpmn:conditionalEventDefinition>';
    case 'error':
      return '<bpmn:errorEventDefinition errorRef="err" />';
    case 'escalation':
      return '<bpmn:escalationEventDefinition escalationRef="esc" />';
    case 'compensation':
      return '<bpmn:compensateEventDefinition />';
    case 'cancel':
      return '<bpmn:cancelEventDefinition />';
    case 'link':
      return '<bpmn:linkEventDefinition name="A" />';
    case 'terminate':
      return '<bpmn:terminateEventDefinition />';
    case 'multiple':
    case 'parallelMultiple':
      return message + signal;
  }
}

const start = '<bpmn:startEvent id="s" />';
const end = '<bpmn:endEvent id="e" />';
const undoingEnd = '<bpmn:endEvent id="e"><bpmn:compensateEventDefinition /></bpmn:endEvent>';
const line = (...ids: readonly string[]): string =>
  ids
    .slice(1)
    .map((id, at) => flow(ids[at] ?? '', id))
    .join('');
const scope = (type: string, content: string, attributes = '', id = 'sub'): string =>
  `<bpmn:${type} id="${id}" ${attributes}>${content}</bpmn:${type}>`;

/** Where events stand that need a scope or a counterpart of their own to be legal. */
function companion(kind: EventKind, position: EventPosition): string {
  const catching = position === 'intermediateCatch';
  if (kind === 'link' && catching) {
    return `<bpmn:intermediateThrowEvent id="pair">${definitionsOf(kind, position)}</bpmn:intermediateThrowEvent>${flow('s', 'pair')}`;
  }
  if (kind === 'link' && position === 'intermediateThrow') {
    return `<bpmn:intermediateCatchEvent id="pair">${definitionsOf(kind, position)}</bpmn:intermediateCatchEvent>${flow('pair', 'e')}`;
  }
  return '';
}

/** What throws an error or escalation, cancels, or has to be waited for, so that an event of the kind can occur at it. */
function occasion(kind: EventKind, id: string): string {
  const definition = definitionsOf(kind, 'end');
  switch (kind) {
    case 'error':
    case 'escalation':
      return scope('subProcess', `<bpmn:endEvent id="${id}-end">${definition}</bpmn:endEvent>`, '', id);
    case 'cancel':
      return scope('transaction', `<bpmn:endEvent id="${id}-end">${definition}</bpmn:endEvent>`, '', id);
    default:
      return `<bpmn:userTask id="${id}" />`;
  }
}

function boundaryModel(kind: EventKind): string {
  const compensated = kind === 'compensation';
  const handler = compensated
    ? '<bpmn:task id="undo" isForCompensation="true" /><bpmn:association id="line" sourceRef="x" targetRef="undo" />'
    : flow('x', 'e');
  return `${start}${occasion(kind, 'host')}${compensated ? undoingEnd : end}${line('s', 'host', 'e')}${handler}`;
}

/** An event sub-process with the event, in a sub-process where it occurs. */
function handlingModel(kind: EventKind, event: string): string {
  const inside = `${event}<bpmn:endEvent id="i" />${line('x', 'i')}`;
  const handling = scope('subProcess', inside, 'triggeredByEvent="true"', 'handling');
  const around = scope('subProcess', `${occasion(kind, 't')}${handling}`);
  return `${start}${around}${kind === 'compensation' ? undoingEnd : end}${line('s', 'sub', 'e')}`;
}

/** A process around the event `x`. */
function around(kind: EventKind, position: EventPosition): string {
  const content = definitionsOf(kind, position);
  const parallel = kind === 'parallelMultiple' ? ' parallelMultiple="true"' : '';
  const event = (type: string, attributes = ''): string =>
    `<bpmn:${type} id="x"${attributes}${parallel}>${content}</bpmn:${type}>`;
  switch (position) {
    case 'processStart':
      return `${event('startEvent')}${end}${line('x', 'e')}`;
    case 'subProcessStart':
      return `${start}${scope('subProcess', `${event('startEvent')}<bpmn:endEvent id="i" />${line('x', 'i')}`)}${end}${line('s', 'sub', 'e')}`;
    case 'eventSubProcessStart':
      return handlingModel(kind, event('startEvent'));
    case 'eventSubProcessStartNonInterrupting':
      return handlingModel(kind, event('startEvent', ' isInterrupting="false"'));
    case 'intermediateCatch': {
      const flows = kind === 'link' ? line('x', 'e') : line('s', 'x', 'e');
      return `${start}${event('intermediateCatchEvent')}${companion(kind, position)}${end}${flows}`;
    }
    case 'boundary':
      return `${event('boundaryEvent', ' attachedToRef="host"')}${boundaryModel(kind)}`;
    case 'boundaryNonInterrupting':
      return `${event('boundaryEvent', ' attachedToRef="host" cancelActivity="false"')}${boundaryModel(kind)}`;
    case 'intermediateThrow': {
      const flows = kind === 'link' ? line('s', 'x') : line('s', 'x', 'e');
      return `${start}${event('intermediateThrowEvent')}${companion(kind, position)}${end}${flows}`;
    }
    case 'end': {
      const caught: Partial<Record<EventKind, string>> = { cancel: 'transaction', error: 'subProcess' };
      const type = caught[kind];
      if (type === undefined) return `${start}${event('endEvent')}${line('s', 'x')}`;
      const boundary = `<bpmn:boundaryEvent id="b" attachedToRef="sub">${content}</bpmn:boundaryEvent>${flow('b', 'e')}`;
      return `${start}${scope(type, event('endEvent'))}${boundary}${end}${line('s', 'sub', 'e')}`;
    }
  }
}

/** A model with the event `x` of the kind at the position. */
export const eventModel = (kind: EventKind, position: EventPosition): string =>
  bpmn(around(kind, position), referenced);

/** What an activity of each type needs to be complete. */
const needs: Readonly<Record<string, { readonly attributes?: string; readonly content?: string }>> = {
  serviceTask: { content: ext('<zeebe:taskDefinition type="kerja" />') },
  sendTask: { attributes: 'messageRef="m"' },
  receiveTask: { attributes: 'messageRef="m"' },
  scriptTask: { content: ext('<zeebe:script expression="=1" resultVariable="r" />') },
  businessRuleTask: { content: ext('<zeebe:taskDefinition type="putusan" />') },
  callActivity: { content: ext('<zeebe:calledElement processId="lain" />') },
  subProcess: { content: '<bpmn:task id="inner" />' },
  transaction: { content: '<bpmn:task id="inner" />' },
  adHocSubProcess: { content: '<bpmn:task id="inner" />' },
  eventSubProcess: {
    attributes: 'triggeredByEvent="true"',
    content: `<bpmn:startEvent id="inner">${message}</bpmn:startEvent>`,
  },
};

export const activityPlaces = [
  'process',
  'subProcess',
  'eventSubProcess',
  'transaction',
  'adHocSubProcess',
  'multiInstance',
  'cardinality',
  'standardLoop',
  'compensationHandler',
  'boundaryEvent',
  'conditionalFlow',
  'instantiating',
] as const;
export type ActivityPlace = (typeof activityPlaces)[number];

const loops: Readonly<Partial<Record<ActivityPlace, string>>> = {
  multiInstance: `<bpmn:multiInstanceLoopCharacteristics isSequential="true">${ext('<zeebe:loopCharacteristics inputCollection="=daftar" />')}</bpmn:multiInstanceLoopCharacteristics>`,
  cardinality:
    '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>',
  standardLoop: '<bpmn:standardLoopCharacteristics loopMaximum="3" />',
};

/** A model with the activity `x` of the type at the place. */
export function activityModel(type: string, place: ActivityPlace): string {
  const { attributes = '', content = '' } = needs[type] ?? {};
  const element = type === 'eventSubProcess' ? 'subProcess' : type;
  const activity = (more = '', inside = ''): string =>
    `<bpmn:${element} id="x" ${attributes} ${more}>${content}${inside}</bpmn:${element}>`;
  const flows = type === 'eventSubProcess' ? line('s', 'e') : line('s', 'x', 'e');
  return bpmn(placed(place, activity, { flows, free: type === 'eventSubProcess' }), referenced);
}

interface Placement {
  /** Sequence flows start → x → end, or past an element that has none. */
  readonly flows: string;
  readonly free: boolean;
}

function placed(
  place: ActivityPlace,
  activity: (more?: string, inside?: string) => string,
  { flows, free }: Placement,
): string {
  switch (place) {
    case 'process':
      return free
        ? `${start}${activity()}<bpmn:userTask id="w" />${end}${line('s', 'w', 'e')}`
        : `${start}${activity()}${end}${flows}`;
    case 'subProcess':
    case 'transaction':
    case 'adHocSubProcess':
      return `${start}${scope(place, `${activity()}<bpmn:userTask id="t" />`)}${end}${line('s', 'sub', 'e')}`;
    case 'eventSubProcess': {
      const trigger = `<bpmn:startEvent id="i">${signal}</bpmn:startEvent>`;
      const inside = `${trigger}${activity()}<bpmn:userTask id="t" /><bpmn:endEvent id="j" />${free ? line('i', 't', 'j') : line('i', 'x', 't', 'j')}`;
      return `${start}${scope('subProcess', inside, 'triggeredByEvent="true"')}<bpmn:userTask id="w" />${end}${line('s', 'w', 'e')}`;
    }
    case 'multiInstance':
    case 'cardinality':
    case 'standardLoop':
      return `${start}${activity('', loops[place])}${end}${flows}`;
    case 'compensationHandler':
      return `${start}<bpmn:task id="t" />${activity('isForCompensation="true"')}<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:association id="line" sourceRef="b" targetRef="x" />${undoingEnd}${line('s', 't', 'e')}`;
    case 'boundaryEvent':
      return `${start}${activity()}<bpmn:boundaryEvent id="b" attachedToRef="x">${signal}</bpmn:boundaryEvent>${end}${flows}${flow('b', 'e')}`;
    case 'conditionalFlow':
      return `${start}${activity('default="x-e"')}${end}<bpmn:endEvent id="f" />${free ? line('s', 'e') + flow('x', 'e') : flows}<bpmn:sequenceFlow id="x-f" sourceRef="x" targetRef="f"><bpmn:conditionExpression>=lanjut</bpmn:conditionExpression></bpmn:sequenceFlow>`;
    case 'instantiating':
      return `${activity('instantiate="true"')}${end}${line('x', 'e')}`;
  }
}

export const gatewayUses = ['forkAndJoin', 'conditions', 'instantiating'] as const;
export type GatewayUse = (typeof gatewayUses)[number];

const conditionTo = (from: string, to: string): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"><bpmn:conditionExpression>=lanjut</bpmn:conditionExpression></bpmn:sequenceFlow>`;

/** A model with the gateway `x` that splits into `a` and `b`, and one of the same type that joins them where there can be one. */
export function gatewayModel(type: string, use: GatewayUse): string {
  const content =
    type === 'complexGateway' ? '<bpmn:activationCondition>=activationCount &gt; 0</bpmn:activationCondition>' : '';
  const gateway = (id: string, attributes = ''): string =>
    `<bpmn:${type} id="${id}" ${attributes}>${content}</bpmn:${type}>`;
  const events = type === 'eventBasedGateway';
  const [a, b] = events
    ? ['<bpmn:receiveTask id="a" messageRef="m" />', '<bpmn:receiveTask id="b" messageRef="other" />']
    : ['<bpmn:task id="a" />', '<bpmn:task id="b" />'];
  const other = events ? referenced.replaceAll('"m"', '"other"').replaceAll('"pesan"', '"lain"').split('\n')[0] : '';
  const chooses = use === 'conditions' || type === 'exclusiveGateway' || type === 'inclusiveGateway';
  const ways = chooses ? conditionTo('x', 'a') + flow('x', 'b') : flow('x', 'a') + flow('x', 'b');
  const split = gateway('x', use === 'instantiating' ? 'instantiate="true"' : chooses ? 'default="x-b"' : '');
  const join = events ? '<bpmn:exclusiveGateway id="join" />' : gateway('join');
  const head = use === 'instantiating' ? '' : start + flow('s', 'x');
  return bpmn(
    `${head}${split}${a}${b}${ways}${join}${line('a', 'join', 'e')}${flow('b', 'join')}${end}`,
    `${referenced}${other}`,
  );
}

/** Uses of gateways that the standard does not know, with the clause that says so. */
export function illegalUse(type: string, use: GatewayUse): string | null {
  if (use === 'instantiating') return type === 'eventBasedGateway' ? null : '§10.6.6';
  if (use === 'forkAndJoin') return null;
  return { parallelGateway: '§10.6.4', eventBasedGateway: '§10.6.6' }[type] ?? null;
}

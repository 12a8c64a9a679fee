/** A small model for each problem of events, scopes, gateways, loops, compensation and data. */
import { around, boundary, ext, flow, gatewayTo, job, loop, message, property, task, timer } from './model-text.ts';
import type { ProblemCase } from './problem-cases.ts';

const hour = timer('<bpmn:timeDuration>PT1H</bpmn:timeDuration>');
const catching = (id: string, definition: string): string =>
  `<bpmn:intermediateCatchEvent id="${id}">${definition}</bpmn:intermediateCatchEvent>`;
const throwing = (id: string, definition: string): string =>
  `<bpmn:intermediateThrowEvent id="${id}">${definition}</bpmn:intermediateThrowEvent>`;
const link = (name: string): string => `<bpmn:linkEventDefinition name="${name}" />`;
const onSignal = '<bpmn:signalEventDefinition signalRef="sig" />';
const compensate = '<bpmn:compensateEventDefinition />';
const cancel = '<bpmn:cancelEventDefinition />';
const association = (from: string, to: string): string =>
  `<bpmn:association id="${from}-${to}-a" sourceRef="${from}" targetRef="${to}" />`;
const event = (content: string): string =>
  `<bpmn:subProcess id="esp" triggeredByEvent="true">${content}</bpmn:subProcess>`;
/** Beside start → x → end. */
const beside = (more: string): string => around('<bpmn:task id="x" />', more);
const handled = (more: string): string =>
  beside(`<bpmn:boundaryEvent id="b" attachedToRef="x">${compensate}</bpmn:boundaryEvent>${more}`);
const handler = '<bpmn:task id="undo" isForCompensation="true" />';
const conditionalCatch = (content: string): string =>
  task('intermediateCatchEvent', `<bpmn:conditionalEventDefinition>${content}</bpmn:conditionalEventDefinition>`);
const received = (id: string): string => `<bpmn:receiveTask id="${id}" messageRef="m" />`;
const onMessage = '<bpmn:messageEventDefinition messageRef="m" />';

export const elementProblems: readonly ProblemCase[] = [
  ['EVENT_POSITION', 'x', task('intermediateCatchEvent', '<bpmn:errorEventDefinition />')],
  ['EVENT_POSITION', 'b', beside(boundary('b', '<bpmn:errorEventDefinition />', 'cancelActivity="false"'))],
  ['EVENT_POSITION', 'i', task('subProcess', `<bpmn:startEvent id="i">${hour}</bpmn:startEvent>`)],
  ['EVENT_POSITION', 'i', beside(event('<bpmn:startEvent id="i" />'))],
  ['EVENT_PART', 'x', task('intermediateCatchEvent', hour + link('A'))],
  ['EVENT_PART', 'b', beside(boundary('b', `${hour}<bpmn:errorEventDefinition />`, 'parallelMultiple="true"'))],
  [
    'TRIGGER_DUPLICATE',
    'c',
    beside(['b', 'c'].map((id) => boundary(id, '<bpmn:escalationEventDefinition />')).join('')),
  ],
  ['TRIGGER_DUPLICATE', 'x', task('intermediateCatchEvent', onMessage + hour + onMessage), message('n', '=k')],
  [
    'START_TRIGGER_DUPLICATE',
    'q',
    `<bpmn:startEvent id="s">${onMessage}</bpmn:startEvent><bpmn:receiveTask id="q" instantiate="true" messageRef="m" />`,
    message('n'),
  ],
  ['ESCALATION_MISSING', 'x', task('intermediateThrowEvent', '<bpmn:escalationEventDefinition />')],
  [
    'ESCALATION_CODE_MISSING',
    'x',
    task('intermediateThrowEvent', '<bpmn:escalationEventDefinition escalationRef="esc" />'),
    '<bpmn:escalation id="esc" />',
  ],
  [
    'CAUGHT_CODE_DYNAMIC',
    'b',
    beside(boundary('b', '<bpmn:escalationEventDefinition escalationRef="esc" />')),
    '<bpmn:escalation id="esc" escalationCode="=code" />',
  ],
  ['SIGNAL_MISSING', 'x', task('intermediateThrowEvent', '<bpmn:signalEventDefinition />')],
  ['SIGNAL_NAME_MISSING', 'x', task('intermediateThrowEvent', onSignal), '<bpmn:signal id="sig" />'],
  [
    'SIGNAL_NAME_DYNAMIC',
    's',
    `<bpmn:startEvent id="s">${onSignal}</bpmn:startEvent>`,
    '<bpmn:signal id="sig" name="=nama" />',
  ],
  ['CONDITION_EVENT_EMPTY', 'x', conditionalCatch('')],
  [
    'VARIABLE_EVENT_UNKNOWN',
    'x',
    conditionalCatch(
      `${ext('<zeebe:conditionalFilter variableEvents="delete" />')}<bpmn:condition>=a</bpmn:condition>`,
    ),
  ],
  [
    'LISTENER_EVENT_UNKNOWN',
    'x',
    task(
      'task',
      ext(
        '<zeebe:executionListeners><zeebe:executionListener eventType="middle" type="t" /></zeebe:executionListeners>',
      ),
    ),
  ],
  [
    'JOB_TYPE_MISSING',
    'x',
    task('userTask', ext('<zeebe:taskListeners><zeebe:taskListener eventType="completing" /></zeebe:taskListeners>')),
  ],
  [
    'LISTENER_EVENT_UNKNOWN',
    'p',
    `${ext('<zeebe:executionListeners><zeebe:executionListener eventType="take" type="t" /></zeebe:executionListeners>')}${task('task', '')}`,
  ],
  ['ACTIVATION_CONDITION_MISSING', 'x', task('complexGateway', '')],
  ['LOOP_ENDLESS', 'x', task('task', '<bpmn:standardLoopCharacteristics />')],
  ['LOOP_MAXIMUM_INVALID', 'x', task('task', '<bpmn:standardLoopCharacteristics loopMaximum="0" />')],
  [
    'MULTI_INSTANCE_AMBIGUOUS',
    'x',
    task(
      'task',
      loop('<zeebe:loopCharacteristics inputCollection="=a" />', '<bpmn:loopCardinality>3</bpmn:loopCardinality>'),
    ),
  ],
  [
    'CONTENT_UNSUPPORTED',
    'x',
    task('task', loop('<zeebe:loopCharacteristics inputCollection="=a" />', '<bpmn:complexBehaviorDefinition />')),
  ],
  ['CONTENT_SHOWN', 'x', task('userTask', '<bpmn:potentialOwner />')],
  ['CONTENT_SHOWN', 'x', task('serviceTask', ext(`${job}<zeebe:jobPriorityDefinition priority="5" />`))],
  [
    'DATA_ASSOCIATION_SHOWN',
    'x',
    `<bpmn:dataObjectReference id="d" name="Surat lamaran" />${task(
      'task',
      '<bpmn:ioSpecification><bpmn:dataInput id="in" name="surat" /></bpmn:ioSpecification><bpmn:dataInputAssociation><bpmn:sourceRef>d</bpmn:sourceRef><bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>',
    )}`,
  ],
  ['VERSION_INVALID', 'x', task('callActivity', property('alur.calledVersion', 'one'), 'calledElement="q"')],
  [
    'VERSION_AMBIGUOUS',
    'x',
    task(
      'callActivity',
      ext(
        '<zeebe:calledElement processId="q" bindingType="deployment" /><zeebe:properties><zeebe:property name="alur.calledVersion" value="1" /></zeebe:properties>',
      ),
    ),
  ],
  ['PROPERTY_VALUE', 'p', `${property('alur.compensationOrder', 'backwards')}${task('task', '')}`],

  ['LINK_NAME_MISSING', 't', beside(throwing('t', '<bpmn:linkEventDefinition />'))],
  ['LINK_FLOWS', 'x', task('intermediateThrowEvent', link('A'))],
  ['LINK_CATCH_MISSING', 't', beside(throwing('t', link('A')))],
  ['LINK_THROW_MISSING', 'c', beside(catching('c', link('A')))],
  ['LINK_CATCH_DUPLICATE', 'd', beside(throwing('t', link('A')) + catching('c', link('A')) + catching('d', link('A')))],
  ['LINK_CROSSES', 't', task('subProcess', throwing('t', link('A')), '') + catching('c', link('A'))],

  ['COMPENSATION_HANDLER_MISSING', 'b', handled('')],
  [
    'COMPENSATION_HANDLER_AMBIGUOUS',
    'b',
    handled(
      `${handler}<bpmn:task id="u" isForCompensation="true" />${association('b', 'undo')}${association('b', 'u')}`,
    ),
  ],
  ['COMPENSATION_HANDLER_INVALID', 'b', handled(`<bpmn:task id="undo" />${association('b', 'undo')}`)],
  ['COMPENSATION_HANDLER_FLOWS', 'undo', handled(`${handler}${association('b', 'undo')}${flow('undo', 'e')}`)],
  ['COMPENSATION_HANDLER_UNUSED', 'undo', beside(handler)],
  ['COMPENSATION_BOUNDARY_FLOW', 'b', handled(`${handler}${association('b', 'undo')}${flow('b', 'e')}`)],
  [
    'COMPENSATION_TARGET_HIDDEN',
    'x',
    `${task('intermediateThrowEvent', '<bpmn:compensateEventDefinition activityRef="inner" />')}<bpmn:subProcess id="sub"><bpmn:task id="inner" /></bpmn:subProcess>`,
  ],
  [
    'COMPENSATION_TARGET_FINAL',
    'x',
    `${task('intermediateThrowEvent', '<bpmn:compensateEventDefinition activityRef="other" />')}<bpmn:task id="other" />`,
  ],
  ['COMPENSATION_START_PROCESS', 'i', beside(event(`<bpmn:startEvent id="i">${compensate}</bpmn:startEvent>`))],

  ['CANCEL_OUTSIDE', 'y', beside(`<bpmn:endEvent id="y">${cancel}</bpmn:endEvent>${flow('x', 'y')}`)],
  ['CANCEL_BOUNDARY', 'b', beside(boundary('b', cancel))],
  ['CANCEL_UNCAUGHT', 'x', task('transaction', `<bpmn:endEvent id="y">${cancel}</bpmn:endEvent>`)],
  ['EVENT_SUBPROCESS_START', 'esp', beside(event('<bpmn:task id="i" />'))],
  [
    'EVENT_SUBPROCESS_FLOWS',
    'esp',
    beside(`${event(`<bpmn:startEvent id="i">${hour}</bpmn:startEvent>`)}${flow('x', 'esp')}`),
  ],
  [
    'EVENT_SUBPROCESS_KIND',
    'esp',
    beside(event(`<bpmn:startEvent id="i">${hour}</bpmn:startEvent>`).replaceAll('subProcess', 'transaction')),
  ],
  [
    'EVENT_SUBPROCESS_MARKER',
    'esp',
    beside(
      event(`<bpmn:startEvent id="i">${hour}</bpmn:startEvent><bpmn:standardLoopCharacteristics loopMaximum="2" />`),
    ),
  ],
  ['AD_HOC_EVENT', 'i', task('adHocSubProcess', '<bpmn:task id="a" /><bpmn:startEvent id="i" />')],
  [
    'SUBPROCESS_START_MISSING',
    'x',
    task('subProcess', `<bpmn:task id="a" /><bpmn:task id="b" />${flow('a', 'b')}${flow('b', 'a')}`),
  ],
  ['AD_HOC_EMPTY', 'x', task('adHocSubProcess', '')],
  ['RESULTS_WAITING', 'x', task('intermediateThrowEvent', `${ext(job)}${onMessage}${compensate}`), message('n')],
  [
    'RESULTS_ENDING',
    'y',
    beside(
      `<bpmn:endEvent id="y"><bpmn:terminateEventDefinition /><bpmn:errorEventDefinition errorRef="err" /></bpmn:endEvent>${flow('x', 'y')}`,
    ),
    '<bpmn:error id="err" errorCode="E" />',
  ],
  [
    'EVENT_GATEWAY_MIXED',
    'x',
    gatewayTo('eventBasedGateway', '', `${flow('x', 'r')}${received('r')}${flow('x', 'c')}${catching('c', onMessage)}`),
    message('n', '=k'),
  ],
  ['EVENT_GATEWAY_PARALLEL', 'x', gatewayTo('eventBasedGateway', 'eventGatewayType="Parallel"', '')],
  ['INSTANTIATE_MISPLACED', 'x', gatewayTo('eventBasedGateway', 'instantiate="true"', '')],
  ['INSTANTIATE_MISPLACED', 'x', task('receiveTask', '', 'instantiate="true" messageRef="m"'), message('n', '=k')],
];

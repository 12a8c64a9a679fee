/** Event definitions. Camunda 7 manual, "Events"; what they refer to (messages, signals, errors) is converted once, as roots. */
import { child, children, extension, instanceOf, text, typeName, type ModdleElement } from '../../moddle.ts';
import { rewriteBody, rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { addOutput, set, setExtension } from '../edit.ts';
import { textLiteral } from '../juel/piece.ts';
import { signalInputs } from './call-activity.ts';
import { convertImplementation } from './implementation.ts';
import { timer } from './timers.ts';

/** Event definitions of an event, own and referenced. */
const definitionsOf = (element: ModdleElement): readonly ModdleElement[] => [
  ...children(element, 'eventDefinitions'),
  ...children(element, 'eventDefinitionRef'),
];

/** Any event with its definitions. */
export const event: Conversion = (element, context) => {
  for (const definition of definitionsOf(element)) {
    switch (typeName(definition)) {
      case 'timerEventDefinition':
        timer(definition, context);
        break;
      case 'conditionalEventDefinition':
        conditional(definition, context);
        break;
      case 'messageEventDefinition':
        if (instanceOf(element, 'bpmn:ThrowEvent')) messageThrow(definition, element, context);
        break;
      case 'signalEventDefinition':
        signalInputs(definition, element, context);
        break;
      case 'errorEventDefinition':
        caught(definition, element, 'error', context);
        break;
      case 'escalationEventDefinition':
        caught(definition, element, 'escalation', context);
        break;
      default:
    }
  }
};

function messageThrow(definition: ModdleElement, element: ModdleElement, context: ConvertContext): void {
  const works = convertImplementation(definition, element, context) || convertImplementation(element, element, context);
  if (works || extension(element, 'zeebe:PublishMessage') !== null) return;
  context.log.needsPerson({ element, construct: 'bpmn:messageEventDefinition', original: '' }, 'SEND_IMPLEMENTATION');
}

/** camunda:variableName and camunda:variableEvents → zeebe:conditionalFilter. */
function conditional(definition: ModdleElement, context: ConvertContext): void {
  rewriteBody(definition, 'condition', context);
  const names = take(definition, 'variableName');
  const events = take(definition, 'variableEvents');
  if (names !== null) {
    setExtension(definition, 'zeebe:ConditionalFilter', { variableNames: names.original });
    context.log.mapped(names, names.original);
  }
  if (events === null) return;
  const known = events.original.split(/\s*,\s*/).filter((name) => name === 'create' || name === 'update');
  const variableEvents = known.join(', ');
  if (variableEvents !== '') setExtension(definition, 'zeebe:ConditionalFilter', { variableEvents });
  if (/\bdelete\b/.test(events.original)) context.log.needsPerson(events, 'VARIABLE_EVENTS', {}, variableEvents);
  else context.log.mapped(events, variableEvents);
}

/** camunda:errorCodeVariable, camunda:errorMessageVariable, camunda:escalationCodeVariable of a catching event. */
function caught(
  definition: ModdleElement,
  element: ModdleElement,
  kind: 'error' | 'escalation',
  context: ConvertContext,
): void {
  const codeVariable = take(definition, `${kind}CodeVariable`);
  const messageVariable = take(definition, `${kind}MessageVariable`);
  const reference = child(definition, `${kind}Ref`);
  const code = reference === null ? null : text(reference, `${kind}Code`);
  if (codeVariable !== null) {
    const variable = codeVariable.original;
    if (code === null || /[$#]\{|^=/.test(code)) context.log.needsPerson(codeVariable, 'ERROR_VARIABLE', { variable });
    else {
      // Only this code is caught here, so that it is known. But a mapping limits what else arrives.
      addOutput(element, `=${textLiteral(code)}`, variable);
      context.log.needsPerson(codeVariable, 'OUTPUT_LIMITS', {}, variable);
    }
  }
  if (messageVariable !== null) {
    context.log.needsPerson(messageVariable, 'ERROR_VARIABLE', { variable: messageVariable.original });
  }
}

/** Names and codes of bpmn:message, bpmn:signal, bpmn:error and bpmn:escalation may be expressions. */
const nameAttributes: Readonly<Record<string, string>> = {
  'bpmn:Message': 'name',
  'bpmn:Signal': 'name',
  'bpmn:Error': 'errorCode',
  'bpmn:Escalation': 'escalationCode',
};
export const root: Conversion = (element, context) => {
  const attribute = nameAttributes[element.$type];
  const original = attribute === undefined ? null : text(element, attribute);
  if (attribute === undefined || original === null || !/[$#]\{/.test(original)) return;
  set(element, attribute, rewritten(context, { element, construct: attribute, original: original.trim() }));
};

/** Messages that something inside a running process waits for need a correlation key; a process start does not. */
export const correlationKey: Conversion = (element, { log }) => {
  if (element.$type === 'bpmn:StartEvent' && element.$parent?.$type === 'bpmn:Process') return;
  const holders = element.$type === 'bpmn:ReceiveTask' ? [element] : [];
  if (instanceOf(element, 'bpmn:CatchEvent')) holders.push(...definitionsOf(element));
  for (const holder of holders) {
    const message = child(holder, 'messageRef');
    if (message === null || extension(message, 'zeebe:Subscription') !== null) continue;
    log.needsPerson({ element, construct: 'bpmn:message', original: text(message, 'name') ?? '' }, 'CORRELATION_KEY');
  }
};

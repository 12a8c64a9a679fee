/** Event definitions: what catch events wait for and what throw events do. BPMN 2.0.2 §10.5. */
import type {
  CatchTrigger,
  ErrorDefinition,
  Expression,
  MessageDefinition,
  SendDefinition,
  TimerDefinition,
  TimerKind,
} from '#engine/model.ts';
import { remedyFor, type RemedyName } from './admission.ts';
import type { TransformContext } from './context.ts';
import { isFeel, literal, optional, required, requiredFeel, staticOf } from './expression.ts';
import { headersOf, jobOf, placeOf, propertiesOf, requiredAttribute, optionalAttribute } from './extensions.ts';
import { triggerName, triggersOf } from './graph.ts';
import { isCycle, isDateTime, isDuration } from './iso8601.ts';
import { child, extension, filled, idOf, nameOf, text, type ModdleElement } from './moddle.ts';

/** Remedy for each trigger that is not executed at a position. */
const triggerRemedies: Readonly<Record<string, RemedyName>> = {
  signal: 'signal',
  escalation: 'escalation',
  conditional: 'conditional',
  link: 'link',
  compensate: 'compensate',
  cancel: 'cancel',
  terminate: 'terminate',
  error: 'error',
  message: 'message',
  timer: 'timer',
  none: 'none',
};

/** The event's only trigger when it is one of `supported`; `none` for none; null: refused and reported. */
export function supportedTrigger<T extends string>(
  element: ModdleElement,
  supported: readonly T[],
  { log, node }: TransformContext,
): T | null {
  const count = triggersOf(element).length;
  if (count > 1) {
    log.add('EVENT_MULTIPLE', node.id, { count });
    return null;
  }
  const trigger = triggerName(element);
  const found = supported.find((name) => name === trigger);
  if (found !== undefined) return found;
  const fix = remedyFor(triggerRemedies[trigger] ?? 'none');
  log.add('EVENT_UNSUPPORTED', node.id, { trigger, type: node.type, fix });
  return null;
}

interface MessagePosition {
  /** Process start events: no correlation key, and a static name. */
  readonly startsProcess?: boolean;
}

/** The message of an event definition or task; null: a problem was reported. */
export function messageOf(
  holder: ModdleElement,
  context: TransformContext,
  { startsProcess = false }: MessagePosition = {},
): MessageDefinition | null {
  const name = messageNameOf(holder, context, startsProcess);
  const message = child(holder, 'messageRef');
  if (message === null) return null;
  if (startsProcess) return name === null ? null : { name, correlationKey: null };
  const subscription = extension(message, 'zeebe:Subscription');
  const source = subscription === null ? null : filled(subscription, 'correlationKey');
  if (source === null) context.log.add('CORRELATION_KEY_MISSING', context.node.id, { message: labelOf(message) });
  const key = source === null ? null : requiredFeel(source, placeOf(context, 'zeebe:subscription correlationKey'));
  return name === null || key === null ? null : { name, correlationKey: key };
}

const labelOf = (element: ModdleElement): string => nameOf(element) ?? idOf(element) ?? '';

/** `="text"` is a constant: read as the text, so that names can be compared before anything runs. */
const constantText = /^=\s*"([^"\\]*)"\s*$/;

function messageNameOf(holder: ModdleElement, context: TransformContext, startsProcess: boolean): Expression | null {
  const { log, node } = context;
  const message = child(holder, 'messageRef');
  if (message === null) {
    log.add('MESSAGE_MISSING', node.id, { type: node.type });
    return null;
  }
  const source = text(message, 'name')?.trim() ?? '';
  const constant = constantText.exec(source)?.[1];
  if (constant !== undefined) return staticOf(constant);
  if (source === '') {
    log.add('MESSAGE_NAME_MISSING', node.id, { message: idOf(message) ?? '' });
    return null;
  }
  if (startsProcess && isFeel(source)) {
    log.add('MESSAGE_NAME_DYNAMIC', node.id);
    return null;
  }
  return optional(source, placeOf(context, 'message name'));
}

/** Message throw event, message end event, send task: a job, else a message published by the engine. */
export function sendOf(
  element: ModdleElement,
  messageHolder: ModdleElement,
  context: TransformContext,
): SendDefinition | null {
  const { log, node } = context;
  const published = extension(element, 'zeebe:PublishMessage');
  if (extension(element, 'zeebe:TaskDefinition') !== null) {
    if (published !== null) {
      const choices = 'zeebe:taskDefinition, zeebe:publishMessage';
      log.add('IMPLEMENTATION_AMBIGUOUS', node.id, { type: node.type, choices });
      return null;
    }
    const job = jobOf(element, context);
    return job === null ? null : { kind: 'job', job, headers: headersOf(element, context) };
  }
  if (child(messageHolder, 'messageRef') === null) {
    const choices = 'zeebe:taskDefinition, messageRef + zeebe:subscription';
    log.add('IMPLEMENTATION_MISSING', node.id, { type: node.type, choices });
    return null;
  }
  if (published !== null) return publicationOf(published, messageHolder, context);
  const message = messageOf(messageHolder, context);
  const properties = propertiesOf(element, context);
  const timeToLive = durationOf(properties['alur.timeToLive'] ?? null, 'alur.timeToLive', context);
  const messageId = optional(properties['alur.messageId'] ?? null, placeOf(context, 'alur.messageId'));
  return message === null ? null : { kind: 'publish', message, timeToLive, messageId };
}

function publicationOf(
  published: ModdleElement,
  messageHolder: ModdleElement,
  context: TransformContext,
): SendDefinition | null {
  const name = messageNameOf(messageHolder, context, false);
  const correlationKey = requiredAttribute(published, 'correlationKey', context);
  const timeToLive = durationOf(text(published, 'timeToLive'), 'zeebe:publishMessage timeToLive', context);
  const messageId = optionalAttribute(published, 'messageId', context);
  if (name === null || correlationKey === null) return null;
  return { kind: 'publish', message: { name, correlationKey }, timeToLive, messageId };
}

function durationOf(source: string | null, property: string, context: TransformContext): Expression | null {
  const expression = optional(source, placeOf(context, property));
  const value = literal(expression);
  if (value !== null && !isDuration(value)) {
    context.log.add('DURATION_INVALID', context.node.id, { value, property });
  }
  return expression;
}

const timerAttributes = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const;
type TimerAttribute = keyof typeof timerAttributes;
const attributeOf: Readonly<Record<TimerKind, TimerAttribute>> = {
  date: 'timeDate',
  duration: 'timeDuration',
  cycle: 'timeCycle',
};

/** BPMN 2.0.2 §10.5.5, table 10.101. */
export function timerOf(
  definition: ModdleElement,
  allowed: readonly TimerKind[],
  context: TransformContext,
): TimerDefinition | null {
  const { log, node } = context;
  const given = (Object.keys(timerAttributes) as TimerAttribute[]).filter((name) => child(definition, name) !== null);
  const attribute = given[0];
  const body = attribute === undefined ? null : child(definition, attribute);
  const source = body === null ? null : text(body, 'body');
  if (given.length !== 1 || attribute === undefined || source === null || source.trim() === '') {
    log.add('TIMER_MISSING', node.id);
    return null;
  }
  const kind = timerAttributes[attribute];
  if (!allowed.includes(kind)) {
    const choices = allowed.map((name) => attributeOf[name]).join(', ');
    log.add('TIMER_KIND', node.id, { kind: attribute, type: node.type, allowed: choices });
  }
  const value = required(source, placeOf(context, attribute));
  return value === null ? null : { kind, value };
}

const literalChecks: Readonly<Record<TimerKind, (value: string) => boolean>> = {
  date: isDateTime,
  duration: isDuration,
  cycle: isCycle,
};
/** Whether a timer's literal value has the form of its kind; FEEL is known at run time only. */
export function isValidTimer({ kind, value }: TimerDefinition): boolean {
  const text = literal(value);
  return text === null || literalChecks[kind](text);
}

/** The code of a thrown error: required, may be FEEL. */
export function thrownErrorOf(definition: ModdleElement, context: TransformContext): ErrorDefinition | null {
  const { log, node } = context;
  const error = child(definition, 'errorRef');
  if (error === null) {
    log.add('ERROR_MISSING', node.id, { type: node.type });
    return null;
  }
  const source = filled(error, 'errorCode');
  if (source === null) log.add('ERROR_CODE_MISSING', node.id, { error: labelOf(error) });
  const code = optional(source, placeOf(context, 'errorCode'));
  return code === null ? null : { code };
}

/** The code of a caught error: static; without error or code it catches all. */
export function caughtErrorOf(definition: ModdleElement, { log, node }: TransformContext): ErrorDefinition | null {
  const error = child(definition, 'errorRef');
  const source = error === null ? null : filled(error, 'errorCode');
  if (source === null) return { code: null };
  const constant = constantText.exec(source)?.[1];
  if (constant === undefined && isFeel(source)) {
    log.add('ERROR_CODE_DYNAMIC', node.id);
    return null;
  }
  return { code: staticOf(constant ?? source) };
}

/** The trigger of a catching event of a kind already found supported. */
export function catchTriggerOf(
  element: ModdleElement,
  trigger: 'timer' | 'message' | 'error',
  allowedTimers: readonly TimerKind[],
  context: TransformContext,
): CatchTrigger | null {
  const definition = triggersOf(element)[0];
  if (definition === undefined) return null;
  switch (trigger) {
    case 'timer': {
      const timer = timerOf(definition, allowedTimers, context);
      return timer === null ? null : { type: 'timer', timer };
    }
    case 'message': {
      const message = messageOf(definition, context, { startsProcess: context.node.type === 'startEvent' });
      return message === null ? null : { type: 'message', message };
    }
    case 'error': {
      const error = caughtErrorOf(definition, context);
      return error === null ? null : { type: 'error', error };
    }
  }
}

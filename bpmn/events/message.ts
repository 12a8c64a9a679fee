/** Messages: caught with a correlation key, sent by a job or by the engine. BPMN 2.0.2 §8.4.11, §10.5.5. */
import type { Expression, MessageDefinition, SendDefinition } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { constantText, isFeel, optional, requiredFeel, staticOf } from '../expression.ts';
import {
  durationOf,
  headersOf,
  labelOf,
  optionalAttribute,
  placeOf,
  propertiesOf,
  requiredAttribute,
} from '../extensions.ts';
import { jobOf } from '../job.ts';
import { child, extension, filled, idOf, text, type ModdleElement } from '../moddle.ts';

/** `starts`: it starts an instance, so that its name must be known before one runs; `correlates`: an instance waits for it. */
export interface MessageUse {
  readonly starts: boolean;
  readonly correlates: boolean;
}
export const awaited: MessageUse = { starts: false, correlates: true };

/** The message of an event definition or task; null: a problem was reported. */
export function messageOf(holder: ModdleElement, context: TransformContext, use: MessageUse): MessageDefinition | null {
  const name = messageNameOf(holder, context, use.starts);
  const message = child(holder, 'messageRef');
  if (message === null) return null;
  if (!use.correlates) return name === null ? null : { name, correlationKey: null };
  const subscription = extension(message, 'zeebe:Subscription');
  const source = subscription === null ? null : filled(subscription, 'correlationKey');
  if (source === null) context.log.add('CORRELATION_KEY_MISSING', context.node.id, { message: labelOf(message) });
  const key = source === null ? null : requiredFeel(source, placeOf(context, 'zeebe:subscription correlationKey'));
  return name === null || key === null ? null : { name, correlationKey: key };
}

function messageNameOf(holder: ModdleElement, context: TransformContext, isStatic: boolean): Expression | null {
  const { log, node } = context;
  const message = child(holder, 'messageRef');
  if (message === null) {
    log.add('MESSAGE_MISSING', node.id, { type: node.type });
    return null;
  }
  const source = text(message, 'name')?.trim() ?? '';
  const constant = constantText(source);
  if (constant !== null) return staticOf(constant);
  if (source === '') {
    log.add('MESSAGE_NAME_MISSING', node.id, { message: idOf(message) ?? '' });
    return null;
  }
  if (isStatic && isFeel(source)) {
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
  const message = messageOf(messageHolder, context, awaited);
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

/** Jobs: zeebe:taskDefinition and listeners. */
import type { Expression, JobDefinition } from '#engine/model.ts';
import type { ElementContext } from './context.ts';
import { isFeel, listed, optional, staticOf } from './expression.ts';
import { placeOf, propertiesOf, tagOf } from './extensions.ts';
import { isDuration } from './iso8601.ts';
import { extension, filled, type ModdleElement } from './moddle.ts';

/** Attempts in all when a job does not say (Zeebe). */
const defaultRetries = '3';
const mostRetries = 1_000_000;

/** The job of an element; null: absent, or a problem was reported. */
export function jobOf(element: ModdleElement, context: ElementContext): JobDefinition | null {
  const definition = extension(element, 'zeebe:TaskDefinition');
  return definition === null ? null : jobIn(definition, backoffOf(element, context), context);
}

/** What an extension element with `type` and `retries` asks for; null: a problem was reported. */
export function jobIn(
  definition: ModdleElement,
  backoff: readonly string[],
  context: ElementContext,
): JobDefinition | null {
  const { log, node } = context;
  const tag = tagOf(definition.$type);
  const source = filled(definition, 'type');
  if (source === null) log.add('JOB_TYPE_MISSING', node.id, { type: node.type, extension: tag });
  const type = optional(source, placeOf(context, `${tag} type`));
  const retries = retriesOf(filled(definition, 'retries') ?? defaultRetries, `${tag} retries`, context);
  return type === null || retries === null ? null : { type, retries, backoff };
}

function retriesOf(source: string, property: string, context: ElementContext): Expression | null {
  if (isFeel(source)) return optional(source, placeOf(context, property));
  const value = Number(source);
  if (/^\d+$/.test(source) && value >= 1 && value <= mostRetries) return staticOf(value);
  context.log.add('RETRIES_INVALID', context.node.id, { value: source, min: 1 });
  return null;
}

/** Property `alur.retryBackoff`. */
function backoffOf(element: ModdleElement, context: ElementContext): readonly string[] {
  const waits = listed(propertiesOf(element, context)['alur.retryBackoff'] ?? '');
  for (const value of waits) {
    if (!isDuration(value) || value.startsWith('-')) context.log.add('BACKOFF_INVALID', context.node.id, { value });
  }
  return waits;
}

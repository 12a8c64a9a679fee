/** Errors. BPMN 2.0.2 §8.4.3, §10.5.5. */
import type { ErrorDefinition } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { caughtCode } from './codes.ts';
import { optional } from '../expression.ts';
import { labelOf, placeOf } from '../extensions.ts';
import { child, filled, type ModdleElement } from '../moddle.ts';

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

/** Without error or code it catches all. */
export const caughtErrorOf = (definition: ModdleElement, context: TransformContext): ErrorDefinition | null =>
  caughtCode(child(definition, 'errorRef'), 'errorCode', context);

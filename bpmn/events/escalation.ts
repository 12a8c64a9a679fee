/** Escalations. BPMN 2.0.2 §8.4.4, §10.5.5. */
import type { EscalationDefinition } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { caughtCode } from './codes.ts';
import { optional } from '../expression.ts';
import { labelOf, placeOf } from '../extensions.ts';
import { child, filled, type ModdleElement } from '../moddle.ts';

/** The code of a thrown escalation: required, may be FEEL. */
export function thrownEscalationOf(definition: ModdleElement, context: TransformContext): EscalationDefinition | null {
  const { log, node } = context;
  const escalation = child(definition, 'escalationRef');
  if (escalation === null) {
    log.add('ESCALATION_MISSING', node.id, { type: node.type });
    return null;
  }
  const source = filled(escalation, 'escalationCode');
  if (source === null) log.add('ESCALATION_CODE_MISSING', node.id, { escalation: labelOf(escalation) });
  const code = optional(source, placeOf(context, 'escalationCode'));
  return code === null ? null : { code };
}

/** Without escalation or code it catches all. */
export const caughtEscalationOf = (definition: ModdleElement, context: TransformContext): EscalationDefinition | null =>
  caughtCode(child(definition, 'escalationRef'), 'escalationCode', context);

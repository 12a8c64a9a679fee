import type { Transformer } from '../context.ts';
import { placeOf } from '../extensions.ts';
import { formalExpression } from '../formal-expression.ts';
import { child } from '../moddle.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.6.5, §13.4.5: leaves once its activation condition holds, then waits for the tokens that are still to come. */
export const complexGateway: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const body = child(element, 'activationCondition');
  if (body === null) context.log.add('ACTIVATION_CONDITION_MISSING', context.node.id);
  const activationCondition = formalExpression(body, placeOf(context, 'activationCondition'));
  return activationCondition === null ? null : { ...base, type: 'complexGateway', activationCondition };
};

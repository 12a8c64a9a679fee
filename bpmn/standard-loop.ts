/** bpmn:standardLoopCharacteristics. BPMN 2.0.2 §13.3.6. */
import type { StandardLoop } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { staticOf } from './expression.ts';
import { placeOf } from './extensions.ts';
import { formalExpression } from './formal-expression.ts';
import { child, filled, flag, type ModdleElement } from './moddle.ts';

export function standardLoopOf(element: ModdleElement, context: TransformContext): StandardLoop | null {
  const loop = child(element, 'loopCharacteristics');
  if (loop === null || loop.$type !== 'bpmn:StandardLoopCharacteristics') return null;
  const body = child(loop, 'loopCondition');
  const condition = formalExpression(body, placeOf(context, 'loopCondition'));
  const maximum = filled(loop, 'loopMaximum');
  if (body === null && maximum === null) context.log.add('LOOP_ENDLESS', context.node.id);
  if (maximum !== null && !/^[1-9]\d*$/.test(maximum)) {
    context.log.add('LOOP_MAXIMUM_INVALID', context.node.id, { value: maximum });
  }
  return {
    testBefore: flag(loop, 'testBefore', false),
    condition,
    maximum: maximum === null ? null : staticOf(Number(maximum)),
  };
}

/** Business rule tasks: a DMN decision, else a job. Camunda 7 manual, "Business Rule Task". */
import type { ModdleElement } from '../../moddle.ts';
import { rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { setExtension } from '../edit.ts';
import { convertBinding } from './binding.ts';
import { convertImplementation } from './implementation.ts';

/** Shapes in which Camunda 7 hands over a result and the plain value is the same here. */
const sameShape = new Set(['singleEntry', 'collectEntries']);
/** Where Camunda 7 keeps a result that nothing names; transient there. */
const implicitResult = 'decisionResult';

export const businessRuleTask: Conversion = (element, context) => {
  const decision = take(element, 'decisionRef');
  if (decision === null) {
    convertImplementation(element, element, context);
    return;
  }
  setExtension(element, 'zeebe:CalledDecision', { decisionId: rewritten(context, decision) });
  convertBinding(element, 'decisionRef', 'zeebe:CalledDecision', context);
  convertResult(element, context);
};

function convertResult(element: ModdleElement, context: ConvertContext): void {
  const named = take(element, 'resultVariable');
  const shape = take(element, 'mapDecisionResult');
  const resultVariable = named?.original ?? implicitResult;
  setExtension(element, 'zeebe:CalledDecision', { resultVariable });
  if (named !== null) context.log.mapped(named, resultVariable);
  if (shape !== null && sameShape.has(shape.original)) {
    context.log.mapped(shape, resultVariable);
    return;
  }
  const finding = shape ?? { element, construct: 'mapDecisionResult', original: 'resultList' };
  context.log.needsPerson(finding, 'DECISION_RESULT', { variable: resultVariable }, resultVariable);
}

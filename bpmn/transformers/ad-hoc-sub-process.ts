import type { AdHocSubProcess } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { optional, requiredFeel } from '../expression.ts';
import { placeOf } from '../extensions.ts';
import { formalExpression } from '../formal-expression.ts';
import { child, extension, filled, flag, text, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';
import { eventSubProcessesOf, unreachedByFlow } from '../scopes.ts';
import { isVariable } from '../variables.ts';

/** BPMN 2.0.2 §10.3.5, §13.3.5: its elements are activated by an expression (zeebe:adHoc) or by command. */
export const adHocSubProcess: Transformer = (element, context) => {
  const inside = context.node.inside;
  return {
    ...activityBase(element, context),
    type: 'adHocSubProcess',
    startElements: unreachedByFlow(inside).map((node) => node.id),
    eventSubProcesses: eventSubProcessesOf(inside),
    sequential: text(element, 'ordering') === 'Sequential',
    completionCondition: formalExpression(
      child(element, 'completionCondition'),
      placeOf(context, 'completionCondition'),
    ),
    cancelRemainingInstances: flag(element, 'cancelRemainingInstances', true),
    ...collectionsOf(extension(element, 'zeebe:AdHoc'), context),
  };
};

type Collections = Pick<AdHocSubProcess, 'activeElements' | 'outputCollection' | 'outputElement'>;

function collectionsOf(adHoc: ModdleElement | null, context: TransformContext): Collections {
  if (adHoc === null) return { activeElements: null, outputCollection: null, outputElement: null };
  const { log, node } = context;
  const place = (name: string) => placeOf(context, `zeebe:adHoc ${name}`);
  const active = filled(adHoc, 'activeElementsCollection');
  const outputCollection = filled(adHoc, 'outputCollection');
  if (outputCollection !== null && !isVariable(outputCollection)) {
    log.add('VARIABLE_INVALID', node.id, { name: outputCollection, property: place('outputCollection').property });
  }
  if ((filled(adHoc, 'outputElement') === null) !== (outputCollection === null)) {
    log.add('MULTI_INSTANCE_OUTPUT', node.id);
  }
  return {
    activeElements: active === null ? null : requiredFeel(active, place('activeElementsCollection')),
    outputCollection,
    outputElement: optional(text(adHoc, 'outputElement'), place('outputElement')),
  };
}

/** Activities: boundary events and bpmn:multiInstanceLoopCharacteristics with zeebe:loopCharacteristics. BPMN 2.0.2 §13.3.7. */
import type { MultiInstance } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { optional, optionalFeel, requiredFeel } from './expression.ts';
import { nodeBase, placeOf, type ActivityBase } from './extensions.ts';
import { child, extension, filled, flag, text, type ModdleElement } from './moddle.ts';
import { isVariable } from './variables.ts';

export function activityBase(element: ModdleElement, context: TransformContext): ActivityBase {
  return {
    ...nodeBase(element, context),
    multiInstance: multiInstanceOf(element, context),
    boundary: context.node.boundary.map((event) => event.id),
  };
}

function multiInstanceOf(element: ModdleElement, context: TransformContext): MultiInstance | null {
  const loop = child(element, 'loopCharacteristics');
  if (loop === null || loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return null;
  const { log, node } = context;
  const zeebe = extension(loop, 'zeebe:LoopCharacteristics');
  if (zeebe === null) {
    log.add('MULTI_INSTANCE_COLLECTION_MISSING', node.id);
    return null;
  }
  const place = (name: string) => placeOf(context, `zeebe:loopCharacteristics ${name}`);
  const inputCollection = requiredFeel(text(zeebe, 'inputCollection'), place('inputCollection'));
  const outputElement = optional(text(zeebe, 'outputElement'), place('outputElement'));
  const outputCollection = variableOf(zeebe, 'outputCollection', context);
  if ((filled(zeebe, 'outputElement') === null) !== (filled(zeebe, 'outputCollection') === null)) {
    log.add('MULTI_INSTANCE_OUTPUT', node.id);
  }
  const condition = child(loop, 'completionCondition');
  const completionCondition =
    condition === null ? null : optionalFeel(text(condition, 'body'), placeOf(context, 'completionCondition'));
  const inputElement = variableOf(zeebe, 'inputElement', context);
  if (inputCollection === null) return null;
  const sequential = flag(loop, 'isSequential', false);
  return { sequential, inputCollection, inputElement, outputCollection, outputElement, completionCondition };
}

function variableOf(definition: ModdleElement, name: string, { log, node }: TransformContext): string | null {
  const variable = filled(definition, name);
  if (variable === null) return null;
  if (isVariable(variable)) return variable;
  log.add('VARIABLE_INVALID', node.id, { name: variable, property: `zeebe:loopCharacteristics ${name}` });
  return null;
}

/**
 * bpmn:multiInstanceLoopCharacteristics. BPMN 2.0.2 §13.3.7. What it goes through is said by zeebe:loopCharacteristics, by
 * loopDataInputRef, or by the number of instances in loopCardinality: one of the three.
 */
import type { Expression, MultiInstance } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { dataNameOf, sourceOf, targetOf } from './data.ts';
import { feelOf, optional, requiredFeel } from './expression.ts';
import { placeOf } from './extensions.ts';
import { formalExpression, formalNumber } from './formal-expression.ts';
import { child, extension, filled, flag, text, type ModdleElement } from './moddle.ts';
import { isVariable } from './variables.ts';

type Collection = Pick<MultiInstance, 'inputCollection' | 'inputElement' | 'outputCollection' | 'outputElement'>;
export function multiInstanceOf(element: ModdleElement, context: TransformContext): MultiInstance | null {
  const loop = child(element, 'loopCharacteristics');
  if (loop === null || loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return null;
  const { log, node } = context;
  const zeebe = extension(loop, 'zeebe:LoopCharacteristics');
  const collection = zeebe === null ? nativeCollection(loop, element, context) : zeebeCollection(zeebe, context);
  const cardinality = formalNumber(child(loop, 'loopCardinality'), placeOf(context, 'loopCardinality'));
  const given = [
    zeebe !== null && filled(zeebe, 'inputCollection') !== null,
    child(loop, 'loopDataInputRef') !== null,
    child(loop, 'loopCardinality') !== null,
  ].filter(Boolean).length;
  if (given === 0) log.add('MULTI_INSTANCE_COLLECTION_MISSING', node.id);
  if (given > 1) log.add('MULTI_INSTANCE_AMBIGUOUS', node.id);
  if ((collection.outputElement === null) !== (collection.outputCollection === null)) {
    log.add('MULTI_INSTANCE_OUTPUT', node.id);
  }
  if (given !== 1) return null;
  return {
    sequential: flag(loop, 'isSequential', false),
    cardinality,
    ...collection,
    completionCondition: formalExpression(child(loop, 'completionCondition'), placeOf(context, 'completionCondition')),
  };
}

function zeebeCollection(zeebe: ModdleElement, context: TransformContext): Collection {
  const place = (name: string) => placeOf(context, `zeebe:loopCharacteristics ${name}`);
  const inputCollection =
    filled(zeebe, 'inputCollection') === null
      ? null
      : requiredFeel(text(zeebe, 'inputCollection'), place('inputCollection'));
  return {
    inputCollection,
    inputElement: variableOf(zeebe, 'inputElement', context),
    outputCollection: variableOf(zeebe, 'outputCollection', context),
    outputElement: optional(text(zeebe, 'outputElement'), place('outputElement')),
  };
}

/**
 * BPMN 2.0.2 table 10.26: the collections are data inputs and outputs of the activity, connected with data around it or named like it; the
 * items are data of each instance.
 */
function nativeCollection(loop: ModdleElement, element: ModdleElement, context: TransformContext): Collection {
  const name = (property: string): string | null => dataVariable(child(loop, property), property, context);
  const variable = (property: string): Expression | null => {
    const source = name(property);
    return source === null ? null : feelOf(`=${source}`, placeOf(context, property));
  };
  const [input, output] = [child(loop, 'loopDataInputRef'), child(loop, 'loopDataOutputRef')];
  const outputCollection = output === null ? null : targetOf(output, element, context);
  return {
    inputCollection: (input === null ? null : sourceOf(input, element, context)) ?? variable('loopDataInputRef'),
    inputElement: name('inputDataItem'),
    outputCollection: outputCollection ?? name('loopDataOutputRef'),
    outputElement: variable('outputDataItem'),
  };
}

function dataVariable(data: ModdleElement | null, property: string, { log, node }: TransformContext): string | null {
  if (data === null) return null;
  const name = dataNameOf(data) ?? '';
  if (isVariable(name)) return name;
  log.add('VARIABLE_INVALID', node.id, { name, property });
  return null;
}

function variableOf(definition: ModdleElement, name: string, { log, node }: TransformContext): string | null {
  const variable = filled(definition, name);
  if (variable === null) return null;
  if (isVariable(variable)) return variable;
  log.add('VARIABLE_INVALID', node.id, { name: variable, property: `zeebe:loopCharacteristics ${name}` });
  return null;
}

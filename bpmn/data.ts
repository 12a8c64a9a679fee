/**
 * Data associations (BPMN 2.0.2 §10.4.2): between data that people see, such as a data object, and a data input or output of an
 * ioSpecification they copy values, which is what a mapping does. Drawn lines without such an end only show something.
 */
import type { Expression, Mapping } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { feelOf } from './expression.ts';
import { placeOf } from './extensions.ts';
import { formalExpression } from './formal-expression.ts';
import type { Mappings } from './mappings.ts';
import { child, children, filled, nameOf, typeName, type ModdleElement } from './moddle.ts';
import { isVariable, isVariablePath } from './variables.ts';

/** Name of the target that Camunda Modeler draws a line to when the task has no data input. */
const placeholder = '__targetRef_placeholder';
/** Data that has a value while the process runs: a data store lies outside of it (BPMN 2.0.2 §10.4.1). */
const held = new Set([
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:Property',
  'bpmn:DataInput',
  'bpmn:DataOutput',
]);

/** Name of data; a reference without one is called like what it refers to. */
export function dataNameOf(data: ModdleElement): string | null {
  const referenced = child(data, 'dataObjectRef');
  return nameOf(data) ?? (referenced === null ? null : nameOf(referenced));
}

export function dataMappingsOf(element: ModdleElement, context: TransformContext): Mappings {
  const mappings = (associations: string): readonly Mapping[] =>
    children(element, associations).flatMap((association) => mappingOf(association, context));
  return { inputs: mappings('dataInputAssociations'), outputs: mappings('dataOutputAssociations') };
}

/** One association; empty when it is only shown. */
function mappingOf(association: ModdleElement, context: TransformContext): readonly Mapping[] {
  const assignments = children(association, 'assignment');
  if (assignments.length > 0) return assignments.flatMap((assignment) => assigned(assignment, context));
  const target = child(association, 'targetRef');
  const [source] = children(association, 'sourceRef');
  const transformation = child(association, 'transformation');
  const copies = target !== null && held.has(target.$type) && nameOf(target) !== placeholder;
  const sourceHeld = source !== undefined && held.has(source.$type);
  if (!copies || (transformation === null && !sourceHeld)) {
    if (transformation !== null) preserved(association, context);
    return [];
  }
  const to = dataNameOf(target) ?? '';
  const from = transformation === null && source !== undefined ? (dataNameOf(source) ?? '') : null;
  if (!isVariable(to) || (from !== null && !isVariable(from))) {
    preserved(association, context);
    return [];
  }
  const value: Expression | null =
    from === null
      ? formalExpression(transformation, placeOf(context, 'transformation'))
      : feelOf(`=${from}`, placeOf(context, typeName(association)));
  return value === null ? [] : [{ source: value, target: to }];
}

/** `from` is an expression, `to` names what takes its value. */
function assigned(assignment: ModdleElement, context: TransformContext): readonly Mapping[] {
  const to = child(assignment, 'to');
  const target = to === null ? '' : (filled(to, 'body') ?? '').replace(/^=\s*/, '');
  const source = formalExpression(child(assignment, 'from'), placeOf(context, 'assignment from'));
  if (!isVariablePath(target)) {
    context.log.add('MAPPING_TARGET_INVALID', context.node.id, { target, property: 'assignment to' });
  }
  return source === null ? [] : [{ source, target }];
}

const preserved = (association: ModdleElement, { log, node }: TransformContext): void =>
  log.add('DATA_ASSOCIATION_SHOWN', node.id, { association: typeName(association) });

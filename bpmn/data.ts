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
  const looped = loopedData(element);
  const inputs = children(element, 'dataInputAssociations').filter(
    (part) => !looped.includes(child(part, 'targetRef')),
  );
  const outputs = children(element, 'dataOutputAssociations').filter(
    (part) => !children(part, 'sourceRef').some((source) => looped.includes(source)),
  );
  const mappings = (parts: readonly ModdleElement[]): readonly Mapping[] =>
    parts.flatMap((association) => mappingOf(association, context));
  return { inputs: mappings(inputs), outputs: mappings(outputs) };
}

/** Collections that a multi-instance activity goes through as a whole: they are no data of one of its instances. */
function loopedData(element: ModdleElement): readonly (ModdleElement | null)[] {
  const loop = child(element, 'loopCharacteristics');
  if (loop === null) return [];
  return [child(loop, 'loopDataInputRef'), child(loop, 'loopDataOutputRef')].filter((data) => data !== null);
}

/** What a data input of the element is filled with by an association; null: by none. */
export function sourceOf(input: ModdleElement, element: ModdleElement, context: TransformContext): Expression | null {
  const association = children(element, 'dataInputAssociations').find((part) => child(part, 'targetRef') === input);
  return association === undefined ? null : (mappingOf(association, context)[0]?.source ?? null);
}
/** The variable that a data output of the element goes to by an association; null: by none. */
export function targetOf(output: ModdleElement, element: ModdleElement, context: TransformContext): string | null {
  const association = children(element, 'dataOutputAssociations').find((part) =>
    children(part, 'sourceRef').includes(output),
  );
  return association === undefined ? null : (mappingOf(association, context)[0]?.target ?? null);
}

/** Names at the ends of an association that copies a value; `from` is null where a transformation gives it. */
interface Copy {
  readonly from: string | null;
  readonly to: string;
}

/** null: one of its ends has no value while the process runs, so the line only shows something. */
function copyOf(association: ModdleElement): Copy | null {
  const target = child(association, 'targetRef');
  if (target === null || !held.has(target.$type) || nameOf(target) === placeholder) return null;
  const to = dataNameOf(target) ?? '';
  if (child(association, 'transformation') !== null) return { from: null, to };
  const [source] = children(association, 'sourceRef');
  return source !== undefined && held.has(source.$type) ? { from: dataNameOf(source) ?? '', to } : null;
}

const isExecutable = ({ from, to }: Copy): boolean => isVariable(to) && (from === null || isVariable(from));

/** Whether an association is executed as a mapping; else it is kept and shown. */
export function isMapping(association: ModdleElement): boolean {
  const copy = copyOf(association);
  return children(association, 'assignment').length > 0 || (copy !== null && isExecutable(copy));
}

function mappingOf(association: ModdleElement, context: TransformContext): readonly Mapping[] {
  const assignments = children(association, 'assignment');
  if (assignments.length > 0) return assignments.flatMap((assignment) => assigned(assignment, context));
  const copy = copyOf(association);
  if (copy === null) return [];
  if (!isExecutable(copy)) {
    context.log.add('DATA_ASSOCIATION_SHOWN', context.node.id, { association: typeName(association) });
    return [];
  }
  const source: Expression | null =
    copy.from === null
      ? formalExpression(child(association, 'transformation'), placeOf(context, 'transformation'))
      : feelOf(`=${copy.from}`, placeOf(context, typeName(association)));
  return source === null ? [] : [{ source, target: copy.to }];
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

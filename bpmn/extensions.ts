/** What the Zeebe extension elements of a flow node say, compiled. Used by the transformers. */
import type { Expression, Gateway, JobDefinition, ManualTask, Mapping, Properties } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { isFeel, listed, optional, required, staticJson, staticOf, type ExpressionPlace } from './expression.ts';
import { isDuration } from './iso8601.ts';
import {
  child,
  children,
  documentationOf,
  extension,
  filled,
  idOf,
  nameOf,
  text,
  type ModdleElement,
} from './moddle.ts';
import { isReserved, isVariable, isVariablePath } from './variables.ts';

/** The fields every flow node has. */
export type NodeBase = Omit<Gateway, 'type'>;
export type ActivityBase = Omit<ManualTask, 'type'>;

export const placeOf = ({ log, node }: TransformContext, property: string): ExpressionPlace => ({
  log,
  elementId: node.id,
  property,
});

export function nodeBase(element: ModdleElement, context: TransformContext): NodeBase {
  const { node } = context;
  const defaultFlow = child(element, 'default');
  const { inputs, outputs } = mappingsOf(element, context);
  return {
    id: node.id,
    name: nameOf(element),
    documentation: documentationOf(element),
    parent: node.parent,
    incoming: node.incoming.map((flow) => flow.id),
    outgoing: node.outgoing.map((flow) => flow.id),
    defaultFlow: defaultFlow === null ? null : idOf(defaultFlow),
    inputs,
    outputs,
    properties: propertiesOf(element, context),
  };
}

/** zeebe:ioMapping. An input without source sets its variable to null, as in Zeebe. */
function mappingsOf(
  element: ModdleElement,
  context: TransformContext,
): { readonly inputs: readonly Mapping[]; readonly outputs: readonly Mapping[] } {
  const mapping = extension(element, 'zeebe:IoMapping');
  if (mapping === null) return { inputs: [], outputs: [] };
  const inputs = children(mapping, 'inputParameters').map((part) => {
    const source = text(part, 'source') ?? '';
    const read = source === '' ? staticOf(null) : mappingSource(source, placeOf(context, 'zeebe:input source'));
    return mappingTo(part, 'zeebe:input target', read, context);
  });
  const outputs = children(mapping, 'outputParameters').map((part) => {
    const place = placeOf(context, 'zeebe:output source');
    const source = text(part, 'source') ?? '';
    if (source.trim() === '') context.log.add('EXPRESSION_MISSING', place.elementId, { property: place.property });
    const read = source.trim() === '' ? null : mappingSource(source, place);
    return mappingTo(part, 'zeebe:output target', read, context);
  });
  return { inputs: inputs.filter((part) => part !== null), outputs: outputs.filter((part) => part !== null) };
}

const mappingSource = (source: string, place: ExpressionPlace): Expression | null =>
  isFeel(source) ? optional(source, place) : staticOf(staticJson(source));

function mappingTo(
  part: ModdleElement,
  property: string,
  source: Expression | null,
  { log, node }: TransformContext,
): Mapping | null {
  const target = filled(part, 'target') ?? '';
  if (!isVariablePath(target)) log.add('MAPPING_TARGET_INVALID', node.id, { target, property });
  return source === null ? null : { source, target };
}

/** zeebe:properties as a record; names are checked by the vocabulary. */
export function propertiesOf(
  element: ModdleElement,
  { log, node }: Pick<TransformContext, 'log'> & { readonly node: { readonly id: string } },
): Properties {
  const holder = extension(element, 'zeebe:Properties');
  return holder === null ? {} : record(children(holder, 'properties'), 'name', 'property', { log, elementId: node.id });
}

/** zeebe:taskHeaders. */
export function headersOf(element: ModdleElement, { log, node }: TransformContext): Properties {
  const holder = extension(element, 'zeebe:TaskHeaders');
  return holder === null ? {} : record(children(holder, 'values'), 'key', 'header', { log, elementId: node.id });
}

/** The last of equal names wins, as in Zeebe. */
function record(
  parts: readonly ModdleElement[],
  keyName: string,
  kind: string,
  { log, elementId }: Omit<ExpressionPlace, 'property'>,
): Properties {
  const entries = new Map<string, string>();
  for (const part of parts) {
    const key = filled(part, keyName);
    if (key === null) {
      if (text(part, 'value') !== null) log.add('NAME_MISSING', elementId, { kind });
      continue;
    }
    if (isReserved(key)) log.add('NAME_RESERVED', elementId, { name: key, kind });
    else entries.set(key, text(part, 'value') ?? '');
  }
  return Object.fromEntries(entries);
}

/** zeebe:taskDefinition; null: absent, or a problem was reported. */
export function jobOf(element: ModdleElement, context: TransformContext): JobDefinition | null {
  const definition = extension(element, 'zeebe:TaskDefinition');
  if (definition === null) return null;
  const { log, node } = context;
  const typeSource = filled(definition, 'type');
  if (typeSource === null) log.add('JOB_TYPE_MISSING', node.id, { type: node.type });
  const type = optional(typeSource, placeOf(context, 'zeebe:taskDefinition type'));
  const retries = retriesOf(filled(definition, 'retries') ?? '3', context);
  const backoff = backoffOf(element, context);
  return type === null || retries === null ? null : { type, retries, backoff };
}

function retriesOf(source: string, context: TransformContext): Expression | null {
  if (isFeel(source)) return optional(source, placeOf(context, 'zeebe:taskDefinition retries'));
  const value = Number(source);
  if (/^\d+$/.test(source) && value >= 1 && value <= 1_000_000) return staticOf(value);
  context.log.add('RETRIES_INVALID', context.node.id, { value: source, min: 1 });
  return null;
}

/** Property `alur.retryBackoff`. */
function backoffOf(element: ModdleElement, context: TransformContext): readonly string[] {
  const waits = listed(propertiesOf(element, context)['alur.retryBackoff'] ?? '');
  for (const value of waits) {
    if (!isDuration(value) || value.startsWith('-')) context.log.add('BACKOFF_INVALID', context.node.id, { value });
  }
  return waits;
}

/** A variable that takes a result; null: a problem was reported. */
export function resultVariableOf(definition: ModdleElement, { log, node }: TransformContext): string | null {
  const name = filled(definition, 'resultVariable');
  if (name === null) log.add('RESULT_VARIABLE_MISSING', node.id);
  else if (!isVariable(name)) log.add('VARIABLE_INVALID', node.id, { name, property: 'resultVariable' });
  else return name;
  return null;
}

/** Zeebe extension elements of one element of which at most one may be there; null: none or several, reported. */
export function chosen(
  element: ModdleElement,
  choices: readonly string[],
  { log, node }: TransformContext,
): string | null {
  const present = choices.filter((type) => extension(element, type) !== null);
  const names = (types: readonly string[]): string => types.map(tagOf).join(', ');
  if (present.length === 1) return present[0] ?? null;
  if (present.length === 0) log.add('IMPLEMENTATION_MISSING', node.id, { type: node.type, choices: names(choices) });
  else log.add('IMPLEMENTATION_AMBIGUOUS', node.id, { type: node.type, choices: names(present) });
  return null;
}

/** `zeebe:TaskDefinition` → `zeebe:taskDefinition`, as it is written. */
export const tagOf = (type: string): string => type.replace(/:(.)/, (_, first: string) => `:${first.toLowerCase()}`);

/** As `required`, for an attribute of an extension element. */
export const requiredAttribute = (
  definition: ModdleElement,
  name: string,
  context: TransformContext,
): Expression | null => required(text(definition, name), placeOf(context, `${tagOf(definition.$type)} ${name}`));
export const optionalAttribute = (
  definition: ModdleElement | null,
  name: string,
  context: TransformContext,
): Expression | null =>
  definition === null ? null : optional(text(definition, name), placeOf(context, `${tagOf(definition.$type)} ${name}`));

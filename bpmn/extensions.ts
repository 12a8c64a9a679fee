/** What the Zeebe extension elements of a flow node say. Used by the transformers. */
import type { Expression, Properties } from '#engine/model.ts';
import type { ElementContext, TransformContext } from './context.ts';
import { literal, optional, required, type ExpressionPlace } from './expression.ts';
import { isDuration } from './iso8601.ts';
import { children, extension, filled, idOf, nameOf, text, type ModdleElement } from './moddle.ts';
import { isReserved, isVariable } from './variables.ts';

export const placeOf = ({ log, node }: ElementContext, property: string): ExpressionPlace => ({
  log,
  elementId: node.id,
  property,
});

/** zeebe:properties as a record; names are checked by the vocabulary. */
export function propertiesOf(element: ModdleElement, { log, node }: ElementContext): Properties {
  const holder = extension(element, 'zeebe:Properties');
  return holder === null ? {} : record(children(holder, 'properties'), 'name', 'property', { log, elementId: node.id });
}

/** Header by which Camunda's job workers learn of the resources linked to a task; a JSON list. */
const linkedResourcesHeader = 'io.camunda.zeebe:linkedResources';
const linkAttributes = ['resourceId', 'resourceType', 'linkName', 'bindingType', 'versionTag'] as const;

/** zeebe:taskHeaders, and zeebe:linkedResources as one more header. */
export function headersOf(element: ModdleElement, context: ElementContext): Properties {
  const links = extension(element, 'zeebe:LinkedResources');
  const headers = headersIn(extension(element, 'zeebe:TaskHeaders'), context);
  if (links === null) return headers;
  const resources = children(links, 'values').map((link) =>
    Object.fromEntries(linkAttributes.map((name) => [name, filled(link, name)]).filter(([, value]) => value !== null)),
  );
  return { ...headers, [linkedResourcesHeader]: JSON.stringify(resources) };
}

export const headersIn = (holder: ModdleElement | null, { log, node }: ElementContext): Properties =>
  holder === null ? {} : record(children(holder, 'values'), 'key', 'header', { log, elementId: node.id });

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

/** What people call a thing beside the process, such as a message. */
export const labelOf = (element: ModdleElement): string => nameOf(element) ?? idOf(element) ?? '';

/** A duration, literal or FEEL; null: absent, or a problem was reported. */
export function durationOf(source: string | null, property: string, context: TransformContext): Expression | null {
  const expression = optional(source, placeOf(context, property));
  const value = literal(expression);
  if (value !== null && !isDuration(value)) {
    context.log.add('DURATION_INVALID', context.node.id, { value, property });
  }
  return expression;
}

/** zeebe:ioMapping. */
import type { Expression, Mapping } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { isFeel, optional, staticJson, staticOf, type ExpressionPlace } from './expression.ts';
import { placeOf } from './extensions.ts';
import { children, extension, filled, text, type ModdleElement } from './moddle.ts';
import { isVariablePath } from './variables.ts';

export interface Mappings {
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
}

/** An input without source sets its variable to null, as in Zeebe. */
export function mappingsOf(element: ModdleElement, context: TransformContext): Mappings {
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

/** What a decision says of its own version, in extension elements: zeebe:versionTag, and zeebe:property `alur.validFrom`. */
import type { DmnFile } from './dmn-files.ts';
import { childOf, childrenOf, textOf, type DmnElement } from './dmn-metamodel.ts';
import { decisionProblem } from './dmn-problems.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import { parseDateTime } from '#engine/time.ts';

const validFromProperty = 'alur.validFrom';
const isNamed = (element: DmnElement, name: string): boolean => element.$type.toLowerCase() === `zeebe:${name}`;

export function versionOf(
  decision: DmnElement | undefined,
  { book }: DmnFile,
): Pick<DecisionModel, 'validFromMs' | 'versionTag'> {
  const holder = decision === undefined ? null : childOf(decision, 'extensionElements');
  if (decision === undefined || holder === null) return {};
  const values = childrenOf(holder, 'values');
  const tag = values.find((value) => isNamed(value, 'versiontag'));
  const versionTag = tag === undefined ? null : textOf(tag, 'value');
  const properties = values
    .filter((value) => isNamed(value, 'properties'))
    .flatMap((value) => childrenOf(value, '$children'))
    .filter((value) => isNamed(value, 'property'));
  let validFromMs: number | null = null;
  for (const property of properties) {
    const name = textOf(property, 'name') ?? '';
    const value = textOf(property, 'value') ?? '';
    if (name === validFromProperty) validFromMs = parseDateTime(value);
    // A typing error must not put a rule in force at once.
    if (name === validFromProperty ? validFromMs === null : name.startsWith('alur.'))
      book.problems.push(decisionProblem('DMN_VERSION_PROPERTY', decision, { name, value, known: validFromProperty }));
  }
  return {
    ...(validFromMs === null ? {} : { validFromMs }),
    ...(versionTag === null || versionTag.trim() === '' ? {} : { versionTag: versionTag.trim() }),
  };
}

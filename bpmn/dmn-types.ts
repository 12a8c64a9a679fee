/** Item definitions → FeelType. DMN 1.5 §7.3.2-3. */
import { childOf, childrenOf, textOf, type DmnElement } from './dmn-metamodel.ts';
import { decisionProblem, type DecisionProblem } from './dmn-problems.ts';
import { typeNamed } from './feel-tree.ts';
import { parseUnaryTests, type NameShape } from './feel.ts';
import type { FeelNode, FeelType } from '#engine/feel/ast.ts';

export interface TypeBook {
  readonly types: Readonly<Record<string, FeelType>>;
  readonly problems: DecisionProblem[];
}

/** Deepest nesting of item definitions. */
const maxNesting = 30;

/** The file's own types, and those it imports under `import.name`. */
export function readTypes(
  definitions: DmnElement,
  imported: Readonly<Record<string, FeelType>>,
  problems: DecisionProblem[],
): Readonly<Record<string, FeelType>> {
  const items = new Map(childrenOf(definitions, 'itemDefinition').map((item) => [textOf(item, 'name') ?? '', item]));
  const types: Record<string, FeelType> = { ...imported };
  const reading = new Set<string>();

  const named = (name: string, at: DmnElement, depth: number): FeelType | null => {
    const known = typeNamed(name, types);
    if (known !== undefined) return known;
    const item = items.get(name);
    if (item === undefined) {
      problems.push(decisionProblem('DMN_UNKNOWN_TYPE', at, { detail: name }));
      return null;
    }
    // A type that contains itself is any value at that place.
    if (reading.has(name) || depth > maxNesting) return null;
    reading.add(name);
    const type = read(item, depth + 1);
    reading.delete(name);
    types[name] = type;
    return type;
  };

  const read = (item: DmnElement, depth: number): FeelType => {
    const base = withAllowed(baseOf(item, depth), childOf(item, 'allowedValues'));
    const type: FeelType = item['isCollection'] === true ? { kind: 'list', of: base } : base;
    return withAllowed(type, childOf(item, 'typeConstraint'));
  };
  const baseOf = (item: DmnElement, depth: number): FeelType => {
    const components = childrenOf(item, 'itemComponent');
    if (components.length > 0) {
      const fields = components.map(
        (component) => [textOf(component, 'name') ?? '', read(component, depth + 1)] as const,
      );
      return { kind: 'context', fields: Object.fromEntries(fields) };
    }
    const fn = childOf(item, 'functionItem');
    if (fn !== null) {
      const params = childrenOf(fn, 'parameters').map((param) => typeOr(textOf(param, 'typeRef'), param, depth));
      return { kind: 'function', params, result: typeOr(textOf(fn, 'outputTypeRef'), fn, depth) };
    }
    return typeOr(textOf(item, 'typeRef'), item, depth);
  };
  const typeOr = (reference: string | null, at: DmnElement, depth: number): FeelType =>
    (reference === null ? null : named(localName(reference), at, depth)) ?? { kind: 'simple', name: 'Any' };
  const withAllowed = (type: FeelType, tests: DmnElement | null): FeelType => {
    const source = tests === null ? null : textOf(tests, 'text');
    if (tests === null || source === null || source.trim() === '') return type;
    const parsed = parseUnaryTests(source);
    if (parsed.ok) return { ...type, allowed: parsed.ast };
    problems.push(
      decisionProblem('DMN_FEEL_SYNTAX', tests, { source, position: parsed.position, detail: parsed.message }),
    );
    return type;
  };

  for (const [name, item] of items) named(name, item, 0);
  return types;
}

/** Without the prefix that DMN 1.1 writes (`feel:number`, `tns:tPerson`). */
const localName = (reference: string): string => reference.trim().replace(/^[\w.-]+:(?=\S)/, '');

/** The type a `typeRef` declares; null: none, or any. */
export function declaredType(element: DmnElement | null, book: TypeBook): FeelType | null {
  const reference = element === null ? null : textOf(element, 'typeRef');
  if (element === null || reference === null || reference.trim() === '') return null;
  const type = typeNamed(localName(reference), book.types);
  if (type === undefined) {
    book.problems.push(decisionProblem('DMN_UNKNOWN_TYPE', element, { detail: reference }));
    return null;
  }
  return type.kind === 'simple' && type.name === 'Any' ? null : type;
}

/** Names of a type's entries, so that `Applicant.Marital Status` is read as one. */
export function shapeOf(type: FeelType | null): NameShape | null {
  if (type === null) return null;
  if (type.kind === 'list') return shapeOf(type.of);
  if (type.kind !== 'context') return null;
  return Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, shapeOf(field)]));
}

export const convertTo = (value: FeelNode, to: FeelType | null): FeelNode =>
  to === null ? value : { type: 'convert', value, to };

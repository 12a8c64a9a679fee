/** DMN XML → tree, by dmn-moddle (DMN 1.3), widened by the boxed expressions of DMN 1.4. DMN 1.1 to 1.5 files are read alike. */
import { DmnModdle } from 'dmn-moddle';
import dmn13 from 'dmn-moddle/resources/dmn/json/dmn13.json' with { type: 'json' };

/** A node of the tree; properties by their names in the metamodel. */
export interface DmnElement {
  /** Such as `dmn:Decision`. */
  readonly $type: string;
  readonly $parent?: DmnElement;
  readonly id?: string;
  readonly [property: string]: unknown;
}

const child = (name: string): object => ({ name, type: 'ChildExpression' });
const iterator = { name: 'iteratorVariable', isAttr: true, type: 'String' };
const quantified = (name: string): object => ({
  name,
  superClass: ['Expression'],
  properties: [iterator, child('in'), child('satisfies')],
});

/** DMN 1.4 §7.3.4-7: what DMN 1.3 does not know. */
const boxedExpressions: readonly object[] = [
  {
    name: 'ChildExpression',
    superClass: ['DMNElement'],
    properties: [
      { name: 'value', type: 'Expression' },
      { name: 'typeRef', isAttr: true, type: 'String' },
    ],
  },
  { name: 'Conditional', superClass: ['Expression'], properties: [child('if'), child('then'), child('else')] },
  { name: 'For', superClass: ['Expression'], properties: [iterator, child('in'), child('return')] },
  quantified('Some'),
  quantified('Every'),
  { name: 'Filter', superClass: ['Expression'], properties: [child('in'), child('match')] },
];

const withConstraint = dmn13.types.map((type) =>
  type.name === 'ItemDefinition'
    ? {
        ...type,
        properties: [
          ...(type.properties ?? []),
          { name: 'typeConstraint', type: 'UnaryTests', xml: { serialize: 'property' } },
        ],
      }
    : type,
);
const moddle = new DmnModdle({ dmn: { ...dmn13, types: [...withConstraint, ...boxedExpressions] } });

/** Namespaces of DMN 1.1 to 1.6 drafts; dmn-moddle reads those of 1.3. */
const modelNamespace = /https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20151101\/dmn\.xsd|20\d{6}\/MODEL\/)/g;
const diagramNamespace = /https?:\/\/www\.omg\.org\/spec\/DMN\/20\d{6}\/DMNDI\//g;
const version13 = 'https://www.omg.org/spec/DMN/20191111';
const as13 = (xml: string): string =>
  xml.replace(modelNamespace, `${version13}/MODEL/`).replace(diagramNamespace, `${version13}/DMNDI/`);

export type DmnTree =
  | { readonly ok: true; readonly definitions: DmnElement; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string };

export async function readDmn(xml: string): Promise<DmnTree> {
  const text = as13(xml);
  try {
    const { rootElement, warnings } = await moddle.fromXML(text, 'dmn:Definitions');
    return { ok: true, definitions: rootElement as DmnElement, warnings: warnings.map((warning) => warning.message) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The tree as DMN 1.3. */
export async function writeDmn(definitions: DmnElement): Promise<string> {
  const { xml } = await moddle.toXML(definitions, { format: true });
  return xml;
}

export const kindOf = (element: DmnElement): string => element.$type.replace(/^dmn:/, '');
export function textOf(element: DmnElement, property: string): string | null {
  const value = element[property];
  return typeof value === 'string' ? value : null;
}
export function childOf(element: DmnElement, property: string): DmnElement | null {
  const value = element[property];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as DmnElement) : null;
}
export function childrenOf(element: DmnElement, property: string): readonly DmnElement[] {
  const value = element[property];
  return Array.isArray(value) ? (value as DmnElement[]) : [];
}
/** The nearest id: the element's own or that of an element around it. */
export function idOf(element: DmnElement): string | null {
  for (let current: DmnElement | undefined = element; current !== undefined; current = current.$parent) {
    if (typeof current.id === 'string') return current.id;
  }
  return null;
}

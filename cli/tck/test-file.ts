/** A test file of the DMN TCK (testCases.xsd) → cases with FEEL values. */
import { parseNumber } from '#engine/feel/number.ts';
import { parseDate, parseDateTime, parseDuration, parseTime } from '#engine/feel/temporal.ts';
import { setEntry, type Value } from '#engine/feel/value.ts';
import { childNamed, childrenNamed, parseXml, type XmlElement } from './xml.ts';

export interface TckCase {
  readonly id: string;
  /** What is called: the decisions named by the results, or one decision service or knowledge model. */
  readonly invocable: string | null;
  readonly inputs: ReadonlyMap<string, Value>;
  readonly results: readonly TckResult[];
}
export interface TckResult {
  readonly name: string;
  /** null stands for an error as well. */
  readonly expected: Value;
  readonly errorExpected: boolean;
}
export interface TckFile {
  /** File name of the model. */
  readonly modelName: string;
  readonly cases: readonly TckCase[];
}

/** Throws XmlError. */
export function parseTestFile(xml: string): TckFile {
  const root = parseXml(xml);
  return {
    modelName: (childNamed(root, 'modelName')?.text ?? '').trim(),
    cases: childrenNamed(root, 'testCase').map(caseOf),
  };
}

function caseOf(element: XmlElement): TckCase {
  const type = element.attributes.get('type') ?? 'decision';
  const invocable = element.attributes.get('invocableName') ?? null;
  return {
    id: element.attributes.get('id') ?? '',
    invocable: type === 'decision' ? null : invocable,
    inputs: new Map(childrenNamed(element, 'inputNode').map((node) => [nameOf(node), valueOf(node)])),
    results: childrenNamed(element, 'resultNode').map((node) => {
      const expected = childNamed(node, 'expected');
      return {
        name: nameOf(node),
        expected: expected === undefined ? null : valueOf(expected),
        errorExpected: node.attributes.get('errorResult') === 'true',
      };
    }),
  };
}
const nameOf = (element: XmlElement): string => element.attributes.get('name') ?? '';
const isNil = (element: XmlElement): boolean => ['true', '1'].includes(element.attributes.get('nil') ?? '');

function valueOf(holder: XmlElement): Value {
  const list = childNamed(holder, 'list');
  if (list !== undefined) return isNil(list) ? null : childrenNamed(list, 'item').map(valueOf);
  const components = childrenNamed(holder, 'component');
  if (components.length > 0) {
    const context: Record<string, Value> = {};
    for (const component of components)
      setEntry(context, nameOf(component), isNil(component) ? null : valueOf(component));
    return context;
  }
  const value = childNamed(holder, 'value');
  return value === undefined || isNil(value) ? null : simpleValue(value);
}

const numeric: ReadonlySet<string> = new Set(['decimal', 'double', 'float', 'integer', 'int', 'long', 'short', 'byte']);

/** A text that is not what its type says stays a text. */
function simpleValue({ attributes, text }: XmlElement): Value {
  const type = (attributes.get('type') ?? '').replace(/^.*:/, '');
  const trimmed = text.trim();
  if (numeric.has(type)) return parseNumber(trimmed) ?? text;
  switch (type) {
    case 'boolean':
      return trimmed === 'true' || trimmed === '1';
    case 'date':
      return parseDate(trimmed) ?? text;
    case 'time':
      return parseTime(trimmed) ?? text;
    case 'dateTime':
      return parseDateTime(trimmed) ?? text;
    case 'duration':
    case 'dayTimeDuration':
    case 'yearMonthDuration':
      return parseDuration(trimmed) ?? text;
    default:
      return text;
  }
}

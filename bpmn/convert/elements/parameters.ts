/** camunda:inputOutput → zeebe:ioMapping. Camunda 7 manual, "Input/Output Variable Mapping". */
import { isVariable } from '../../variables.ts';
import { instanceOf, type ModdleElement } from '../../moddle.ts';
import { refused, staticText, type Conversion, type ConvertContext } from '../context.ts';
import { addInput, addOutput } from '../edit.ts';
import { textLiteral } from '../juel/piece.ts';
import { convertLimits } from '../limits.ts';
import type { Finding } from '../report.ts';
import { translate, translateScript, type Translation } from '../translate.ts';
import { attributeOf, bodyOf, localName, partsOf, takeElements } from '../vendor.ts';

type Untranslatable = Extract<Translation, { readonly kind: 'untranslatable' }>;
class Refused extends Error {
  readonly translation: Untranslatable;
  constructor(translation: Untranslatable) {
    super(translation.detail);
    this.translation = translation;
  }
}

/** Text in which digits stay a text: zeebe:input reads static digits as a number. */
const looksNumeric = /^[+-]?(?:\d|\.\d)/;
export const staticSource = (value: string): string =>
  looksNumeric.test(value.trim()) || value.trim() !== value ? `=${textLiteral(value)}` : staticText(value);

/** The value of a parameter as text of an attribute: static, or FEEL behind `=`. Throws Refused. */
function sourceOf(parameter: ModdleElement): string {
  const [part] = partsOf(parameter);
  if (part !== undefined) return `=${structured(part, 0)}`;
  const body = bodyOf(parameter);
  // Camunda 7 reads an empty parameter as null.
  if (body === '') return '=null';
  const translation = translate(body);
  if (translation.kind === 'untranslatable') throw new Refused(translation);
  return translation.kind === 'feel' ? `=${translation.source}` : staticSource(translation.value);
}

/** camunda:list, camunda:map and camunda:script as FEEL. */
function structured(part: ModdleElement, depth: number): string {
  if (depth > convertLimits.parameterDepth) {
    throw new Refused({ kind: 'untranslatable', code: 'TOO_LONG', detail: String(convertLimits.parameterDepth) });
  }
  switch (localName(part)) {
    case 'list':
      return `[${partsOf(part)
        .map((item) => valueOf(item, depth + 1))
        .join(', ')}]`;
    case 'map': {
      const entries = partsOf(part, 'entry').map(
        (entry) => `${textLiteral(attributeOf(entry, 'key') ?? '')}: ${valueOf(entry, depth + 1)}`,
      );
      return `{${entries.join(', ')}}`;
    }
    case 'script':
      return scriptOf(part);
    default:
      throw new Refused({ kind: 'untranslatable', code: 'SYNTAX', detail: part.$type });
  }
}
function valueOf(item: ModdleElement, depth: number): string {
  const name = localName(item);
  if (name === 'script' || name === 'list' || name === 'map') return structured(item, depth);
  const [nested] = partsOf(item);
  if (nested !== undefined) return structured(nested, depth);
  const body = bodyOf(item);
  if (body === '') return 'null';
  const translation = translate(body);
  if (translation.kind === 'untranslatable') throw new Refused(translation);
  return translation.kind === 'feel' ? translation.source : textLiteral(translation.value);
}
function scriptOf(part: ModdleElement): string {
  const resource = attributeOf(part, 'resource');
  if (resource !== null) throw new Refused({ kind: 'untranslatable', code: 'STATEMENTS', detail: resource });
  const { value, target } = translateScript(bodyOf(part), attributeOf(part, 'scriptFormat') ?? '');
  if (value.kind === 'untranslatable') throw new Refused(value);
  if (value.kind === 'static' || target !== null) {
    throw new Refused({ kind: 'untranslatable', code: 'STATEMENTS', detail: target ?? '' });
  }
  return value.source;
}

/** Everything inside a parameter, as a person reads it. */
function contentOf(part: ModdleElement): string {
  const body = bodyOf(part);
  const key = attributeOf(part, 'key');
  const inner = partsOf(part).map(contentOf);
  return [key === null ? '' : `${key}:`, body, ...inner].filter((piece) => piece !== '').join(' ');
}

/** Rewrites one parameter; a placeholder where it cannot be translated. Reported. */
function parameterText(parameter: ModdleElement, finding: Finding, context: ConvertContext): string {
  try {
    const result = sourceOf(parameter);
    context.log.mapped(finding, result);
    return result;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refused(context, finding, error.translation);
  }
}

/** The mappings of one camunda:inputOutput, also that inside a connector. */
export function mapParameters(holder: ModdleElement, element: ModdleElement, context: ConvertContext): void {
  for (const parameter of partsOf(holder)) {
    const name = attributeOf(parameter, 'name') ?? '';
    const construct = `${parameter.$type} ${name}`;
    const source = parameterText(parameter, { element, construct, original: contentOf(parameter) }, context);
    if (!isVariable(name)) context.log.needsPerson({ element, construct, original: name }, 'VARIABLE_NAME');
    if (localName(parameter) === 'outputParameter') addOutput(element, source, name);
    else addInput(element, source, name);
  }
}

/** Elements whose result used to reach the process besides their output parameters. */
const withResult = [
  'bpmn:ServiceTask',
  'bpmn:SendTask',
  'bpmn:ReceiveTask',
  'bpmn:UserTask',
  'bpmn:BusinessRuleTask',
  'bpmn:CatchEvent',
];

export const inputOutput: Conversion = (element, context) => {
  for (const holder of takeElements(element, 'inputOutput')) {
    mapParameters(holder, element, context);
    const outputs = partsOf(holder, 'outputParameter');
    if (outputs.length === 0 || !withResult.some((type) => instanceOf(element, type))) continue;
    const names = outputs.map((part) => attributeOf(part, 'name') ?? '').join(', ');
    context.log.needsPerson({ element, construct: holder.$type, original: names }, 'OUTPUT_LIMITS');
  }
};

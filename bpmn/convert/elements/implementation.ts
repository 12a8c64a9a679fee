/** Who does the work of a task or a message: code in the engine, an external task, a connector → a job. */
import { extension, idOf, type ModdleElement } from '../../moddle.ts';
import type { BilingualText } from '../../admission.ts';
import { rewritten, take, type ConvertContext } from '../context.ts';
import { addHeader, addInput, setExtension } from '../edit.ts';
import { NotTranslatable, type JuelNode } from '../juel/ast.ts';
import { JuelParser } from '../juel/parser.ts';
import { platformObjects } from '../juel/print.ts';
import type { Finding, PersonCode } from '../report.ts';
import { translateScript } from '../translate.ts';
import { attributeOf, bodyOf, partsOf, takeElements } from '../vendor.ts';
import { mapParameters } from './parameters.ts';
import texts from '../texts.json' with { type: 'json' };

/** `com.example.SendInvoice` → `sendInvoice`, `${sendInvoice}` → `sendInvoice`, `${invoice.send(x)}` → `invoice.send`. */
export function jobTypeOf(implementation: string, fallback: string): string {
  const wrapped = /^[$#]\{/.exec(implementation)?.[0];
  const path = wrapped === undefined ? simpleName(implementation) : pathIn(implementation, wrapped.length);
  return path === null || path === '' ? fallback : path;
}
function simpleName(className: string): string {
  const last = className.slice(className.lastIndexOf('.') + 1);
  return `${last.charAt(0).toLowerCase()}${last.slice(1)}`;
}
function pathIn(expression: string, at: number): string | null {
  try {
    return pathOf(new JuelParser(expression, at).inBraces().node);
  } catch (error) {
    if (error instanceof NotTranslatable) return null;
    throw error;
  }
}
function pathOf(node: JuelNode): string | null {
  if (node.type === 'name') return platformObjects.has(node.name) ? null : node.name;
  if (node.type !== 'property' && node.type !== 'call') return null;
  const target = node.target === null ? '' : pathOf(node.target);
  return target === null ? null : [target, node.name].filter((part) => part !== '').join('.');
}

const noText: BilingualText = { id: '', en: '' };

/** An expression that is plain FEEL could be a script task instead: the remedy says so. */
function scriptInstead({ original }: Finding): BilingualText {
  const { value, target } = translateScript(original, 'juel');
  if (value.kind !== 'feel') return noText;
  const written = `zeebe:script expression="=${value.source}"${target === null ? '' : ` resultVariable="${target}"`}`;
  return {
    id: texts.scriptInstead.id.replace('{script}', written),
    en: texts.scriptInstead.en.replace('{script}', written),
  };
}

/** `source` holds the attributes (the element, or its message event definition), `element` gets the job. True: there was one. */
export function convertImplementation(source: ModdleElement, element: ModdleElement, context: ConvertContext): boolean {
  const found = topicOf(source, context) ?? connectorOf(source, element, context) ?? codeOf(source, element, context);
  convertFields(source, element, context);
  for (const part of takeElements(source, 'errorEventDefinition')) {
    const original = attributeOf(part, 'expression') ?? '';
    context.log.needsPerson({ element, construct: part.$type, original }, 'EXTERNAL_ERROR');
  }
  const result = take(source, 'resultVariable') ?? take(source, 'resultVariableName');
  if (result !== null) context.log.needsPerson(result, 'RESULT_OF_JOB');
  if (found === null) return extension(element, 'zeebe:TaskDefinition') !== null;
  setExtension(element, 'zeebe:TaskDefinition', { type: found });
  return true;
}

/** camunda:type="external" camunda:topic. */
function topicOf(source: ModdleElement, context: ConvertContext): string | null {
  const topic = take(source, 'topic');
  if (topic === null) return null;
  take(source, 'type');
  return rewritten(context, topic);
}

/** camunda:connector: its id becomes the job type, its parameters the job's. */
function connectorOf(source: ModdleElement, element: ModdleElement, context: ConvertContext): string | null {
  const [connector] = takeElements(source, 'connector');
  if (connector === undefined) return null;
  const type = partsOf(connector, 'connectorId').map(bodyOf)[0] ?? idOf(element) ?? connector.$type;
  context.log.needsPerson({ element, construct: connector.$type, original: type }, 'CONNECTOR', {}, type);
  for (const holder of partsOf(connector, 'inputOutput')) mapParameters(holder, element, context);
  return type;
}

const codeAttributes: readonly (readonly [name: string, code: PersonCode])[] = [
  ['class', 'JAVA_CODE'],
  ['delegateExpression', 'JAVA_CODE'],
  ['expression', 'EXPRESSION_TASK'],
  ['type', 'BUILT_IN_TASK'],
];
function codeOf(source: ModdleElement, element: ModdleElement, context: ConvertContext): string | null {
  for (const [name, code] of codeAttributes) {
    const found = take(source, name);
    if (found === null) continue;
    const type = jobTypeOf(found.original, idOf(element) ?? name);
    context.log.needsPerson(found, code, code === 'EXPRESSION_TASK' ? { feel: scriptInstead(found) } : {}, type);
    return type;
  }
  return null;
}

/** camunda:field: constants become headers, expressions become inputs of the job. */
function convertFields(source: ModdleElement, element: ModdleElement, context: ConvertContext): void {
  for (const field of takeElements(source, 'field')) {
    const name = attributeOf(field, 'name') ?? '';
    const constant = attributeOf(field, 'stringValue') ?? partsOf(field, 'string').map(bodyOf)[0];
    const expression = attributeOf(field, 'expression') ?? partsOf(field, 'expression').map(bodyOf)[0] ?? '';
    const finding = { element, construct: `${field.$type} ${name}`, original: constant ?? expression };
    if (constant === undefined) addInput(element, rewritten(context, finding), name);
    else {
      addHeader(element, name, constant);
      context.log.mapped(finding, 'zeebe:header');
    }
  }
}

/** What the conversions of the elements share. */
import { child, text, type ModdleElement } from '../moddle.ts';
import { set } from './edit.ts';
import { textLiteral } from './juel/piece.ts';
import type { PrintOptions } from './juel/print.ts';
import type { ConversionLog, Finding } from './report.ts';
import { placeholder, translate, translateScript, type Translation } from './translate.ts';
import { takeAttribute } from './vendor.ts';

/** A file that a conversion adds. */
export interface GeneratedFile {
  readonly name: string;
  readonly content: string;
}
export interface ConvertContext {
  readonly log: ConversionLog;
  /** Forms made of the model's own form fields. */
  readonly forms: GeneratedFile[];
  /** Name of a form file that is converted along → the id inside. */
  readonly formIds: ReadonlyMap<string, string>;
  /** The file is written for one of the engines that are converted from, and not plain BPMN or Zeebe's. */
  readonly isVendors: boolean;
}
export type Conversion = (element: ModdleElement, context: ConvertContext) => void;

/** Takes an attribute off an element; null: it has none of this name, or an empty one. */
export function take(element: ModdleElement, local: string): Finding | null {
  const found = takeAttribute(element, local);
  if (found === null || found.value.trim() === '') return null;
  return { element, construct: found.qualified, original: found.value.trim() };
}

/** A static text as the value of an attribute that may hold FEEL. */
export const staticText = (value: string): string =>
  value.trimStart().startsWith('=') ? `=${textLiteral(value)}` : value;

/** Says that a translation failed; what stands there instead is returned. */
export function refused(
  { log }: ConvertContext,
  finding: Finding,
  { code, detail }: Extract<Translation, { readonly kind: 'untranslatable' }>,
): string {
  const result = placeholder(finding.original);
  log.needsPerson(finding, code, { detail }, result);
  return result;
}

/** The finding's text as FEEL behind `=`, as static text, or as a placeholder that no engine admits. Reported. */
export function rewritten(context: ConvertContext, finding: Finding, options: Partial<PrintOptions> = {}): string {
  const translation = translate(finding.original, options);
  if (translation.kind === 'untranslatable') return refused(context, finding, translation);
  const result = translation.kind === 'feel' ? `=${translation.source}` : staticText(translation.value);
  context.log.mapped(finding, result);
  return result;
}

const isFeel = (source: string): boolean => source.trimStart().startsWith('=');
const hasExpression = (source: string): boolean => /[$#]\{/.test(source);

/**
 * Rewrites the body of a bpmn:expression child, in JUEL or in the script language it names. A body without an expression stays as it
 * is; the new body is returned, null where there is none.
 */
export function rewriteBody(
  element: ModdleElement,
  name: string,
  context: ConvertContext,
  options: Partial<PrintOptions> = {},
): string | null {
  const holder = child(element, name);
  if (holder === null) return null;
  const body = text(holder, 'body') ?? '';
  const resource = take(holder, 'resource');
  const language = text(holder, 'language');
  const original = resource?.original ?? body.trim();
  const finding = { element, construct: `bpmn:${name}`, original };
  const replace = (result: string): string => {
    set(holder, 'body', result);
    set(holder, 'language', undefined);
    return result;
  };
  if (resource !== null) {
    context.log.needsPerson(finding, 'SCRIPT_RESOURCE', { detail: original });
    return replace(placeholder(original));
  }
  if (isFeel(body) || original === '') return body;
  if (hasExpression(body)) return replace(rewritten(context, finding, options));
  if (language === null || /^(?:feel|juel|https?:)/i.test(language)) return body;
  const { value, target } = translateScript(body, language);
  if (value.kind === 'untranslatable') return replace(refused(context, finding, value));
  if (value.kind === 'static' || target !== null) {
    return replace(refused(context, finding, { kind: 'untranslatable', code: 'STATEMENTS', detail: language }));
  }
  context.log.mapped(finding, `=${value.source}`);
  return replace(`=${value.source}`);
}

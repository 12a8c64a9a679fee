/** Texts of a Camunda 7 model that may hold expressions → static text or FEEL, checked with the parser that will read them. */
import { parseExpression } from '../feel.ts';
import { NotTranslatable, type JuelNode } from './juel/ast.ts';
import { JuelParser } from './juel/parser.ts';
import { joined, partsOf, textLiteral, type Piece } from './juel/piece.ts';
import { printFeel, type PrintOptions } from './juel/print.ts';

export type Untranslatable = NotTranslatable['code'] | 'SCRIPT_LANGUAGE' | 'STATEMENTS';
export type Translation =
  | { readonly kind: 'static'; readonly value: string }
  /** FEEL without the leading `=`. */
  | { readonly kind: 'feel'; readonly source: string }
  | { readonly kind: 'untranslatable'; readonly code: Untranslatable; readonly detail: string };

const defaults: PrintOptions = { dialect: 'juel', insideCompletionCondition: false };
const open = /(?<!\\)[$#]\{/g;

/** `${a}` or `Invoice ${number} of ${name}` (JSR 245 §1.2): a value, or a text of several. */
export const translate = (text: string, options: Partial<PrintOptions> = {}): Translation =>
  attempt(() => {
    const parts = partsOfText(text, { ...defaults, ...options });
    if (parts === null) return { kind: 'static', value: text.replaceAll(/\\([$#]\{)/g, '$1') };
    const only = parts[0];
    const whole = parts.length === 1 && only !== undefined ? only : joined(parts.flatMap(partsOf));
    return checked(whole.text);
  });

/** null: no expression in it. */
function partsOfText(text: string, options: PrintOptions): Piece[] | null {
  const parts: Piece[] = [];
  let at = 0;
  open.lastIndex = 0;
  for (let found = open.exec(text); found !== null; found = open.exec(text)) {
    if (found.index > at) parts.push(literalPart(text.slice(at, found.index)));
    const { node, end } = new JuelParser(text, found.index + found[0].length).inBraces();
    parts.push(printFeel(node, options));
    at = end;
    open.lastIndex = end;
  }
  if (parts.length === 0) return null;
  if (at < text.length) parts.push(literalPart(text.slice(at)));
  return parts;
}
const literalPart = (text: string): Piece => ({ text: textLiteral(text), binding: 7, yields: 'text' });

/** Parts of a list separated by commas; those inside an expression separate nothing. */
export function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (character === undefined || (character === ',' && depth <= 0)) {
      const part = text.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

/** Text that is an expression as a whole: a decision's JUEL, a simple script. */
export const translateBody = (text: string, dialect: PrintOptions['dialect']): Translation =>
  attempt(() => checked(printFeel(parsedBody(text), { ...defaults, dialect }).text));

const parsedBody = (text: string): JuelNode => new JuelParser(text.replace(/^\s*return\b/, ''), 0).whole();

const scriptLanguages: ReadonlySet<string> = new Set(['groovy', 'javascript', 'ecmascript', 'graal.js', 'nashorn']);

export interface ScriptTranslation {
  readonly value: Translation;
  /** The script's only statement sets this variable. */
  readonly target: string | null;
}
/** A script in the language named by scriptFormat. Only a single expression, or a single `execution.setVariable("x", …)`. */
export function translateScript(source: string, format: string): ScriptTranslation {
  const language = format.trim().toLowerCase();
  const text = source.trim();
  if (language === 'feel') return { value: attempt(() => checked(text.replace(/^=/, ''))), target: null };
  if (language === 'juel') return juelScript(text);
  if (!scriptLanguages.has(language)) {
    return { value: { kind: 'untranslatable', code: 'SCRIPT_LANGUAGE', detail: format }, target: null };
  }
  return assignmentOf(() => parsedBody(text), 'script');
}
const juelScript = (text: string): ScriptTranslation => {
  const wrapped = /^[$#]\{/.exec(text)?.[0];
  if (wrapped === undefined) return assignmentOf(() => parsedBody(text), 'juel');
  return assignmentOf(
    () => new JuelParser(text, wrapped.length).inBraces().node,
    'juel',
    () => translate(text),
  );
};

function assignmentOf(
  parse: () => JuelNode,
  dialect: PrintOptions['dialect'],
  otherwise?: () => Translation,
): ScriptTranslation {
  let target: string | null = null;
  const value = attempt(() => {
    const node = parse();
    const assigned = setVariableOf(node);
    target = assigned?.name ?? null;
    if (assigned === null && otherwise !== undefined) return otherwise();
    return checked(printFeel(assigned?.value ?? node, { ...defaults, dialect }).text);
  });
  if (value.kind !== 'untranslatable' || value.code !== 'SYNTAX') return { value, target };
  return { value: { ...value, code: 'STATEMENTS' }, target };
}

function setVariableOf(node: JuelNode): { readonly name: string; readonly value: JuelNode } | null {
  if (node.type !== 'call' || node.name !== 'setVariable') return null;
  const [name, value, third] = node.args;
  if (node.target?.type !== 'name' || node.target.name !== 'execution') return null;
  return name?.type === 'text' && value !== undefined && third === undefined ? { name: name.value, value } : null;
}

function attempt(work: () => Translation): Translation {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NotTranslatable)) throw error;
    return { kind: 'untranslatable', code: error.code, detail: error.detail };
  }
}

/** The last word is the FEEL parser's. */
function checked(source: string): Translation {
  const parsed = parseExpression(source);
  if (!parsed.ok) return { kind: 'untranslatable', code: 'SYNTAX', detail: source };
  return { kind: 'feel', source };
}

/**
 * What stands where a text could not be translated: visible, and no FEEL, so that no engine admits the model before a person has
 * looked at it. `$` and `#` begin no FEEL token.
 */
export const placeholder = (text: string): string => (/[$#]\{/.test(text) ? `=${text}` : `=#{${text}}`);

/** Text → tokens, in one pass. JSR 245 §1.19; for simple scripts also what Groovy and JavaScript add to it. */
import { NotTranslatable } from './ast.ts';

export type TokenKind = 'text' | 'number' | 'word' | 'sign' | 'end';
export interface Token {
  readonly kind: TokenKind;
  /** Of a text: its value. */
  readonly value: string;
  /** Offset behind it in the source. */
  readonly end: number;
}

const blanks = /\s*/y;
const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const sign = /===|!==|&&|\|\||==|!=|<=|>=|[()[\]{}.,?:;<>+\-*/%!=]/y;
/** Words that are operators (JSR 245 §1.14), and their signs. */
const wordSigns: ReadonlyMap<string, string> = new Map([
  ['and', '&&'],
  ['or', '||'],
  ['not', '!'],
  ['eq', '=='],
  ['ne', '!='],
  ['lt', '<'],
  ['le', '<='],
  ['gt', '>'],
  ['ge', '>='],
  ['div', '/'],
  ['mod', '%'],
]);
const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** The token at `at`, blanks skipped. */
export function tokenAt(source: string, at: number): Token {
  const start = at + (matchAt(blanks, source, at)?.length ?? 0);
  const first = source[start];
  if (first === undefined) return { kind: 'end', value: '', end: start };
  if (first === '"' || first === "'") return quoted(source, start, first);
  const name = matchAt(word, source, start);
  if (name !== null) {
    const operator = wordSigns.get(name);
    return { kind: operator === undefined ? 'word' : 'sign', value: operator ?? name, end: start + name.length };
  }
  const digits = matchAt(number, source, start);
  if (digits !== null) return { kind: 'number', value: digits, end: start + digits.length };
  const mark = matchAt(sign, source, start);
  if (mark === null) throw new NotTranslatable('SYNTAX', source.slice(start, start + 20));
  return { kind: 'sign', value: mark === '===' ? '==' : mark === '!==' ? '!=' : mark, end: start + mark.length };
}

function quoted(source: string, start: number, quote: string): Token {
  let value = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === quote) return { kind: 'text', value, end: at + 1 };
    if (character !== '\\') value += character;
    else {
      const escaped = source[++at] ?? '';
      value += escapes.get(escaped) ?? escaped;
    }
  }
  throw new NotTranslatable('SYNTAX', source.slice(start, start + 20));
}

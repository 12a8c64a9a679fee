/** Syntax of regular expressions (XPath/XQuery functions 3.1 §5.6.1) → tree. */
import type { AssertionKind } from './pattern-assertions.ts';
import unicode from './unicode-blocks.json' with { type: 'json' };

export type CharTest = (char: string) => boolean;
export type PatternNode =
  | { readonly type: 'empty' }
  | { readonly type: 'char'; readonly test: CharTest }
  | { readonly type: 'assert'; readonly kind: AssertionKind }
  /** What a group matched, once more. */
  | { readonly type: 'back'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly type: 'group'; readonly index: number; readonly of: PatternNode }
  | { readonly type: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly type: 'repeat';
      readonly of: PatternNode;
      readonly min: number;
      readonly max: number | null;
      readonly greedy: boolean;
    };

export interface PatternFlags {
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly ignoreCase: boolean;
  readonly extended: boolean;
  readonly literal: boolean;
}

export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const maxNesting = 50;
const maxRepeat = 1_000;

interface Reader {
  readonly chars: readonly string[];
  readonly flags: PatternFlags;
  at: number;
  groups: number;
  /** Groups whose end was read: those a back-reference may name. */
  readonly closed: Set<number>;
  depth: number;
}

export function parsePattern(source: string, flags: PatternFlags): { node: PatternNode; groups: number } {
  const all = Array.from(source);
  if (flags.literal) return { node: { type: 'sequence', parts: all.map((char) => literal(char, flags)) }, groups: 0 };
  const reader: Reader = {
    chars: flags.extended ? withoutSpaces(all) : all,
    flags,
    at: 0,
    groups: 0,
    closed: new Set(),
    depth: 0,
  };
  const node = choice(reader);
  if (reader.at < reader.chars.length) throw new PatternError(`unexpected '${reader.chars[reader.at] ?? ''}'`);
  return { node, groups: reader.groups };
}

/** Flag x: white space outside character classes is ignored. */
function withoutSpaces(chars: readonly string[]): string[] {
  const kept: string[] = [];
  let depth = 0;
  for (const [index, char] of chars.entries()) {
    const escaped = chars[index - 1] === '\\';
    if (!escaped && char === '[') depth++;
    if (!escaped && char === ']') depth--;
    if (depth > 0 || !/^\s$/.test(char)) kept.push(char);
  }
  return kept;
}

const peek = (reader: Reader): string | undefined => reader.chars[reader.at];
function take(reader: Reader, char: string): boolean {
  if (peek(reader) !== char) return false;
  reader.at++;
  return true;
}

function choice(reader: Reader): PatternNode {
  if (++reader.depth > maxNesting) throw new PatternError(`nested deeper than ${maxNesting} groups`);
  const options: PatternNode[] = [];
  do {
    const parts: PatternNode[] = [];
    for (let char = peek(reader); char !== undefined && char !== '|' && char !== ')'; char = peek(reader))
      parts.push(repeated(reader));
    options.push({ type: 'sequence', parts });
  } while (take(reader, '|'));
  reader.depth--;
  return options.length === 1 ? (options[0] ?? { type: 'empty' }) : { type: 'choice', options };
}

function repeated(reader: Reader): PatternNode {
  const of = atom(reader);
  const bounds = quantifier(reader);
  if (bounds === null) return of;
  if (of.type === 'assert') throw new PatternError('an anchor cannot be repeated');
  const greedy = !take(reader, '?');
  if (['*', '+', '?'].includes(peek(reader) ?? '')) throw new PatternError('a quantifier follows a quantifier');
  return { type: 'repeat', of, ...bounds, greedy };
}

function quantifier(reader: Reader): { min: number; max: number | null } | null {
  if (take(reader, '*')) return { min: 0, max: null };
  if (take(reader, '+')) return { min: 1, max: null };
  if (take(reader, '?')) return { min: 0, max: 1 };
  if (peek(reader) !== '{') return null;
  const end = reader.chars.indexOf('}', reader.at);
  const match = /^\{(\d{1,6})(,(\d{1,6})?)?$/.exec(
    reader.chars.slice(reader.at, end < 0 ? undefined : Math.min(end, reader.at + 20)).join(''),
  );
  if (end < 0 || match === null) throw new PatternError('a malformed quantifier');
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === undefined ? null : Number(match[3]);
  if (min > maxRepeat || (max !== null && (max > maxRepeat || max < min)))
    throw new PatternError('a quantifier out of range');
  reader.at = end + 1;
  return { min, max };
}

function atom(reader: Reader): PatternNode {
  const char = peek(reader) ?? '';
  reader.at++;
  switch (char) {
    case '(':
      return group(reader);
    case '[':
      return { type: 'char', test: charClass(reader) };
    case '.':
      return { type: 'char', test: reader.flags.dotAll ? () => true : (c) => c !== '\n' && c !== '\r' };
    case '^':
      return { type: 'assert', kind: 'start' };
    case '$':
      return { type: 'assert', kind: 'end' };
    case '\\':
      return escape(reader);
    case '*':
    case '+':
    case '?':
    case '{':
    case '}':
    case ']':
      throw new PatternError(`unexpected '${char}'`);
    default:
      return literal(char, reader.flags);
  }
}

function literal(char: string, flags: PatternFlags): PatternNode {
  if (!flags.ignoreCase) return { type: 'char', test: (c) => c === char };
  const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
  return { type: 'char', test: (c) => c === char || c.toLowerCase() === lower || c.toUpperCase() === upper };
}

function group(reader: Reader): PatternNode {
  let index: number | null = null;
  if (take(reader, '?')) {
    if (!take(reader, ':')) throw new PatternError('look-around and named groups');
  } else index = ++reader.groups;
  const of = choice(reader);
  if (!take(reader, ')')) throw new PatternError('a group is not closed');
  if (index === null) return of;
  reader.closed.add(index);
  return { type: 'group', index, of };
}

function escape(reader: Reader): PatternNode {
  const char = peek(reader);
  if (char === undefined) throw new PatternError('it ends with a backslash');
  if (char === 'b' || char === 'B') {
    reader.at++;
    return { type: 'assert', kind: char === 'b' ? 'wordBoundary' : 'notWordBoundary' };
  }
  if (/^[1-9]$/.test(char)) return backReference(reader);
  const single = singleEscape(reader);
  return typeof single === 'string' ? literal(single, reader.flags) : { type: 'char', test: single };
}

/** `\12` is group 12 where there are as many groups, else group 1 and a 2. XPath functions 3.1 §5.6.1. */
function backReference(reader: Reader): PatternNode {
  let group = Number(reader.chars[reader.at++]);
  for (let next = peek(reader); next !== undefined && /^\d$/.test(next); next = peek(reader)) {
    if (group * 10 + Number(next) > reader.groups) break;
    group = group * 10 + Number(next);
    reader.at++;
  }
  if (!reader.closed.has(group)) throw new PatternError(`there is no group ${group} before its back-reference`);
  return { type: 'back', group, ignoreCase: reader.flags.ignoreCase };
}

const classes: Readonly<Record<string, RegExp>> = {
  d: /^\p{Nd}$/u,
  s: /^[ \t\n\r\f\v]$/,
  w: /^[^\p{P}\p{Z}\p{C}]$/u,
  i: /^[\p{L}_:]$/u,
  c: /^[\p{L}\p{N}\-._:·]$/u,
};
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What follows a backslash: a character, or a class of characters. */
function singleEscape(reader: Reader): string | CharTest {
  const char = peek(reader) ?? '';
  reader.at++;
  const lower = char.toLowerCase();
  if (lower === 'p') return property(reader, char === 'P');
  const known = Object.hasOwn(classes, lower) ? classes[lower] : undefined;
  if (known !== undefined) return char === lower ? (c) => known.test(c) : (c) => !known.test(c);
  if (Object.hasOwn(controls, char)) return controls[char] ?? char;
  if (/^[A-Za-z0-9]$/.test(char)) throw new PatternError(`\\${char} means nothing`);
  return char;
}

const category = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/;

/** `\p{Lu}` a general category, `\p{IsBasicLatin}` a block. XML Schema part 2 §F.1.1. */
function property(reader: Reader, negated: boolean): CharTest {
  const end = reader.chars.indexOf('}', reader.at);
  const name = reader.chars.slice(reader.at + 1, end < 0 ? undefined : Math.min(end, reader.at + 80)).join('');
  const test = peek(reader) !== '{' || end < 0 ? null : (categoryTest(name) ?? blockTest(name));
  if (test === null) throw new PatternError(`\\p{${name}}`);
  reader.at = end + 1;
  return negated ? (c) => !test(c) : test;
}
function categoryTest(name: string): CharTest | null {
  if (!category.test(name)) return null;
  const members = new RegExp(`^\\p{${name}}$`, 'u');
  return (c) => members.test(c);
}
function blockTest(name: string): CharTest | null {
  const blocks: Readonly<Record<string, string>> = unicode.blocks;
  const block = name.slice(2);
  if (!name.startsWith('Is') || !Object.hasOwn(blocks, block)) return null;
  const [low = 0, high = -1] = (blocks[block] ?? '').split('-').map((code) => Number.parseInt(code, 16));
  return (c) => {
    const code = c.codePointAt(0) ?? -1;
    return code >= low && code <= high;
  };
}

/** After `[`: members, ranges, negation, and subtraction `[a-z-[aeiou]]`. */
function charClass(reader: Reader): CharTest {
  if (++reader.depth > maxNesting) throw new PatternError('nested character classes');
  const negated = take(reader, '^');
  const tests: CharTest[] = [];
  let subtracted: CharTest | null = null;
  let first = true;
  for (;;) {
    const char = peek(reader);
    if (char === undefined) throw new PatternError('a character class is not closed');
    if (char === ']' && !first) break;
    if (char === '-' && reader.chars[reader.at + 1] === '[') {
      reader.at += 2;
      subtracted = charClass(reader);
      continue;
    }
    if (char === '[') throw new PatternError('a bracket inside a character class');
    first = false;
    tests.push(classMember(reader));
  }
  reader.at++;
  reader.depth--;
  const any: CharTest = (c) => tests.some((test) => test(c));
  return (c) => any(c) !== negated && (subtracted === null || !subtracted(c));
}

function classMember(reader: Reader): CharTest {
  const low = classChar(reader);
  if (typeof low !== 'string') return low;
  const next = reader.chars[reader.at + 1];
  if (peek(reader) !== '-' || next === undefined || next === ']' || next === '[')
    return charTest(low, low, reader.flags);
  reader.at++;
  const high = classChar(reader);
  if (typeof high !== 'string' || (high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0))
    throw new PatternError('a malformed character range');
  return charTest(low, high, reader.flags);
}
function classChar(reader: Reader): string | CharTest {
  const char = peek(reader) ?? '';
  reader.at++;
  return char === '\\' ? singleEscape(reader) : char;
}
function charTest(low: string, high: string, flags: PatternFlags): CharTest {
  const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
  const within = (c: string): boolean => {
    const code = c.codePointAt(0) ?? -1;
    return code >= from && code <= to;
  };
  return flags.ignoreCase ? (c) => within(c) || within(c.toLowerCase()) || within(c.toUpperCase()) : within;
}

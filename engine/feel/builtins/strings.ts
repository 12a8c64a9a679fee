/** String functions. DMN 1.5 §10.3.4.3. Lengths and positions are in characters (code points). */
import { integerOf } from '../number.ts';
import type { FeelNumber } from '../number.ts';
import { compilePattern, findMatch, findMatches } from '../pattern.ts';
import type { Match } from '../pattern.ts';
import { BudgetExceeded, isList } from '../value.ts';
import { bounded } from './lists.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';
import { limits } from '../../limits.ts';

type Args = readonly (Value | undefined)[];

/** Characters of a text; costs steps by its length. */
function characters(text: string, env: Environment): string[] {
  env.charge(text.length >> 4);
  return Array.from(text);
}
function limited(text: string, env: Environment): string {
  if (text.length > limits.feelStringLength)
    throw new BudgetExceeded(`a text is longer than ${limits.feelStringLength} characters`);
  env.charge(text.length >> 8);
  return text;
}

function substring([text, start, length]: Args, env: Environment): Value {
  const chars = characters(text as string, env);
  const position = integerOf(start as FeelNumber);
  const count = length === undefined ? chars.length : Math.trunc(Number((length as FeelNumber).toString()));
  if (position === null || position === 0 || Math.abs(position) > chars.length || count < 1) {
    return length === undefined || count >= 1
      ? env.warn("'substring' is outside the text")
      : env.warn("'substring' has no length");
  }
  const from = position > 0 ? position - 1 : chars.length + position;
  return chars.slice(from, from + count).join('');
}

function matches([input, pattern, flags]: Args, env: Environment): Value {
  const compiled = compilePattern(pattern as string, (flags as string | null | undefined) ?? '', env);
  return compiled === null ? null : findMatch(compiled, characters(input as string, env), 0, env) !== null;
}

function replace([input, pattern, replacement, flags]: Args, env: Environment): Value {
  const flagText = (flags as string | null | undefined) ?? '';
  const compiled = compilePattern(pattern as string, flagText, env);
  if (compiled === null) return null;
  const parts = flagText.includes('q')
    ? [replacement as string]
    : replacementParts(replacement as string, compiled.groups - 1);
  if (parts === null) return env.warn("'replace' has a malformed replacement");
  const chars = characters(input as string, env);
  let result = '';
  let done = 0;
  for (const match of findMatches(compiled, chars, env)) {
    result +=
      chars.slice(done, match[0]).join('') +
      parts.map((part) => (typeof part === 'string' ? part : groupText(chars, match, part))).join('');
    done = match[1] ?? done;
    limited(result, env);
  }
  return limited(result + chars.slice(done).join(''), env);
}
const groupText = (chars: readonly string[], match: Match, group: number): string => {
  const [start = -1, end = -1] = [match[group * 2], match[group * 2 + 1]];
  return start < 0 || end < 0 ? '' : chars.slice(start, end).join('');
};
/** `$1` refers to a group, `\$` and `\\` are themselves; null: malformed. XPath functions 3.1 §5.6.4. */
function replacementParts(text: string, groups: number): (string | number)[] | null {
  const parts: (string | number)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') {
      const next = text[++at];
      if (next !== '$' && next !== '\\') return null;
      parts.push(next);
    } else if (char === '$') {
      let digits = /^\d+/.exec(text.slice(at + 1, at + 4))?.[0];
      if (digits === undefined) return null;
      while (digits.length > 1 && Number(digits) > groups) digits = digits.slice(0, -1);
      parts.push(Number(digits));
      at += digits.length;
    } else parts.push(char);
  }
  return parts;
}

function split([input, delimiter]: Args, env: Environment): Value {
  const text = input as string;
  const pattern = delimiter as string;
  if (pattern !== '' && !/[\\^$.*+?()[\]{}|]/.test(pattern)) {
    env.charge(text.length >> 4);
    return bounded(text.split(pattern), env);
  }
  const compiled = compilePattern(pattern, '', env);
  if (compiled === null) return null;
  const chars = characters(text, env);
  const parts: string[] = [];
  let done = 0;
  for (const [start = 0, end = 0] of findMatches(compiled, chars, env)) {
    if (start === end && (start === 0 || start === chars.length)) continue;
    parts.push(chars.slice(done, start).join(''));
    done = end;
  }
  return bounded([...parts, chars.slice(done).join('')], env);
}

/** Camunda's `extract`: all matches of a pattern. */
function extract([input, pattern]: Args, env: Environment): Value {
  const compiled = compilePattern(pattern as string, '', env);
  if (compiled === null) return null;
  const chars = characters(input as string, env);
  return findMatches(compiled, chars, env).map((match) => groupText(chars, match, 0));
}

function join([list, delimiter, prefix, suffix]: Args, env: Environment): Value {
  if (!isList(list)) return null;
  const texts = list.filter((item) => item !== null);
  if (!texts.every((item) => typeof item === 'string'))
    return env.warn("'string join' of a list that is not all strings");
  const length = texts.reduce(
    (sum, text) => sum + text.length + ((delimiter as string | null | undefined) ?? '').length,
    0,
  );
  if (length > limits.feelStringLength)
    throw new BudgetExceeded(`a text is longer than ${limits.feelStringLength} characters`);
  env.charge(texts.length);
  return limited(
    `${(prefix as string | undefined) ?? ''}${texts.join((delimiter as string | null | undefined) ?? '')}${(suffix as string | undefined) ?? ''}`,
    env,
  );
}

const onText = (name: string, run: (text: string, env: Environment) => Value): Builtin =>
  builtin(
    name,
    signature('string: string', ([text], env) => run(limited(text as string, env), env)),
  );
const onTwo = (name: string, run: (text: string, match: string) => Value): Builtin =>
  builtin(
    name,
    signature('string: string, match: string', ([text, match], env) =>
      run(limited(text as string, env), match as string),
    ),
  );

export const stringFunctions: readonly Builtin[] = [
  builtin('substring', signature('string: string, start position: number, length?: number', substring)),
  onText('string length', (text, env) => characters(text, env).length),
  onText('upper case', (text) => text.toUpperCase()),
  onText('lower case', (text) => text.toLowerCase()),
  onText('trim', (text) => text.trim()),
  onText('is blank', (text) => text.trim() === ''),
  onTwo('substring before', (text, match) => (text.includes(match) ? text.slice(0, text.indexOf(match)) : '')),
  onTwo('substring after', (text, match) =>
    text.includes(match) ? text.slice(text.indexOf(match) + match.length) : '',
  ),
  onTwo('contains', (text, match) => text.includes(match)),
  onTwo('starts with', (text, match) => text.startsWith(match)),
  onTwo('ends with', (text, match) => text.endsWith(match)),
  builtin('matches', signature('input: string, pattern: string, flags?: nullable string', matches)),
  builtin(
    'replace',
    signature('input: string, pattern: string, replacement: string, flags?: nullable string', replace),
  ),
  builtin('split', signature('string: string, delimiter: string', split)),
  builtin('extract', signature('string: string, pattern: string', extract)),
  builtin(
    'string join',
    signature('list: list, delimiter?: nullable string', join),
    signature('list: list, delimiter: nullable string, prefix: string, suffix: string', join),
  ),
];

/**
 * Functions Camunda's modelers offer beyond the standard that convert between formats. Those that answer differently each time they
 * are asked (`uuid`, `random number`) are refused: a case that is replayed must come to the same result.
 */
import { integerOf, multiply, round } from '../number.ts';
import type { FeelNumber } from '../number.ts';
import { FeelDateTime, nanosPerSecond } from '../temporal.ts';
import { BudgetExceeded, toJson } from '../value.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';
import type { Json } from '../../json.ts';
import { limits } from '../../limits.ts';

type Args = readonly (Value | undefined)[];

const utc = { offsetSeconds: 0, id: null };
const nanosPerMilli = 1_000_000n;

/** Seconds since 1970-01-01T00:00Z, with a fraction down to milliseconds. */
function fromUnixTimestamp([timestamp]: Args, env: Environment): Value {
  const millis = round(multiply(timestamp as FeelNumber, 1000) ?? 0, 0, 'floor');
  const whole = millis === null ? null : integerOf(millis);
  const time = whole === null ? null : FeelDateTime.ofEpochNanos(BigInt(whole) * nanosPerMilli, utc);
  return time ?? env.warn('the timestamp is beyond all dates', 'OUT_OF_RANGE');
}
/** A time without a zone is read as UTC. */
function toUnixTimestamp([from]: Args): Value {
  const nanos = (from as FeelDateTime).epochNanos;
  const seconds = nanos / nanosPerSecond - (nanos % nanosPerSecond < 0n ? 1n : 0n);
  return Number(seconds);
}

/** Levels of brackets in a JSON text; those within strings count too, which only errs on the safe side. */
function levelsOf(text: string): number {
  let [level, deepest] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++level);
    else if (char === ']' || char === '}') level--;
  }
  return deepest;
}
function fromJsonText([value]: Args, env: Environment): Value {
  const text = value as string;
  env.charge(text.length >> 2);
  if (levelsOf(text) > limits.feelDepth) return env.warn('the JSON text is nested too deeply', 'OUT_OF_RANGE');
  try {
    return JSON.parse(text) as Json;
  } catch {
    return env.warn('the text is no JSON');
  }
}
function toJsonText([value]: Args, env: Environment): Value {
  const text = JSON.stringify(toJson(value ?? null, env));
  if (text.length > limits.feelStringLength)
    throw new BudgetExceeded(`a text is longer than ${limits.feelStringLength} characters`);
  env.charge(text.length >> 4);
  return text;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 §4, of the text's UTF-8. */
function toBase64([value]: Args, env: Environment): Value {
  const text = value as string;
  env.charge(text.length >> 2);
  if (text.length > limits.feelStringLength / 4)
    throw new BudgetExceeded(`a text is longer than ${limits.feelStringLength} characters`);
  const bytes = utf8(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const sextets = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63] ?? '');
    if (third === undefined) sextets[3] = '=';
    if (second === undefined) sextets[2] = '=';
    encoded += sextets.join('');
  }
  return encoded;
}
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const tail = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    const lead = [0, 0xc0, 0xe0, 0xf0][tail] ?? 0;
    bytes.push(lead | (code >> (6 * tail)));
    for (let rest = tail - 1; rest >= 0; rest--) bytes.push(0x80 | ((code >> (6 * rest)) & 63));
  }
  return bytes;
}

const refused = (name: string): Builtin =>
  builtin(
    name,
    signature('', (_, env) =>
      env.warn(`'${name}' answers differently each time, which a case that is replayed must not`, 'NOT_SUPPORTED'),
    ),
  );
const named = (names: readonly string[], ...signatures: Parameters<typeof builtin>[1][]): Builtin[] =>
  names.map((name) => builtin(name, ...signatures));

export const extensions: readonly Builtin[] = [
  ...named(['from unix timestamp', 'fromUnixTimestamp'], signature('timestamp: number', fromUnixTimestamp)),
  ...named(['to unix timestamp', 'toUnixTimestamp'], signature('date: date and time', toUnixTimestamp)),
  builtin('from json', signature('value: string', fromJsonText)),
  builtin('to json', signature('value: any', toJsonText)),
  builtin('to base64', signature('value: string', toBase64)),
  refused('uuid'),
  refused('random number'),
];

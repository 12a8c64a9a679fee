/** One text per value: keys in code-point order, no blanks. What a SHA-256 is taken of. */
import type { Json } from '#engine/json.ts';

export function canonicalJson(value: unknown): string {
  return JSON.stringify(ordered(value as Json));
}

const byCodePoint = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : Number(one > other);

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(byCodePoint);
  return Object.fromEntries(entries.map(([name, part]) => [name, ordered(part)]));
}

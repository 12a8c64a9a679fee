/** Size of values as JSON, without writing them. */
import type { Json, Variables } from './json.ts';
import { limits } from './limits.ts';

/** UTF-8 bytes of the value as JSON (escapes counted as one); Infinity when it is nested deeper than limits.variableDepth. */
export function jsonBytes(value: Json, depth = 0): number {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value).length;
  if (typeof value === 'string') return textBytes(value) + 2;
  if (depth >= limits.variableDepth) return Infinity;
  return Array.isArray(value) ? listBytes(value, depth) : objectBytes(value as Variables, depth);
}

function listBytes(list: readonly Json[], depth: number): number {
  let bytes = 2;
  for (const item of list) bytes += jsonBytes(item, depth + 1) + 1;
  return bytes;
}

function objectBytes(object: Variables, depth: number): number {
  let bytes = 2;
  for (const name of Object.keys(object)) bytes += textBytes(name) + 4 + jsonBytes(object[name] ?? null, depth + 1);
  return bytes;
}

function textBytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // the two halves of a surrogate pair make four bytes together
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Why these variables may not be set, null when they may. `present`: bytes of the instance's variables so far. */
export function sizeProblem(variables: Variables, present: number): string | null {
  let total = present;
  for (const name of Object.keys(variables)) {
    // the one name that plain objects cannot hold like any other
    if (name === '__proto__') return `A variable cannot be called '${name}'.`;
    const bytes = jsonBytes(variables[name] ?? null);
    if (bytes > limits.variableBytes) {
      return bytes === Infinity
        ? `Variable '${name}' is nested deeper than ${limits.variableDepth} levels.`
        : `Variable '${name}' has ${bytes} bytes; at most ${limits.variableBytes} are allowed.`;
    }
    total += bytes;
  }
  return total > limits.stateBytes
    ? `All variables of the instance would have ${total} bytes; at most ${limits.stateBytes} are allowed.`
    : null;
}

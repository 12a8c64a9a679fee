/** Variables that are too large are refused before anything is done, by name and limit; the engine sees to the sum over an instance. */
import type { JsonObject } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import { jsonBytes } from '#engine/size.ts';
import { Refusal } from './refusal.ts';

/** @throws Refusal (413) that names the variable and the limit. */
export function assertFit(variables: JsonObject | null | undefined): void {
  let total = 0;
  for (const [name, value] of Object.entries(variables ?? {})) {
    const bytes = jsonBytes(value);
    if (bytes === Infinity)
      throw new Refusal('tooLarge', 'variableTooDeep', { values: { name, limit: limits.variableDepth } });
    if (bytes > limits.variableBytes)
      throw new Refusal('tooLarge', 'variableTooLarge', { values: { name, bytes, limit: limits.variableBytes } });
    total += bytes;
  }
  if (total > limits.stateBytes)
    throw new Refusal('tooLarge', 'variablesTooLarge', { values: { bytes: total, limit: limits.stateBytes } });
}

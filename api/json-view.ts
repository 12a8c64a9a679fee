/** Engine JSON as the contract writes it: the same value, without `readonly`. */
import type { z } from 'zod';
import type { Json, JsonObject } from '#engine/json.ts';

type JsonView = z.core.util.JSONType;

export function jsonView(value: JsonObject): Record<string, JsonView>;
export function jsonView(value: Json): JsonView;
export function jsonView(value: Json): JsonView {
  return value as JsonView;
}

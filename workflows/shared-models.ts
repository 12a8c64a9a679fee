/** Compiled models, one frozen object each for all instances of a worker: preloaded.ts loads this module once. */
import type { ProcessModel } from '#engine/model.ts';

/** Versions in use at once; the least recently used goes and is read again when an instance of it starts or is replayed. */
const modelsKept = 200;
const models = new Map<string, ProcessModel>();

/** `read`: parses it, when this worker does not have it yet. */
export function sharedModel(sha256: string, read: () => unknown): ProcessModel {
  const model = models.get(sha256) ?? (frozen(read()) as ProcessModel);
  models.delete(sha256);
  models.set(sha256, model);
  const [oldest] = models.keys();
  if (models.size > modelsKept && oldest !== undefined) models.delete(oldest);
  return model;
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

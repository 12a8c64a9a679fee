/** How far a case is, in the few words that citizens see. */
import type { ProcessModel } from '#engine/model.ts';

/** Property `alur.status` of the element reached last that has one. */
export function statusOf(model: ProcessModel | null, latestFirst: readonly string[]): string | null {
  for (const elementId of latestFirst) {
    const status = model?.nodes[elementId]?.properties['alur.status'];
    if (status !== undefined) return status;
  }
  return null;
}

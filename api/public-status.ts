/** How far a case is, in the few words that citizens see. */
import type { ProcessModel } from '#engine/model.ts';

/** Property `alur.status` of the elements reached, latest first; those without one are left out. */
export const statusesOf = (model: ProcessModel | null, latestFirst: readonly string[]): readonly string[] =>
  latestFirst.flatMap((elementId) => model?.nodes[elementId]?.properties['alur.status'] ?? []);

/** Of the element reached last that has one. */
export const statusOf = (model: ProcessModel | null, latestFirst: readonly string[]): string | null =>
  statusesOf(model, latestFirst)[0] ?? null;

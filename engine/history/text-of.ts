import type { Json } from '../json.ts';

/** Two values that are alike have the same text, whatever the order of an object's names. */
export const textOf = (value: Json | undefined): string =>
  JSON.stringify(value ?? null, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

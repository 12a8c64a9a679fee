/** Looking at many things, a few at a time, and at the same thing more than once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Difference } from './case-check.ts';

/** In the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, run));
  return results;
}

const nameOf = ({ kind, instanceKey, detail }: Difference): string => JSON.stringify([kind, instanceKey, detail]);

/** Cases go on while they are looked at: only what is the same every time differs. */
export async function lasting(
  look: () => Promise<readonly Difference[]>,
  pausesMs: readonly number[],
): Promise<readonly Difference[]> {
  let found = await look();
  for (const pauseMs of pausesMs) {
    if (found.length === 0) return found;
    await sleep(pauseMs);
    const again = new Set((await look()).map(nameOf));
    found = found.filter((difference) => again.has(nameOf(difference)));
  }
  return found;
}

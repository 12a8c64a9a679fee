/** Which element instances a test case counts, and their ends in order. */
import type { ElementType, Fact } from '#engine/fact.ts';

/** Not the process itself, nor what only holds other element instances together. */
const bookkeeping: readonly ElementType[] = ['process', 'multiInstanceBody', 'standardLoopBody', 'compensation'];
export const isCounted = (type: ElementType): boolean => !bookkeeping.includes(type);

/** Element ids, one entry per end, in order. */
export function completions(facts: readonly Fact[]): {
  readonly completed: readonly string[];
  readonly terminated: readonly string[];
} {
  const completed: string[] = [];
  const terminated: string[] = [];
  for (const fact of facts) {
    if (fact.type !== 'elementCompleted' && fact.type !== 'elementTerminated') continue;
    if (isCounted(fact.elementType)) (fact.type === 'elementCompleted' ? completed : terminated).push(fact.elementId);
  }
  return { completed, terminated };
}

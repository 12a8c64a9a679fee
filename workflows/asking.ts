/**
 * Local activities, asked until the answer is to the question.
 *
 * A workflow task that the server has lost is done again, and its Updates can come in another order. The SDK names a local activity by
 * its number within the run, so one of the lost attempt that ends late can answer for another of the later attempt, which then is never
 * done (docs/adr/0008). The question's mark travels with it, and comes back with the answer.
 */
import type { Marked } from '#activities/marked.ts';

type MarkedActivity<Q, A> = (question: Q, mark: string) => Promise<Marked<A>>;

/** FNV-1a, 32 bits: short enough for every marker in a history. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

/**
 * @param activity answers with the mark it was given; those of builds before 0.2.0 answered without one.
 * @param nameOf tells the question from others of this number. Without times: the SDK may take the work of a lost attempt for that of the
 *   next, which is then replayed with other times.
 */
export const asking =
  <Q, A>(activity: MarkedActivity<Q, A>, nameOf: (question: Q) => string) =>
  async (question: Q): Promise<A> => {
    const mark = hashOf(nameOf(question));
    for (;;) {
      const given: Marked<A> | A = await activity(question, mark);
      if (typeof given !== 'object' || given === null || !('mark' in given)) return given;
      if (given.mark === mark) return given.answer;
    }
  };

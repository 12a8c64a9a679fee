/** Looks for imported lists whose rows wait, every few seconds. No workflow: some hundred thousand rows are no case, and need no history. */
import type { JobLogger } from '#activities/job-handler.ts';
import { mergeLists } from '#activities/lists/merge-lists.ts';
import type { ListMergerParts } from '#activities/lists/merge-lists.ts';

const pauseMs = 2_000;

/** Returns a function that ends it; a chunk that is under way is finished or undone. */
export function startListMerger(parts: ListMergerParts & { readonly logger: JobLogger }): () => void {
  let isBusy = false;
  const tick = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await mergeLists(parts);
    } catch (error) {
      parts.logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'lists wait');
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void tick(), pauseMs);
  return () => clearInterval(timer);
}

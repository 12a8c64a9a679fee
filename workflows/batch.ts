/** One batch operation: its items are worked on part by part until none is left; on hold it waits to be woken (messages.ts). */
import { condition, continueAsNew, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { limits } from './limits.ts';
import { wakeBatchSignal } from './messages.ts';
import { batches } from './shell-activities.ts';

export async function batch(batchKey: string): Promise<void> {
  let isWoken = false;
  setHandler(wakeBatchSignal, () => {
    isWoken = true;
  });
  for (;;) {
    isWoken = false;
    const progress = await batches['alur.runBatch'](batchKey);
    if (progress === 'done') return;
    if (progress === 'onHold') await condition(() => isWoken, limits.batchLookMs);
    // What is left cannot be reached now; it is not given up.
    if (progress === 'stuck') await sleep(limits.repeatMs);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof batch>(batchKey);
  }
}

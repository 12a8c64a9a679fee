/** One broadcast of a signal, until everybody whom it reaches has got it. */
import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { limits } from './limits.ts';
import type { SignalBroadcast } from './messages.ts';
import { remote } from './shell-activities.ts';

export async function signal(broadcast: SignalBroadcast): Promise<void> {
  for (;;) {
    const { left, delivered } = await remote['alur.deliverSignal'](broadcast);
    if (left === 0) return;
    // Those left cannot be reached now; they are not given up.
    if (delivered === 0) await sleep(limits.repeatMs);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof signal>(broadcast);
  }
}

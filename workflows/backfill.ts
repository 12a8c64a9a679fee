/** Times of a timer that are made up for (messages.ts, `backfillWorkflowType`), one after another. */
import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Backfill } from './messages.ts';
import { remote } from './shell-activities.ts';
import { timerSource } from './timer-start.ts';

export async function backfill(order: Backfill): Promise<void> {
  const { processId, definitionKey, startElement, startPart, overlap } = order;
  const left = [...order.dueMs];
  for (let dueMs = left.shift(); dueMs !== undefined; dueMs = left.shift()) {
    const start = { processId, definitionKey, startElement, startPart };
    const source = timerSource({ ...start, dueMs });
    const answer = await remote['alur.startInstance']({ ...start, source, variables: {}, backfill: { overlap } });
    // The version is not the newest any more: its start event has had its day.
    if (answer === null) return;
    if (left.length > 0 && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof backfill>({ ...order, dueMs: left });
  }
}

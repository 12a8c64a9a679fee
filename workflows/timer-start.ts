/** A timer start event that is due: started by its Schedule, starts one instance of the newest version. */
import { workflowInfo } from '@temporalio/workflow';
import type { TimerStart } from './messages.ts';
import { remote } from './shell-activities.ts';

export async function timerStart({
  processId,
  startElement,
}: TimerStart): Promise<{ readonly instanceKey: string | null }> {
  // The Schedule puts the due time into the workflow id, so one due time starts one instance.
  const source = workflowInfo().workflowId;
  return { instanceKey: await remote['alur.startInstance']({ source, processId, startElement, variables: {} }) };
}

/** Gives the jobs of a type that was on hold back to their instances (messages.ts, `releaseJobsWorkflowType`). */
import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { remote } from './shell-activities.ts';

export async function releaseJobs(jobType: string): Promise<void> {
  while ((await remote['alur.releaseJobs'](jobType)) > 0) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof releaseJobs>(jobType);
  }
}

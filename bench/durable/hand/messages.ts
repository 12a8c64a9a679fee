/** What the hand-written workflows are started with and told. */
import { defineUpdate } from '@temporalio/workflow';

export const handTaskQueue = 'hand';

export interface CaseInput {
  readonly caseKey: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
export interface Completion {
  /** Key of the row in `user_task`. */
  readonly task: string;
  readonly by: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
/** Answers when the completion is in the database. Refused when the task is not open. */
export const completeTask = defineUpdate<void, [Completion]>('completeTask');

/** Why a case stands still although nothing says so in it. Shown as incidents; each has a text and a remedy in both languages. */
export const stuckCauses = [
  'WORKFLOW_LOST',
  'WORKFLOW_TASK_FAILS',
  'CASE_UNKNOWN',
  'NOT_RECORDED',
  'DATABASE_BLOCKED',
  'JOB_HANGS',
  'JOB_LOST',
  'NO_JOB_WORKER',
  'NOBODY_MAY',
  'TIMER_OVERDUE',
  'SUBSCRIPTION_LOST',
  'UNDECODABLE',
  'NO_REASON_TO_WAIT',
] as const;
export type StuckCause = (typeof stuckCauses)[number];

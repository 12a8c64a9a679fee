/** What every repair by hand has in common: a reason that is kept, a dry run that says what would happen, and what that answer looks like. */
import { z } from 'zod';
import { dateTime, key } from './values.ts';

export const reasonLimits = { shortest: 3, longest: 500 } as const;
export const reason = z
  .string()
  .trim()
  .min(reasonLimits.shortest)
  .max(reasonLimits.longest)
  .meta({ id: 'Reason', description: 'Why; kept in the audit trail and shown in the case.' });

/** Why an administrator changes what new cases meet (versions, schedules, job types); kept in the audit trail. */
export const holdReason = z.string().trim().min(1).max(1_000);
/** What such a change has in common. */
export const hold = {
  method: 'post',
  roles: ['administrator'],
  body: z.object({ reason: holdReason }),
  status: 204,
  ok: null,
  idempotent: true,
} as const;

/** Members of the body of every repair. */
export const repairBody = {
  reason,
  /** true: nothing is done; the answer says what would happen (200). Otherwise 204. */
  dryRun: z.boolean().nullish(),
};
/**
 * The same for the operations that Camunda's clients know: those cannot send a reason, but an `operationReference` of their own records,
 * which then stands for it.
 */
export const camundaRepairBody = {
  reason: reason.optional(),
  operationReference: z.int().nullish(),
  dryRun: repairBody.dryRun,
};

export const dryRunKinds = [
  'caseStarted',
  'caseCompleted',
  'caseCanceled',
  'caseErrored',
  'caseSuspended',
  'caseResumed',
  'caseMigrated',
  'elementStarted',
  'elementCompleted',
  'elementWithdrawn',
  'elementMigrated',
  'taskCreated',
  'taskCompleted',
  'taskWithdrawn',
  'taskChanged',
  'jobCreated',
  'jobCompleted',
  'jobFailed',
  'jobRetried',
  'jobWithdrawn',
  'timerSet',
  'timerMoved',
  'timerFired',
  'timerWithdrawn',
  'messageAwaited',
  'messageWithdrawn',
  'messageSent',
  'signalSent',
  'variableSet',
  'calledCaseStarted',
  'calledCaseCanceled',
  'compensationStarted',
  'decisionEvaluated',
  'incidentRaised',
  'incidentResolved',
  'answerKept',
] as const;

/** One thing that would happen, in order. */
export const dryRunLine = z
  .object({
    processInstanceKey: key,
    kind: z.enum(dryRunKinds),
    elementId: z.string().nullable(),
    name: z.string().nullable(),
    detail: z.object({
      /** variableSet: its name, and its values; `before` absent: it is not there yet. */
      variable: z.string().optional(),
      before: z.json().optional(),
      after: z.json().optional(),
      /** Key of the element instance whose variable it is. */
      scopeKey: key.optional(),
      dueDate: dateTime.optional(),
      jobType: z.string().optional(),
      retries: z.int().optional(),
      messageName: z.string().optional(),
      code: z.string().optional(),
      message: z.string().optional(),
      processDefinitionId: z.string().optional(),
    }),
  })
  .meta({ id: 'DryRunLine' });
export type DryRunLine = z.infer<typeof dryRunLine>;

/** What a repair would do; nothing of it has happened. */
export const dryRunAnswer = z.object({ dryRun: z.literal(true), lines: z.array(dryRunLine) }).meta({ id: 'DryRun' });
export type DryRunAnswer = z.infer<typeof dryRunAnswer>;

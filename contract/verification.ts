/** Comparison of what the two stores and the audit say, and repair of what differs. For administrators of the whole installation. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams } from './values.ts';

/** What can differ. Each has a text and a remedy in both languages (api/texts). */
export const differenceKinds = [
  'rowMissing',
  'rowExtra',
  'rowDiffers',
  'factMissing',
  'factDiffers',
  'factExtra',
  'factUnreadable',
  'stateDiffers',
  'caseMissing',
  'workflowLost',
  'workflowOfClosedCase',
  'workflowSilent',
  'outcomeDiffers',
  'jobLost',
  'parkedJobOrphan',
  'childLost',
  'timerOverdue',
  'noReasonToWait',
  'subscriptionLost',
  'subscriptionOrphan',
  'broadcastLost',
  'startLockStale',
  'proposalLost',
  'caseKeyMissing',
  'caseKeyDamaged',
  'modelMissing',
  'payloadMissing',
  'payloadDamaged',
  'auditChanged',
  'auditGap',
  'auditCut',
  'anchorDamaged',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/**
 * What can be done without a decision. `reproject`: rows from facts; `takeFacts`: facts from the workflow; `dropFacts`: those that the
 * workflow does not have; `restart`: a workflow from facts; `rearm`: what is waited for is set up again; `release`: what nobody needs goes.
 */
export const repairs = ['reproject', 'takeFacts', 'dropFacts', 'restart', 'rearm', 'release'] as const;
export type Repair = (typeof repairs)[number];

export const verification = z
  .object({
    verificationKey: key,
    state: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'REPAIRING']),
    /** Cases looked at so far. */
    checked: z.int(),
    differences: z.int(),
    createdBy: z.string(),
    creationTime: dateTime,
    endTime: dateTime.nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'Verification' });

export const difference = z
  .object({
    number: z.int(),
    kind: z.enum(differenceKinds),
    instanceKey: key.nullable(),
    /** What differs, in the caller's language. */
    detail: z.string(),
    /** What to do about it, in the caller's language. */
    remedy: z.string(),
    /** null: a person decides. */
    repair: z.enum(repairs).nullable(),
    outcome: z.enum(['REPAIRED', 'FAILED']).nullable(),
    outcomeMessage: z.string().nullable(),
  })
  .meta({ id: 'Difference' });

const params = keyParams('verificationKey');
export const differencesPerPage = 500;

export const verificationEndpoints = {
  createVerification: endpoint({
    method: 'post',
    path: '/v2/verifications',
    operationId: 'createVerification',
    noun: 'Verification',
    summary: 'Compare read model, workflows and audit; runs in the background',
    roles: ['administrator'],
    body: z.object({
      /** `open`: open cases and a sample of ended ones; `all`: every case. */
      scope: z.enum(['open', 'all']).optional(),
      /** At most so many open and so many ended cases, drawn by lot. */
      sample: z.int().min(1).max(100_000).optional(),
      /** After a restore: where PostgreSQL is ahead of Temporal its facts are kept, not dropped. */
      restored: z.boolean().optional(),
    }),
    status: 202,
    ok: z.object({ verificationKey: key }),
    problems: [],
    idempotent: true,
  }),
  getVerification: endpoint({
    method: 'get',
    path: '/v2/verifications/:verificationKey',
    operationId: 'getVerification',
    noun: 'Verification',
    summary: 'How far a verification is',
    roles: ['administrator'],
    params,
    status: 200,
    ok: verification,
    problems: ['notFound'],
  }),
  listDifferences: endpoint({
    method: 'get',
    path: '/v2/verifications/:verificationKey/differences',
    operationId: 'listDifferences',
    noun: 'Verification',
    summary: 'What differs, with the remedy',
    roles: ['administrator'],
    params,
    /** Those after a number; 500 at a time. */
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    status: 200,
    ok: z.object({ items: z.array(difference) }),
    problems: ['notFound'],
  }),
  repairDifferences: endpoint({
    method: 'post',
    path: '/v2/verifications/:verificationKey/repairs',
    operationId: 'repairDifferences',
    noun: 'Verification',
    summary: 'Put right what can be put right without a decision; runs in the background, cases go on',
    roles: ['administrator'],
    params,
    body: z.object({
      reason: z.string().trim().min(3).max(500),
      /** Numbers of differences; absent: all that have a repair. */
      numbers: z.array(z.int().min(1)).max(10_000).optional(),
    }),
    status: 202,
    ok: z.object({ verificationKey: key }),
    problems: ['notFound', 'wrongState'],
    idempotent: true,
  }),
};

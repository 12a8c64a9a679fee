/** A new version and the cases that run: what it means for each, and how they come to follow it. Camunda's path and shape of a migration. */
import { z } from 'zod';
import { dependentsQuery } from './deployment.ts';
import { admissionReport } from './process-definition.ts';
import { endpoint } from './endpoint.ts';
import { camundaRepairBody, dryRunAnswer, repairBody } from './operation.ts';
import { repairLimits } from './repair.ts';
import { dateTime, identifier, key, keyParams } from './values.ts';

export const impactLimits = {
  /** Cases of one page. */ page: 200,
  /** Keys shown of one group of cases that stand alike. */ examples: 5,
  /** Cases looked at for one answer; with more the answer says that it is not complete. */ cases: 200_000,
} as const;

export const mappingInstructions = z
  .array(z.object({ sourceElementId: identifier, targetElementId: identifier }))
  .max(repairLimits.instructions);
export const migrationPlan = z.object({
  targetProcessDefinitionKey: key,
  mappingInstructions,
  /** Alur: what becomes of timers, by id of the target's catching element; absent: they keep their due time. */
  timers: z.record(identifier, z.union([z.enum(['keep', 'restart']), z.object({ dueDate: dateTime })])).optional(),
});

export const impactClasses = ['safe', 'needsMapping', 'blocked'] as const;
const impactClass = z.enum(impactClasses);
const impactReason = z.object({
  code: z.string(),
  /** Element or flow of the old version; where no end is reached, of the new one. */
  elementId: z.string(),
  targetElementId: z.string().nullable(),
  /** In the reader's language. */
  message: z.string(),
});
const impactGroup = z.object({
  class: impactClass,
  /** Cases that stand alike. */
  count: z.int(),
  /** Active elements, each once. */
  elements: z.array(z.string()),
  reasons: z.array(impactReason),
  examples: z.array(key),
});
const modelChange = z.object({
  kind: z.enum(['element', 'flow', 'decision', 'process']),
  change: z.enum(['added', 'removed', 'changed', 'renamed']),
  id: z.string(),
  from: z.string().nullable(),
  name: z.string().nullable(),
  type: z.string().nullable(),
  properties: z.array(z.object({ property: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});
const proposedMapping = z.object({
  sourceElementId: z.string(),
  targetElementId: z.string().nullable(),
  /** 0 to 1; from 0.9 on it is taken as it is. */
  confidence: z.number(),
  by: z.enum(['id', 'name', 'work', 'place']).nullable(),
});
export const impact = z
  .object({
    processDefinitionId: z.string(),
    sourceProcessDefinitionKey: key,
    sourceVersion: z.int(),
    /** null: not published yet. */
    targetProcessDefinitionKey: key.nullable(),
    changes: z.array(modelChange),
    /** Elements that are not in the new version under their id, with a proposal. */
    mapping: z.array(proposedMapping),
    /** What the classes were decided with. */
    mappingInstructions,
    counts: z.object({ safe: z.int(), needsMapping: z.int(), blocked: z.int() }),
    /** false: there are more cases than can be looked at for one answer. */
    complete: z.boolean(),
    groups: z.array(impactGroup),
    /** The page asked for, in the order of keys. */
    items: z.array(
      z.object({ processInstanceKey: key, businessId: z.string().nullable(), class: impactClass, group: z.int() }),
    ),
  })
  .meta({ id: 'Impact' });
export type ImpactAnswer = z.infer<typeof impact>;

const asked = {
  mappingInstructions: mappingInstructions.optional(),
  /** Cases of this class only. */
  class: impactClass.optional(),
  page: z
    .object({ from: z.int().min(0).default(0), limit: z.int().min(0).max(impactLimits.page).default(50) })
    .default({ from: 0, limit: 50 }),
};
const roles = ['supervisor', 'administrator'] as const;
const instance = keyParams('processInstanceKey');
/** 200 for a dry run, else 204. */
const repaired = { status: 200, ok: dryRunAnswer, idempotent: true, mayBeEmpty: true } as const;

export const migrationEndpoints = {
  getImpact: endpoint({
    method: 'post',
    path: '/v2/process-definitions/:processDefinitionKey/impact',
    operationId: 'getProcessDefinitionImpact',
    noun: 'Process definition',
    summary: 'What another version means for the running cases of this one',
    roles,
    params: keyParams('processDefinitionKey'),
    body: z.object({ targetProcessDefinitionKey: key, ...asked }),
    status: 200,
    ok: impact,
    problems: ['notFound'],
    changesNothing: true,
  }),
  checkImpact: endpoint({
    method: 'post',
    path: '/v2/deployments/impact',
    operationId: 'checkDeploymentImpact',
    noun: 'Deployment',
    summary: 'What files that are not published yet would mean for all running cases of their processes',
    roles: ['administrator'],
    query: dependentsQuery,
    bodyType: 'multipart',
    status: 200,
    ok: z.object({
      admitted: z.boolean(),
      /** What keeps the files out. */
      reports: z.array(admissionReport),
      impacts: z.array(impact),
    }),
    problems: ['tooLarge'],
    changesNothing: true,
  }),
  migrateProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/migration',
    operationId: 'migrateProcessInstance',
    noun: 'Process instance',
    summary: 'Let a running instance follow another version: all of it or nothing; refused when it could not end there',
    roles,
    params: instance,
    body: migrationPlan.extend(camundaRepairBody),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  revertMigration: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/migration-revert',
    operationId: 'revertProcessInstanceMigration',
    noun: 'Process instance',
    summary: 'Take the last migration of an instance back, while it has not moved since',
    roles,
    params: instance,
    body: z.object(repairBody),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
};

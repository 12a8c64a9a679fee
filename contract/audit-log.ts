/** The audit trail, in the shape of Camunda 8.9: who did what by hand, when, why, and what it changed. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTimeFilter, enumFilter, keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, key, tenantIdOut } from './values.ts';

export const auditEntityTypes = [
  'PROCESS_INSTANCE',
  'INCIDENT',
  'VARIABLE',
  'TIMER',
  'JOB',
  'BATCH',
  'RESOURCE',
  'USER',
  'UNKNOWN',
] as const;
export const auditOperationTypes = [
  'CANCEL',
  'CREATE',
  'DELETE',
  'MIGRATE',
  'MODIFY',
  'RESOLVE',
  'RESUME',
  'SUSPEND',
  'UPDATE',
  'UNKNOWN',
] as const;

export const auditLog = z
  .object({
    auditLogKey: key,
    entityKey: z.string(),
    entityType: z.enum(auditEntityTypes),
    operationType: z.enum(auditOperationTypes),
    batchOperationKey: key.nullable(),
    timestamp: dateTime,
    actorId: z.string(),
    actorType: z.enum(['USER', 'UNKNOWN']),
    tenantId: tenantIdOut,
    result: z.literal('SUCCESS'),
    /** The reason that was given. */
    annotation: z.string().nullable(),
    category: z.enum(['DEPLOYED_RESOURCES', 'ADMIN']),
    processInstanceKey: key.nullable(),
    processDefinitionId: z.string().nullable(),
    processDefinitionKey: key.nullable(),
    /** Alur: what was done, such as `case.suspend`. */
    action: z.string(),
    region: z.string(),
    /** Alur: what it changed directly; null: the action has none of these. */
    before: z.json(),
    after: z.json(),
  })
  .meta({ id: 'AuditLog' });
export type AuditLog = z.infer<typeof auditLog>;

const roles = ['supervisor', 'administrator'] as const;

export const auditLogEndpoints = {
  searchAuditLogs: endpoint({
    method: 'post',
    path: '/v2/audit-logs/search',
    operationId: 'searchAuditLogs',
    noun: 'Audit log',
    summary: 'Search the audit trail of the region',
    roles,
    body: searchBody(
      z.object({
        auditLogKey: keyFilter.optional(),
        entityKey: textFilter.optional(),
        entityType: enumFilter(auditEntityTypes).optional(),
        operationType: enumFilter(auditOperationTypes).optional(),
        actorId: textFilter.optional(),
        timestamp: dateTimeFilter.optional(),
        batchOperationKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        processDefinitionKey: keyFilter.optional(),
        tenantId: z.string().optional(),
        /** Alur. */
        action: textFilter.optional(),
        region: z.string().max(20).optional(),
      }),
      ['timestamp', 'actorId', 'entityKey', 'entityType', 'operationType', 'auditLogKey'],
    ),
    status: 200,
    ok: searchAnswer(auditLog),
    problems: [],
  }),
  getAuditLog: endpoint({
    method: 'get',
    path: '/v2/audit-logs/:auditLogKey',
    operationId: 'getAuditLog',
    noun: 'Audit log',
    summary: 'One row of the audit trail',
    roles,
    params: z.object({ auditLogKey: key }),
    status: 200,
    ok: auditLog,
    problems: ['notFound'],
  }),
};

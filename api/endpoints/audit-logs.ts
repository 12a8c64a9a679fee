/** The audit trail. */
import type { AuditLog, auditLogEndpoints } from '#contract/audit-log.ts';
import { searchAuditLogs } from '#db/queries/audit-logs.ts';
import type { AuditLogRow } from '#db/queries/audit-logs.ts';
import type { HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { notFound } from '../refusal.ts';

const about = new Set<AuditLog['entityType']>(['PROCESS_INSTANCE', 'INCIDENT', 'VARIABLE', 'TIMER', 'JOB', 'BATCH']);
const viewOf = (row: AuditLogRow): AuditLog => ({
  ...row,
  actorType: row.actorId === 'system' ? 'UNKNOWN' : 'USER',
  tenantId: '<default>',
  result: 'SUCCESS',
  category: about.has(row.entityType) || row.entityType === 'RESOURCE' ? 'DEPLOYED_RESOURCES' : 'ADMIN',
  before: jsonView(row.before),
  after: jsonView(row.after),
});

export const auditLogHandlers: HandlersOf<typeof auditLogEndpoints> = {
  searchAuditLogs: async ({ body, db }) => {
    const { tenantId: _, region, ...columns } = body.filter ?? {};
    const found = await db((client) => searchAuditLogs(client, columns, region, body));
    return { items: found.rows.map(viewOf), page: found.page };
  },
  getAuditLog: async ({ params, db }) => {
    const { rows } = await db((client) => searchAuditLogs(client, params, undefined, {}));
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0]);
  },
};

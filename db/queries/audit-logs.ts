/** The audit trail as its readers may see it: rows of their region. */
import type { ClientBase } from 'pg';
import type { Json } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type EntityType =
  | 'PROCESS_INSTANCE'
  | 'INCIDENT'
  | 'VARIABLE'
  | 'TIMER'
  | 'JOB'
  | 'BATCH'
  | 'RESOURCE'
  | 'USER'
  | 'UNKNOWN';
type OperationType =
  | 'CANCEL'
  | 'CREATE'
  | 'DELETE'
  | 'MIGRATE'
  | 'MODIFY'
  | 'RESOLVE'
  | 'RESUME'
  | 'SUSPEND'
  | 'UPDATE'
  | 'UNKNOWN';

export interface AuditLogRow {
  readonly auditLogKey: string;
  readonly entityKey: string;
  readonly entityType: EntityType;
  readonly operationType: OperationType;
  readonly batchOperationKey: string | null;
  readonly timestamp: string;
  readonly actorId: string;
  readonly annotation: string | null;
  readonly processInstanceKey: string | null;
  readonly processDefinitionId: string | null;
  readonly processDefinitionKey: string | null;
  readonly action: string;
  readonly region: string;
  readonly before: Json;
  readonly after: Json;
}

/** What Camunda would call an action of ours; others are UNKNOWN. */
const operations: Readonly<Record<string, readonly [EntityType, OperationType]>> = {
  'case.cancel': ['PROCESS_INSTANCE', 'CANCEL'],
  'case.suspend': ['PROCESS_INSTANCE', 'SUSPEND'],
  'case.resume': ['PROCESS_INSTANCE', 'RESUME'],
  'case.modify': ['PROCESS_INSTANCE', 'MODIFY'],
  'case.sendBack': ['PROCESS_INSTANCE', 'MODIFY'],
  'case.migrate': ['PROCESS_INSTANCE', 'MIGRATE'],
  'case.restart': ['PROCESS_INSTANCE', 'CREATE'],
  'case.setVariables': ['VARIABLE', 'UPDATE'],
  'incident.resolve': ['INCIDENT', 'RESOLVE'],
  'timer.update': ['TIMER', 'UPDATE'],
  'timer.trigger': ['TIMER', 'UPDATE'],
  'job.update': ['JOB', 'UPDATE'],
  'job.retry': ['JOB', 'UPDATE'],
  'job.skip': ['JOB', 'UPDATE'],
  'batch.create': ['BATCH', 'CREATE'],
  'batch.suspend': ['BATCH', 'SUSPEND'],
  'batch.resume': ['BATCH', 'RESUME'],
  'batch.cancel': ['BATCH', 'CANCEL'],
  'deployment.create': ['RESOURCE', 'CREATE'],
  'definition.delete': ['RESOURCE', 'DELETE'],
  'definition.suspend': ['RESOURCE', 'SUSPEND'],
  'definition.resume': ['RESOURCE', 'RESUME'],
  'account.create': ['USER', 'CREATE'],
  'account.update': ['USER', 'UPDATE'],
  'account.password': ['USER', 'UPDATE'],
};
const called = (part: 0 | 1): string =>
  `(case a.action ${Object.entries(operations)
    .map(([action, names]) => `when '${action}' then '${names[part]}'`)
    .join(' ')} else 'UNKNOWN' end)`;

/** One number for chain and place: digits of the region, then fourteen for the number. */
const keySql =
  "((case a.chain when '' then 0 when '*' then 1 else replace(a.chain, '.', '')::bigint end + 1) * 100000000000000 + a.number)";
const entityKey = "coalesce(a.detail ->> 'entityKey', a.target)";
const batchKey = String.raw`substring(a.detail ->> 'commandKey' from '^batch/(\d+)/')::bigint`;

const columns: Columns = {
  auditLogKey: { sql: keySql, type: 'bigint' },
  entityKey: { sql: entityKey, type: 'text' },
  entityType: { sql: called(0), type: 'text' },
  operationType: { sql: called(1), type: 'text' },
  actorId: { sql: 'a.actor', type: 'text' },
  timestamp: { sql: 'a.at', type: 'timestamptz' },
  batchOperationKey: { sql: batchKey, type: 'bigint' },
  // As text: so its index is of use.
  processInstanceKey: { sql: 'a.target', type: 'text' },
  processDefinitionId: { sql: 'i.process_id', type: 'text' },
  processDefinitionKey: { sql: 'i.definition_key', type: 'bigint' },
  action: { sql: 'a.action', type: 'text' },
};

/** Rows of the reader's region: `app.region` of the transaction. */
export function searchAuditLogs(
  db: Pick<ClientBase, 'query'>,
  filter: Filter,
  region: string | undefined,
  request: SearchRequest,
): Promise<Found<AuditLogRow>> {
  const where = new Conditions().add('region_visible(a.region)').filters(columns, filter).region('a.region', region);
  return search<AuditLogRow>(
    db,
    {
      select: `${keySql}::text as "auditLogKey", ${entityKey} as "entityKey", ${called(0)} as "entityType", ${called(1)} as "operationType",
        ${batchKey}::text as "batchOperationKey", ${iso('a.at')} as timestamp, a.actor as "actorId", a.detail ->> 'reason' as annotation,
        i.key::text as "processInstanceKey", i.process_id as "processDefinitionId", i.definition_key::text as "processDefinitionKey",
        a.action, a.region, a.detail -> 'before' as before, a.detail -> 'after' as after`,
      // What is about a case names it by its key; other targets are names.
      from: String.raw`audit a left join instance i on i.key = (case when a.target ~ '^[1-9]\d{0,17}$'
        or a.target ~ '^[1-9]\d{18}$' and a.target collate "C" <= '9223372036854775807' then a.target::bigint end)`,
      where,
      key: { sql: keySql, type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'timestamp', order: 'DESC' }],
    },
    request,
  );
}

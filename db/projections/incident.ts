/** Table `incident`. */
import { insertion, movedTo } from './projection.ts';
import type { Projection } from './projection.ts';

export const incident = {
  handlers: {
    incidentRaised: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.incident), {
        instance_key: header.instanceKey,
        process_id: header.processId,
        business_key: header.businessKey,
        region: header.region,
        element_key: fact.element === null ? null : key(fact.element),
        element_id: fact.elementId,
        job_key: fact.job === null ? null : key(fact.job),
        code: fact.code,
        message: fact.message,
        state: 'ACTIVE',
        created_at: at,
      });
    },
    waitMigrated: (fact, { fold, key }) => {
      if (fact.kind === 'incidents') fold.change(key(fact.wait), movedTo(fact, key));
    },
    incidentResolved: (fact, { fold, key, at }) => {
      fold.change(key(fact.incident), { state: 'RESOLVED', resolved_at: at });
    },
  },
  changes: (fold) => [
    insertion(
      'incident',
      fold,
      'key bigint, instance_key bigint, process_id text, business_key text, region text, element_key bigint, element_id text, job_key bigint, code text, message text, state text, created_at timestamptz, resolved_at timestamptz',
    ),
    {
      columns: 'key bigint, state text, resolved_at timestamptz, element_key bigint, element_id text',
      // one of the process itself stays with it
      sql: (
        source,
      ) => `update incident t set state = coalesce(r.state, t.state), resolved_at = r.resolved_at, element_id = coalesce(r.element_id, t.element_id),
          element_key = case when t.element_key is null then null else coalesce(r.element_key, t.element_key) end from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;

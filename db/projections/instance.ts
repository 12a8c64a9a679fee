/** Table `instance`: one row per process instance. `last_fact` tells how far the read model is. */
import { keyWithin } from '#engine/keys.ts';
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const instance = {
  each: ({ header, fold, number }) => fold.change(header.instanceKey, { last_fact: number }),
  handlers: {
    instanceStarted: (fact, { header, fold, at }) => {
      fold.make(header.instanceKey, {
        process_id: fact.processId,
        definition_key: fact.definitionKey,
        version: fact.version,
        business_key: fact.businessKey,
        region: header.region,
        parent_key: fact.parent?.instanceKey ?? null,
        parent_element_key: fact.parent === null ? null : keyWithin(fact.parent.instanceKey, fact.parent.element),
        root_key: fact.parent?.rootInstanceKey ?? header.instanceKey,
        state: 'ACTIVE',
        started_at: at,
        end_elements: [],
        incident_count: 0,
      });
    },
    instanceCompleted: (fact, { header, fold, at }) => {
      fold.change(header.instanceKey, { state: 'COMPLETED', ended_at: at, end_elements: fact.endElements });
    },
    instanceTerminated: (_, { header, fold, at }) => {
      fold.change(header.instanceKey, { state: 'TERMINATED', ended_at: at });
    },
    instanceErrored: (_, { header, fold, at }) => {
      fold.change(header.instanceKey, { state: 'ERRORED', ended_at: at });
    },
    instanceSuspended: (_, { header, fold, at }) => {
      fold.change(header.instanceKey, { suspended_at: at, suspension_changed: true });
    },
    instanceResumed: (_, { header, fold }) => {
      fold.change(header.instanceKey, { suspended_at: null, suspension_changed: true });
    },
    instanceMigrated: (fact, { header, fold }) => {
      fold.change(header.instanceKey, { definition_key: fact.definitionKey, version: fact.version });
    },
    incidentRaised: (_, { header, fold }) => {
      fold.add(header.instanceKey, 'incident_count', 1);
    },
    incidentResolved: (_, { header, fold }) => {
      fold.add(header.instanceKey, 'incident_count', -1);
    },
  },
  changes: (fold) => [
    insertion(
      'instance',
      fold,
      'key bigint, process_id text, definition_key bigint, version integer, business_key text, region text, parent_key bigint, parent_element_key bigint, root_key bigint, state text, started_at timestamptz, ended_at timestamptz, end_elements text[], incident_count integer, suspended_at timestamptz, last_fact integer',
    ),
    {
      columns:
        'key bigint, state text, ended_at timestamptz, end_elements text[], incident_count integer, suspension_changed boolean, suspended_at timestamptz, definition_key bigint, version integer, last_fact integer',
      sql: (
        source,
      ) => `update instance t set state = coalesce(r.state, t.state), ended_at = coalesce(r.ended_at, t.ended_at), end_elements = coalesce(r.end_elements, t.end_elements),
          incident_count = t.incident_count + coalesce(r.incident_count, 0),
          suspended_at = case when r.suspension_changed then r.suspended_at else t.suspended_at end,
          definition_key = coalesce(r.definition_key, t.definition_key), version = coalesce(r.version, t.version), last_fact = r.last_fact from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;

/** Table `element_instance`: where tokens are and were. */
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const elementInstance = {
  handlers: {
    elementActivated: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.element), {
        instance_key: header.instanceKey,
        element_id: fact.elementId,
        type: fact.elementType,
        name: fact.name,
        scope_key: key(fact.scope),
        loop_counter: fact.loopCounter,
        state: 'ACTIVE',
        started_at: at,
        ended_at: null,
      });
    },
    elementMigrated: (fact, { fold, key }) => {
      fold.change(key(fact.element), {
        element_id: fact.elementId,
        type: fact.elementType,
        migrated: true,
        name: fact.name,
        scope_key: key(fact.scope),
      });
    },
    elementCompleted: (fact, { fold, key, at }) => {
      fold.change(key(fact.element), { state: 'COMPLETED', ended_at: at });
    },
    elementTerminated: (fact, { fold, key, at }) => {
      fold.change(key(fact.element), { state: 'TERMINATED', ended_at: at });
    },
  },
  changes: (fold) => [
    insertion(
      'element_instance',
      fold,
      'key bigint, instance_key bigint, element_id text, type text, name text, scope_key bigint, loop_counter integer, state text, started_at timestamptz, ended_at timestamptz',
    ),
    {
      columns:
        'key bigint, state text, ended_at timestamptz, migrated boolean, element_id text, type text, name text, scope_key bigint',
      sql: (
        source,
      ) => `update element_instance t set state = coalesce(r.state, t.state), ended_at = r.ended_at, element_id = coalesce(r.element_id, t.element_id),
          type = coalesce(r.type, t.type), name = case when r.migrated then r.name else t.name end, scope_key = coalesce(r.scope_key, t.scope_key)
          from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;

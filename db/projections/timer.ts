/** Table `timer`. */
import { insertion, movedTo, timestamp } from './projection.ts';
import type { Projection } from './projection.ts';

export const timer = {
  handlers: {
    timerSet: (fact, { header, fold, key }) => {
      fold.make(key(fact.timer), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        due_at: timestamp(fact.dueMs),
        state: 'ACTIVE',
      });
    },
    timerRescheduled: (fact, { fold, key }) => {
      fold.change(key(fact.timer), { due_at: timestamp(fact.dueMs) });
    },
    waitMigrated: (fact, { fold, key }) => {
      if (fact.kind === 'timers') fold.change(key(fact.wait), movedTo(fact, key));
    },
    timerFired: (fact, { fold, key }) => {
      fold.change(key(fact.timer), { state: 'FIRED' });
    },
    timerCanceled: (fact, { fold, key }) => {
      fold.change(key(fact.timer), { state: 'CANCELED' });
    },
  },
  changes: (fold) => [
    insertion(
      'timer',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, due_at timestamptz, state text',
      // A cycle sets the same timer again.
      'on conflict (key) do update set due_at = excluded.due_at, state = excluded.state',
    ),
    {
      columns: 'key bigint, state text, due_at timestamptz, element_key bigint, element_id text',
      sql: (source) => `update timer t set state = coalesce(r.state, t.state), due_at = coalesce(r.due_at, t.due_at),
          element_key = coalesce(r.element_key, t.element_key), element_id = coalesce(r.element_id, t.element_id) from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;

/** Table `condition_watch`: conditions that a case waits for. The engine looks at them; here they are for people. */
import type { Projection } from './projection.ts';
import { waitRows } from './wait.ts';

const rows = waitRows({
  kind: 'conditions',
  table: 'condition_watch',
  columns: [],
  closes: 'closes_on_true',
  occurred: 'MET',
});

export const conditionWatch = {
  handlers: {
    conditionWatched: (fact, context) => {
      rows.open(fact.condition, fact, { closes_on_true: fact.closesOnTrue }, context);
    },
    conditionChanged: ({ condition, holds }, context) => {
      if (holds) rows.occur(condition, context);
    },
    conditionWithdrawn: ({ condition }, context) => rows.close(condition, context),
    waitMigrated: rows.migrate,
  },
  changes: rows.changes,
} satisfies Projection;

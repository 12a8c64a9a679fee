/** Table `variable`: variables by scope, as last set; those of ended scopes stay readable. */
import type { Projection } from './projection.ts';

export const variable = {
  handlers: {
    variablesSet: (fact, { header, fold, key }) => {
      for (const [name, value] of Object.entries(fact.variables)) {
        const scope = key(fact.scope);
        fold.make(`${scope} ${name}`, { instance_key: header.instanceKey, scope_key: scope, name, value });
      }
    },
  },
  changes: (fold) => [
    {
      columns: 'instance_key bigint, scope_key bigint, name text, value jsonb',
      // A JSON null arrives as SQL null.
      sql: (source) => `insert into variable (instance_key, scope_key, name, value)
        select r.instance_key, r.scope_key, r.name, coalesce(r.value, 'null') from ${source}
        on conflict (instance_key, scope_key, name) do update set value = excluded.value`,
      rows: fold.made,
    },
  ],
} satisfies Projection;

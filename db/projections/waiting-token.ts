/** Table `waiting_token`: tokens that wait before joins, by the flow they came by. */
import type { Seq } from '#engine/command.ts';
import type { FactContext, Projection } from './projection.ts';

function move({ header, fold, key }: FactContext, scope: Seq, flowId: string, by: number): void {
  const row = `${key(scope)} ${flowId}`;
  fold.change(row, { instance_key: header.instanceKey, scope_key: key(scope), flow_id: flowId });
  fold.add(row, 'count', by);
}

export const waitingToken = {
  handlers: {
    sequenceFlowTaken: ({ scope, flowId, waits }, context) => {
      if (waits === true) move(context, scope, flowId, 1);
    },
    tokensConsumed: ({ scope, flows }, context) => {
      for (const [flowId, count] of Object.entries(flows)) move(context, scope, flowId, -count);
    },
  },
  changes: (fold) => [
    {
      columns: 'instance_key bigint, scope_key bigint, flow_id text, count integer',
      sql: (source) => `insert into waiting_token as t (instance_key, scope_key, flow_id, count)
        select r.instance_key, r.scope_key, r.flow_id, r.count from ${source}
        on conflict (instance_key, scope_key, flow_id) do update set count = t.count + excluded.count`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;

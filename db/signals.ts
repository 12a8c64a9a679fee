/**
 * Broadcasts of signals. Whom one reaches is fixed in the moment of the broadcast, as rows of `signal_delivery`: by the statement that
 * records the fact, or by the caller's own transaction. They are then worked off one by one (activities/deliver-signal.ts).
 */
import type { ClientBase, Pool } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { keyWithin } from '#engine/keys.ts';
import type { StartDefinition } from './queries/start-definition.ts';
import type { Change, FactOfCommand } from './projections/projection.ts';

/** Start events for the signal of the newest versions, as `targets`; `r` has `signal_key` and `signal_name`. */
const startTargets = `select r.signal_key, d.key, t."elementId", t.part
  from newest_process_definition d, jsonb_to_recordset(d.start_triggers) as t(type text, name text, "elementId" text, part integer),`;
const isStart = "where t.type = 'signal' and t.name = r.signal_name and d.suspended_at is null";

/**
 * What the broadcasts among new facts add to `signal` and `signal_delivery`: the instance's own subscriptions have had it within the step.
 * Never for facts that were recorded before.
 */
export function broadcastChanges(instanceKey: string, facts: readonly FactOfCommand[]): readonly Change[] {
  const rows = facts.flatMap(({ fact }): JsonObject[] => {
    if (fact.type !== 'signalBroadcast') return [];
    const signalKey = keyWithin(instanceKey, fact.signal);
    return [{ signal_key: signalKey, signal_name: fact.signalName, instance_key: instanceKey }];
  });
  if (rows.length === 0) return [];
  const columns = 'signal_key bigint, signal_name text, instance_key bigint';
  return [
    {
      columns,
      rows,
      sql: (source) =>
        `insert into signal (key, name) select signal_key, signal_name from ${source} on conflict do nothing`,
    },
    {
      columns,
      rows,
      sql: (source) => `insert into signal_delivery (signal_key, target, element_id, part)
        select r.signal_key, s.key, '', 0 from ${source} join signal_subscription s on s.signal_name = r.signal_name and s.state = 'OPEN'
         where s.instance_key <> r.instance_key
        union all ${startTargets} ${source} ${isStart}
        on conflict do nothing`,
    },
  ];
}

export interface Broadcast {
  readonly signalKey: string;
  readonly signalName: string;
  /** Whether start events are reached as well. */
  readonly startsInstances: boolean;
}
/** A broadcast from outside: reaches the subscriptions that the connection may see. Repeating it changes nothing. */
export async function openBroadcast(
  db: Pick<ClientBase, 'query'>,
  { signalKey, signalName, startsInstances }: Broadcast,
): Promise<void> {
  await db.query(
    `with r as (insert into signal (key, name) values ($1, $2) on conflict do nothing returning key as signal_key, name as signal_name)
     insert into signal_delivery (signal_key, target, element_id, part)
     select r.signal_key, s.key, '', 0 from r join signal_subscription s on s.signal_name = r.signal_name and s.state = 'OPEN'
     union all ${startTargets} r ${isStart} and $3`,
    [signalKey, signalName, startsInstances],
  );
}

/** One that a signal still has to reach: an instance that waits, or a definition that it starts. */
export type Delivery = { readonly target: string; readonly processId: string } & (
  | { readonly kind: 'subscription' }
  | {
      readonly kind: 'start';
      readonly elementId: string;
      readonly part: number;
      readonly definition: StartDefinition;
    }
);
interface DeliveryRow {
  readonly target: string;
  readonly element_id: string;
  readonly part: number;
  /** null: the instance is not in the read model any more. */
  readonly process_id: string | null;
  readonly version: number | null;
  readonly model: string | null;
  readonly unique: boolean;
  readonly suspended: string | null;
}
/** Those tried least first. */
export async function pendingDeliveries(pool: Pool, signalKey: string, limit: number): Promise<readonly Delivery[]> {
  const { rows } = await pool.query<DeliveryRow>(
    `select s.target::text, s.element_id, s.part, coalesce(i.process_id, d.process_id) as process_id, d.version, encode(d.model_sha256, 'hex') as model,
            coalesce(d.unique_business_key, false) as unique, d.suspended_reason as suspended
       from signal_delivery s
       left join instance i on s.element_id = '' and i.key = (s.target >> 20) << 20
       left join process_definition d on s.element_id <> '' and d.key = s.target
      where s.signal_key = $1 order by s.attempts, s.target limit $2`,
    [signalKey, limit],
  );
  return rows.map((row): Delivery => {
    const { target, element_id: elementId, part, version, model } = row;
    const processId = row.process_id ?? '';
    if (version === null || model === null) return { kind: 'subscription', target, processId };
    const { unique: uniqueBusinessKey, suspended: suspendedReason } = row;
    const definition = { definitionKey: target, version, modelSha256: model, uniqueBusinessKey, suspendedReason };
    return { kind: 'start', target, processId, elementId, part, definition };
  });
}
const elementIdOf = (delivery: Delivery): string => (delivery.kind === 'start' ? delivery.elementId : '');
export async function deliveryDone(pool: Pool, signalKey: string, delivery: Delivery): Promise<void> {
  await pool.query('delete from signal_delivery where signal_key = $1 and target = $2 and element_id = $3', [
    signalKey,
    delivery.target,
    elementIdOf(delivery),
  ]);
}
/** It could not be delivered now: the others come first from here on. */
export async function deliveryFailed(pool: Pool, signalKey: string, delivery: Delivery): Promise<void> {
  await pool.query(
    'update signal_delivery set attempts = attempts + 1 where signal_key = $1 and target = $2 and element_id = $3',
    [signalKey, delivery.target, elementIdOf(delivery)],
  );
}

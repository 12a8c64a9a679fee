/** Everything the checks look at, read from where it lies: the ledger, the facts, the read model, Temporal, the sink. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { applyAll, initialState } from '#engine/apply.ts';
import type { Fact } from '#engine/fact.ts';
import type { Json } from '#engine/json.ts';
import { stateQuery, workflowIdOf } from '#workflows/messages.ts';
import { readLedger } from '../load/ledger.ts';
import type { CommandKind, LedgerEntry } from '../load/ledger.ts';
import type { Effect } from '../load/sink.ts';

export interface InstanceSeen {
  readonly key: string;
  readonly processId: string;
  readonly parentKey: string | null;
  /** Of the read model: ACTIVE, COMPLETED, TERMINATED, ERRORED. */
  readonly state: string;
  readonly ref: string | null;
  /** Of the process scope. */
  readonly variables: Readonly<Record<string, Json>>;
  readonly tasksCompleted: number;
  readonly messagesCorrelated: number;
  /** What it waits for by the read model, for people. */
  readonly waits: readonly string[];
}
export interface Evidence {
  readonly ledger: readonly LedgerEntry[];
  readonly instances: readonly InstanceSeen[];
  /** How often the effect of a command is among the facts, by the command's key and kind. */
  readonly applied: ReadonlyMap<string, number>;
  readonly effects: readonly Effect[];
  /** Status of the newest run, by workflow id. */
  readonly workflows: ReadonlyMap<string, string>;
  /** Instances whose workflow does not say what its facts say, with the difference. */
  readonly differences: readonly { readonly key: string; readonly difference: string }[];
}

/** The fact that says that a command took effect. */
const effectOf: Readonly<Record<Exclude<CommandKind, 'start' | 'message'>, Fact['type']>> = {
  task: 'userTaskCompleted',
  assign: 'userTaskAssigned',
  job: 'jobCompleted',
  jobFailure: 'jobFailed',
  cancel: 'instanceTerminated',
};
export const appliedKey = (kind: CommandKind, commandKey: string): string => `${kind} ${commandKey}`;

export interface EvidenceSources {
  readonly owner: Pool;
  readonly client: Client;
  /** Account of the load: its name begins the keys of its commands. */
  readonly account: string;
  readonly ledgerFile: string;
  readonly effects: readonly Effect[];
  /** Most instances whose workflow is asked for its state. */
  readonly statesMost: number;
}

export async function gatherEvidence(sources: EvidenceSources): Promise<Evidence> {
  const instances = await instancesOf(sources.owner);
  return {
    ledger: readLedger(sources.ledgerFile),
    instances,
    applied: await appliedOf(sources),
    effects: sources.effects,
    workflows: await workflowsOf(sources.client),
    differences: await differencesOf(sources, instances),
  };
}

async function instancesOf(owner: Pool): Promise<InstanceSeen[]> {
  const { rows } = await owner.query<InstanceSeen>(
    `select i.key::text as key, i.process_id as "processId", i.parent_key::text as "parentKey", i.state,
            coalesce(v.variables->>'ref', i.business_key) as ref,
            coalesce(v.variables, '{}') as variables,
            coalesce(f.tasks, 0)::int as "tasksCompleted", coalesce(f.messages, 0)::int as "messagesCorrelated",
            case when i.state = 'ACTIVE' then waits_of.waits else '{}' end as waits
       from instance i
       left join lateral (
         select jsonb_object_agg(name, value) as variables from variable
          where instance_key = i.key and scope_key = i.key and pg_column_size(value) < 20000
       ) v on true
       left join lateral (
         select count(*) filter (where type = 'userTaskCompleted') as tasks,
                count(*) filter (where type = 'messageCorrelated') as messages
           from fact where instance_key = i.key and type in ('userTaskCompleted', 'messageCorrelated')
       ) f on true
       left join lateral (
         select coalesce(array_agg(what), '{}') as waits from (
           select 'task ' || element_id as what from user_task where instance_key = i.key and state = 'CREATED'
           union all select 'job ' || element_id || ' ' || state from job where instance_key = i.key and state in ('CREATED', 'RETRY', 'FAILED')
           union all select 'timer ' || element_id || ' ' || due_at from timer where instance_key = i.key and state = 'ACTIVE'
           union all select 'message ' || element_id from message_subscription where instance_key = i.key and state = 'OPEN'
           union all select 'incident ' || code || ' ' || message from incident where instance_key = i.key and state = 'ACTIVE'
           union all select 'child ' || c.key || ' ' || c.state from instance c where c.parent_key = i.key
           limit 20
         ) one
       ) waits_of on true
      where i.process_id like 'chaos-%'
      order by i.key`,
  );
  return rows;
}

async function appliedOf({ owner, account }: EvidenceSources): Promise<Map<string, number>> {
  const kinds = new Map(Object.entries(effectOf).map(([kind, type]) => [type, kind as CommandKind]));
  const { rows } = await owner.query<{ key: string; type: Fact['type']; count: string }>(
    `select command_key as key, type, count(*) from fact
      where starts_with(command_key, $1) and type = any($2) group by 1, 2`,
    [`${account}/`, [...kinds.keys()]],
  );
  const applied = new Map<string, number>();
  for (const { key, type, count } of rows) {
    const kind = kinds.get(type);
    if (kind !== undefined) applied.set(appliedKey(kind, key.slice(account.length + 1)), Number(count));
  }
  return applied;
}

async function workflowsOf(client: Client): Promise<Map<string, string>> {
  const found = new Map<string, { status: string; startedMs: number }>();
  for await (const { workflowId, status, startTime } of client.workflow.list({ pageSize: 1_000 })) {
    const known = found.get(workflowId);
    const startedMs = startTime.getTime();
    const isNewer = known === undefined || known.status === 'CONTINUED_AS_NEW' || startedMs > known.startedMs;
    if (isNewer && !(known !== undefined && status.name === 'CONTINUED_AS_NEW'))
      found.set(workflowId, { status: status.name, startedMs });
  }
  return new Map([...found].map(([id, { status }]) => [id, status]));
}

const asksAtOnce = 12;
const askMs = 40_000;

/** Asks workflows for their state and compares it with the fold of the facts in PostgreSQL. */
async function differencesOf(
  { owner, client, statesMost }: EvidenceSources,
  instances: readonly InstanceSeen[],
): Promise<{ key: string; difference: string }[]> {
  const differences: { key: string; difference: string }[] = [];
  const queue = [...instances].sort((a, b) => Number(b.state === 'ACTIVE') - Number(a.state === 'ACTIVE'));
  queue.length = Math.min(queue.length, statesMost);
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { key, processId } = next;
      try {
        const { rows } = await owner.query<{ body: Fact }>(
          'select body from fact where instance_key = $1 order by number',
          [key],
        );
        const folded = canonical(
          applyAll(
            initialState(),
            rows.map(({ body }) => body),
          ),
        );
        const asked = await client.withDeadline(Date.now() + askMs, () =>
          client.workflow.getHandle(workflowIdOf(processId, key)).query(stateQuery),
        );
        const said = canonical(asked);
        if (said !== folded) differences.push({ key, difference: firstDifference(said, folded) });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        differences.push({ key, difference: `cannot be asked: ${why}` });
      }
    }
  };
  await Promise.all(Array.from({ length: asksAtOnce }, lane));
  return differences;
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
const excerpt = 60;
function firstDifference(said: string, folded: string): string {
  let at = 0;
  while (said[at] === folded[at]) at += 1;
  const from = Math.max(0, at - excerpt);
  return `workflow …${said.slice(from, at + excerpt)}… facts …${folded.slice(from, at + excerpt)}…`;
}

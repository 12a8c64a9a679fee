/**
 * Writes the new facts of one instance and everything projected from them, as one statement: one round trip a step.
 *
 * Repeating a batch changes nothing. A batch can also contradict what is stored: the facts are written before Temporal has the
 * workflow task that made them, so when a worker dies in between, the task is done again and may see other messages first. The
 * workflow is the truth: the facts of the later attempt replace those of the earlier, and the instance is projected anew. `at` (the start
 * of the workflow task) tells which attempt is later, and Temporal whether that task is over already, so a worker that was only slow cannot
 * undo the work of its successors.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Pool, PoolClient } from 'pg';
import type { Json } from '#engine/json.ts';
import { auditInterventions, hasInterventions } from './interventions.ts';
import { transaction } from './pool.ts';
import { changesOf } from './projections/all.ts';
import { rowsOf, timestamp } from './projections/projection.ts';
import type { Change, FactOfCommand, InstanceHeader } from './projections/projection.ts';
import { projectAnew } from './rebuild.ts';
import { broadcastChanges } from './signals.ts';
import { storableJson } from './storable-json.ts';
import { storedFacts } from './stored-facts.ts';

export interface FactBatch {
  readonly instanceKey: string;
  readonly processId: string;
  readonly definitionKey: string;
  readonly businessKey: string | null;
  readonly region: string | null;
  /** In order, numbered without gaps. */
  readonly facts: readonly FactOfCommand[];
}

export type Recording = 'recorded' | 'outdated';

const factColumns = 'number integer, at timestamptz, actor text, command_key text, type text, body jsonb';

const factRows = (facts: readonly FactOfCommand[]) =>
  facts.map(({ number, atMs, actor, commandKey, fact }) => ({
    number,
    at: timestamp(atMs),
    actor,
    command_key: commandKey,
    type: fact.type,
    body: fact as unknown as Json,
  }));

/** Inserts facts and performs changes in one statement: all or, on an error, nothing. Fails with `fact_pkey` when a number is taken. */
async function append(
  db: Pool | PoolClient,
  instanceKey: string,
  facts: readonly FactOfCommand[],
  changes: readonly Change[],
): Promise<void> {
  // PostgreSQL performs them from the last to the first. The row in `instance` comes first: whoever holds it stops the step (rebuild.ts).
  const inReverse = changes.toReversed();
  const steps = inReverse.map(({ sql, columns }, index) => `, change_${index} as (${sql(rowsOf(index + 3, columns))})`);
  const text = `with recorded as (
       insert into fact (instance_key, number, at, actor, command_key, type, body)
       select $1, number, at, actor, command_key, type, body from jsonb_to_recordset($2::jsonb) as r(${factColumns}))
     ${steps.join('\n')}
     select`;
  const values = [instanceKey, storableJson(factRows(facts)), ...inReverse.map((change) => storableJson(change.rows))];
  const name = statementName(text);
  await db.query(name === null ? { text, values } : { name, text, values });
}

/** Statements that a connection keeps prepared: planning one costs PostgreSQL more than running it. Steps come in few kinds. */
const preparedStatements = 100;
const namesByText = new Map<string, string>();
function statementName(text: string): string | null {
  const known = namesByText.get(text);
  if (known !== undefined || namesByText.size >= preparedStatements) return known ?? null;
  const name = `step_${namesByText.size}`;
  namesByText.set(text, name);
  return name;
}

const headerOf = ({ instanceKey, processId, definitionKey, businessKey, region }: FactBatch): InstanceHeader => ({
  instanceKey,
  processId,
  definitionKey,
  businessKey,
  region: region ?? '',
});

/** What new facts come to: the read model, and broadcasts to deliver. */
const effectsOf = (batch: FactBatch, facts: readonly FactOfCommand[]): readonly Change[] => [
  ...changesOf(headerOf(batch), facts),
  ...broadcastChanges(batch.instanceKey, facts),
];

/** What people changed by hand has its audit row in the same transaction. */
async function appendAudited(client: PoolClient, batch: FactBatch, facts: readonly FactOfCommand[]): Promise<void> {
  await append(client, batch.instanceKey, facts, effectsOf(batch, facts));
  await auditInterventions(client, headerOf(batch), facts);
}

/** Takes facts back, and the broadcasts that did not happen after all. */
async function deleteFacts(client: PoolClient, instanceKey: string, from: number): Promise<void> {
  await client.query(
    `with gone as (delete from fact where instance_key = $1 and number >= $2 returning instance_key | (body ->> 'signal')::bigint as key),
       undelivered as (delete from signal_delivery d using gone where d.signal_key = gone.key)
     delete from signal s using gone where s.key = gone.key`,
    [instanceKey, from],
  );
}

const isTakenNumber = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'fact_pkey';

/** What is known of the workflow task that a batch comes from; asked when the batch contradicts what is stored. */
export interface Attempt {
  /** Temporal has gone on without the batch's own workflow task, or past it. */
  readonly isOver: () => Promise<boolean>;
  /** The workflow task of the facts is in history: they are true whatever is stored. */
  readonly isSettled?: boolean;
  /** After a restore: other facts of these numbers are not replaced, the case waits until somebody has decided. */
  readonly keepsStored?: boolean;
}
const current: Attempt = { isOver: () => Promise.resolve(false) };

/**
 * Records a batch. Throws when the database cannot: the caller repeats the same batch.
 * @returns `outdated`: another attempt of the workflow task has been here, and nothing has changed
 */
export async function recordFacts(pool: Pool, batch: FactBatch, attempt: Attempt = current): Promise<Recording> {
  if (batch.facts.length === 0) return 'recorded';
  try {
    if (hasInterventions(batch.facts)) await transaction(pool, (client) => appendAudited(client, batch, batch.facts));
    else await append(pool, batch.instanceKey, batch.facts, effectsOf(batch, batch.facts));
    return 'recorded';
  } catch (error) {
    if (!isTakenNumber(error)) throw error;
    return transaction(pool, (client) => reconcile(client, batch, attempt));
  }
}

type Equality = (stored: FactOfCommand, fact: FactOfCommand) => boolean;
const saysTheSame: Equality = (stored, fact) =>
  stored.actor === fact.actor &&
  stored.commandKey === fact.commandKey &&
  isDeepStrictEqual(stored.fact, JSON.parse(storableJson(fact.fact)));
/** The task done again says the same at another time, and that time is the one in history. */
const isSame: Equality = (stored, fact) => stored.atMs === fact.atMs && saysTheSame(stored, fact);

/** How far a batch is stored already, what follows in it, and which fact is in the way. */
async function standing(client: PoolClient, { instanceKey, facts }: FactBatch, isEqual: Equality) {
  const first = facts[0]?.number ?? 1;
  const stored = await storedFacts(client, instanceKey, first);
  const differing = facts.findIndex((fact, index) => {
    const other = stored[index];
    return other === undefined || !isEqual(other, fact);
  });
  const same = differing === -1 ? facts.length : differing;
  const later = facts.slice(same);
  const lastMs = (later[0] ?? facts.at(-1))?.atMs ?? 0;
  return { next: first + same, later, conflicting: stored[same], lastMs };
}

/** Some numbers of the batch are taken: by the same facts (a repeated batch), by those of an earlier attempt, or by those of a later. */
async function reconcile(client: PoolClient, batch: FactBatch, attempt: Attempt): Promise<Recording> {
  const { instanceKey } = batch;
  const { isOver, isSettled = false, keepsStored = false } = attempt;
  await client.query('select pg_advisory_xact_lock($1)', [instanceKey]);
  const { next, later, conflicting, lastMs } = await standing(client, batch, keepsStored ? saysTheSame : isSame);
  // What follows a repeated batch stays unless this attempt is the later one.
  if (later.length === 0 && (conflicting === undefined || conflicting.atMs >= lastMs)) return 'recorded';
  if (!isSettled && (await isOver())) return 'outdated';
  if (conflicting === undefined) {
    await appendAudited(client, batch, later);
    return 'recorded';
  }
  if (!isSettled && conflicting.atMs >= lastMs) return 'outdated';
  if (keepsStored) throw new Error('after a restore the stored facts are further: alur verify --restored');
  await deleteFacts(client, instanceKey, next);
  if (later.length > 0) await append(client, instanceKey, later, broadcastChanges(instanceKey, later));
  await auditInterventions(client, headerOf(batch), later);
  await projectAnew(client, instanceKey);
  return 'recorded';
}

/** Takes back facts that the workflow does not have, unless others have come meanwhile. */
export const dropFactsAfter = (pool: Pool, instanceKey: string, number: number, last: number): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [instanceKey]);
    const stored = await storedFacts(client, instanceKey, number + 1);
    if (stored.at(-1)?.number !== last) return;
    await deleteFacts(client, instanceKey, number + 1);
    await projectAnew(client, instanceKey);
  });

/** Puts the facts that the workflow has in the place of those stored from the first of them on, and the rows in order. */
export const replaceFacts = (pool: Pool, instanceKey: string, facts: readonly FactOfCommand[]): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [instanceKey]);
    await client.query('select from instance where key = $1 for update', [instanceKey]);
    await client.query('delete from fact where instance_key = $1 and number >= $2', [
      instanceKey,
      facts[0]?.number ?? 1,
    ]);
    await append(client, instanceKey, facts, []);
    await projectAnew(client, instanceKey);
  });

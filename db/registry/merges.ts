/**
 * Two entries of one person become one, and two again. The loser stays as an alias: his key still leads to the survivor, his records and
 * his part of the ledger are the survivor's. Help that both hold of the same programme in the same months cannot stand under one name: it
 * stays where it is and is told, for people to claim back.
 */
import type { ClientBase } from 'pg';
import { appendAudit } from '../audit.ts';
import { nextKey } from '../queries/definitions.ts';
import type { Command } from './moves.ts';
import { enterFamily, familyOf, holdPerson, leaveFamily } from './people.ts';

type Database = Pick<ClientBase, 'query'>;

export interface Merge extends Command {
  readonly loserKey: string;
  readonly survivorKey: string;
  /** Today, YYYY-MM-DD: from when the loser's family is the survivor's. */
  readonly on: string;
}
/** The same help twice, by ledger keys, the older first. */
export interface PaidTwice {
  readonly programme: string;
  readonly period: string;
  readonly first: string;
  readonly second: string;
}
export type MergeResult =
  | { readonly outcome: 'merged'; readonly mergeKey: string; readonly paidTwice: readonly PaidTwice[] }
  /** They are one already, by another command. */
  | { readonly outcome: 'refused'; readonly code: 'SAME_PERSON' };
export type UndoResult =
  | { readonly outcome: 'undone' }
  /** The survivor was merged into somebody else since: that one goes first. */
  | { readonly outcome: 'refused'; readonly code: 'UNKNOWN_MERGE' | 'SURVIVOR_MERGED' };

/** What went to the survivor, by key. */
interface Moved {
  readonly subjects: readonly string[];
  readonly participations: readonly string[];
  /** The family the loser was taken out of, and since when he had been there; null: he was in none. */
  readonly left: { readonly familyKey: string; readonly validFrom: string } | null;
  /** Whether the survivor went into it. */
  readonly entered: boolean;
}

/** @throws Error for an unknown person */
export async function mergePersons(db: Database, merge: Merge): Promise<MergeResult> {
  const known = await mergeOf(db, merge.commandKey);
  if (known !== null)
    return {
      outcome: 'merged',
      mergeKey: known.key,
      paidTwice: await paidTwice(db, known.person_key, known.survivor_key),
    };
  // In one order, so that two merges of the same pair do not wait for each other.
  const [first, second] = [merge.loserKey, merge.survivorKey].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const held = new Map<string, string>();
  for (const key of [first, second]) if (key !== undefined) held.set(key, await holdPerson(db, key));
  const [loser = '', survivor = ''] = [held.get(merge.loserKey), held.get(merge.survivorKey)];
  if (loser === survivor) return { outcome: 'refused', code: 'SAME_PERSON' };
  const moved = await move(db, { loser, survivor, on: merge.on });
  const { rows } = await db.query<{ region: string }>('select region from person where key = $1', [survivor]);
  const region = rows[0]?.region ?? '';
  const mergeKey = await nextKey(db);
  await db.query(
    `insert into person_alias (key, person_key, survivor_key, region, moved, reason, command_key, merged_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [mergeKey, loser, survivor, region, moved, merge.reason, merge.commandKey, merge.actor],
  );
  const twice = await paidTwice(db, loser, survivor);
  await appendAudit(db, {
    actor: merge.actor,
    action: 'person.merge',
    target: survivor,
    region,
    detail: { commandKey: merge.commandKey, reason: merge.reason, mergeKey, loser, paidTwice: twice.length },
  });
  return { outcome: 'merged', mergeKey, paidTwice: twice };
}

interface AliasRow {
  readonly key: string;
  readonly person_key: string;
  readonly survivor_key: string;
  readonly region: string;
  readonly moved: Moved;
  readonly undone_at: Date | null;
}
const aliasColumns = 'key::text, person_key::text, survivor_key::text, region, moved, undone_at';

async function mergeOf(db: Database, commandKey: string): Promise<AliasRow | null> {
  const { rows } = await db.query<AliasRow>(`select ${aliasColumns} from person_alias where command_key = $1`, [
    commandKey,
  ]);
  return rows[0] ?? null;
}

async function move(
  db: Database,
  { loser, survivor, on }: { readonly loser: string; readonly survivor: string; readonly on: string },
): Promise<Moved> {
  const keysOf = async (sql: string): Promise<string[]> =>
    (await db.query<{ key: string }>(sql, [loser, survivor])).rows.map(({ key }) => key);
  const { rows } = await db.query<{ familyKey: string; region: string; validFrom: string }>(
    `select family_key::text as "familyKey", region, valid_from::text as "validFrom"
       from family_member where person_key = $1 and valid_to is null`,
    [loser],
  );
  const left = rows[0] ?? null;
  const entered = left !== null && (await familyOf(db, survivor)) === null;
  await leaveFamily(db, loser, on);
  if (entered) await enterFamily(db, survivor, { ...left, on });
  return {
    subjects: await keysOf('update subject set person_key = $2 where person_key = $1 returning key::text'),
    participations: await keysOf(
      `update participation p set person_key = $2, updated_at = now()
        where person_key = $1 and not exists (
          select from participation o where p.unit = 'NIK' and o.recipient_key = $2 and o.programme = p.programme and o.source = p.source
             and o.months && p.months and o.state in ('RESERVED', 'PAID') and p.state in ('RESERVED', 'PAID'))
        returning key::text`,
    ),
    left: left === null ? null : { familyKey: left.familyKey, validFrom: left.validFrom },
    entered,
  };
}

async function paidTwice(db: Database, loser: string, survivor: string): Promise<readonly PaidTwice[]> {
  const { rows } = await db.query<PaidTwice>(
    `select a.programme, a.period, a.key::text as first, b.key::text as second
       from participation a join participation b on a.programme = b.programme and a.months && b.months and a.key < b.key
      where a.person_key in ($1, $2) and b.person_key in ($1, $2)
        and a.state in ('RESERVED', 'PAID') and b.state in ('RESERVED', 'PAID') order by a.key, b.key`,
    [loser, survivor],
  );
  return rows;
}

/** What the survivor got since stays his. Undone already: undone. */
export async function undoMerge(db: Database, mergeKey: string, command: Command): Promise<UndoResult> {
  const { rows } = await db.query<AliasRow>(`select ${aliasColumns} from person_alias where key = $1 for update`, [
    mergeKey,
  ]);
  const [alias] = rows;
  if (alias === undefined) return { outcome: 'refused', code: 'UNKNOWN_MERGE' };
  if (alias.undone_at !== null) return { outcome: 'undone' };
  const { person_key: loser, survivor_key: survivor, moved, region } = alias;
  if ((await holdPerson(db, survivor)) !== survivor) return { outcome: 'refused', code: 'SURVIVOR_MERGED' };
  await db.query('update subject set person_key = $2 where key = any($1::bigint[])', [moved.subjects, loser]);
  await db.query('update participation set person_key = $2, updated_at = now() where key = any($1::bigint[])', [
    moved.participations,
    loser,
  ]);
  await restoreFamily(db, { loser, survivor }, moved);
  await db.query('update person_alias set undone_by = $2, undone_at = now() where key = $1', [mergeKey, command.actor]);
  await appendAudit(db, {
    actor: command.actor,
    action: 'person.merge.undo',
    target: survivor,
    region,
    detail: { commandKey: command.commandKey, reason: command.reason, mergeKey, loser },
  });
  return { outcome: 'undone' };
}

async function restoreFamily(
  db: Database,
  { loser, survivor }: { readonly loser: string; readonly survivor: string },
  { left, entered }: Moved,
): Promise<void> {
  if (left === null) return;
  if (entered)
    await db.query('delete from family_member where person_key = $1 and family_key = $2 and valid_to is null', [
      survivor,
      left.familyKey,
    ]);
  await db.query(
    'update family_member set valid_to = null where person_key = $1 and family_key = $2 and valid_from = $3',
    [loser, left.familyKey, left.validFrom],
  );
}

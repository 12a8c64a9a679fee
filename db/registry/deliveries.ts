/** Deliveries as the ledger and the cases show them: for choosing where to hand over, for late outcomes, and for closing a period. */
import type { Pool } from 'pg';
import type { ParticipationState } from '#registry/participation.ts';
import { monthText, parseMonth } from '#registry/period.ts';
import { transaction } from '../pool.ts';
import { participationOfChange } from './participations.ts';
import type { Change, Help } from './participations.ts';

/** One help that has not reached its end. */
export interface PendingHelp {
  readonly nomor: string;
  readonly kodeDesa: string;
  /** Whole rupiah. */
  readonly jumlah: number;
  /** YYYY-MM-DD, UTC. */
  readonly sejak: string;
}
/** One help of which another amount was paid or returned than was allocated. */
export interface Mismatch {
  readonly nomor: string;
  readonly dialokasikan: number;
  readonly tercatat: number;
}
/** Whole rupiah. `selisih` = dialokasikan − terbayar − dikembalikan − tertunda. */
export interface Reconciliation {
  readonly dialokasikan: number;
  readonly terbayar: number;
  readonly dikembalikan: number;
  readonly tertunda: number;
  readonly selisih: number;
  readonly jumlahTertunda: number;
  /** Oldest first. */
  readonly daftarTertunda: readonly PendingHelp[];
  readonly jumlahSelisih: number;
  readonly daftarSelisih: readonly Mismatch[];
}
/** What was really paid or returned of one help. */
export interface Correction {
  readonly region: string;
  readonly period: string;
  readonly proposalNumber: string;
  /** Whole rupiah. */
  readonly amount: number;
}
/** Help of one month that goes on in the next. */
export interface ContinuedHelp {
  readonly proposalNumber: string;
  readonly subjectKey: string;
  /** kode wilayah of the village. */
  readonly region: string;
  readonly programme: string;
  readonly source: string;
  /** Whole rupiah, as it was paid last. */
  readonly amount: number;
}
export interface Deliveries {
  /** How many recipients of a village were mapped to a post office since then. */
  readonly mappedSince: (village: string, since: Date) => Promise<number>;
  /** What the ledger says of a help; null: nothing. */
  readonly stateOf: (
    help: Omit<Help, 'unit' | 'region'>,
  ) => Promise<{ readonly state: ParticipationState; readonly amount: number } | null>;
  /** Whether a case waits for a message of this key. */
  readonly isAwaited: (messageName: string, correlationKey: string) => Promise<boolean>;
  /** All help of a region and what lies below it that was allocated for just this period. */
  readonly reconcile: (region: string, period: string) => Promise<Reconciliation>;
  /**
   * Help of a region and what lies below it that was paid for the month before, is not stopped by then, and that nobody has set aside or paid
   * for this month yet; by number.
   */
  readonly continued: (region: string, period: string) => Promise<readonly ContinuedHelp[]>;
  /** Adds a change with the right amount; the wrong one stays to be read. false: nothing of this number was paid or returned there. */
  readonly correct: (correction: Correction, change: Change) => Promise<boolean>;
}

/** Pending help and mismatches told by name. */
const listedMost = 100;
/** Recipients of one list; a list opened again takes the others. */
const continuedMost = 100_000;
/** Process that maps a recipient. */
const mappingProcess = 'pemetaan-pos';

/**
 * Allocated is what the reservation said; paid and returned what the change said that made it so; pending is what is still reserved. What was
 * given up was never ordered and counts for nothing; help that came with a list was never allocated by us.
 */
export const settledHelp = `
  select p.key, p.state, p.region, p.person_key, p.proposal_number, p.programme, p.source, p.period, p.months, p.created_at,
         reserved.amount as allocated, case p.state when 'RESERVED' then reserved.amount else latest.amount end as recorded
    from participation p
    join participation_change reserved on reserved.participation_key = p.key and reserved.state = 'RESERVED'
    left join lateral (select amount from participation_change c where c.participation_key = p.key and c.state = p.state
                        order by c.at desc limit 1) latest on true
   where p.state <> 'CANCELLED'`;
/** $1 region, $2 period. */
const settled = `${settledHelp} and (p.region = $1 or starts_with(p.region, $1 || '.')) and p.period = $2`;

type Sum = 'allocated' | 'paid' | 'returned' | 'pending' | 'open' | 'wrong';

async function reconcile(pool: Pool, region: string, period: string): Promise<Reconciliation> {
  const sums = await pool.query<Record<Sum, string>>(
    `select coalesce(sum(allocated), 0) as allocated,
            coalesce(sum(recorded) filter (where state = 'PAID'), 0) as paid,
            coalesce(sum(recorded) filter (where state = 'RETURNED'), 0) as returned,
            coalesce(sum(recorded) filter (where state = 'RESERVED'), 0) as pending,
            count(*) filter (where state = 'RESERVED') as open,
            count(*) filter (where recorded <> allocated) as wrong
       from (${settled}) s`,
    [region, period],
  );
  const waiting = await pool.query<PendingHelp>(
    `select coalesce(proposal_number, key::text) as nomor, region as "kodeDesa", recorded::float8 as jumlah,
            to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as sejak
       from (${settled}) s where state = 'RESERVED' order by created_at, key limit ${listedMost}`,
    [region, period],
  );
  const mismatches = await pool.query<Mismatch>(
    `select coalesce(proposal_number, key::text) as nomor, allocated::float8 as dialokasikan, recorded::float8 as tercatat
       from (${settled}) s where recorded <> allocated order by key limit ${listedMost}`,
    [region, period],
  );
  const total = (name: Sum): number => Number(sums.rows[0]?.[name]);
  const [allocated, paid, returned, pending] = [total('allocated'), total('paid'), total('returned'), total('pending')];
  return {
    dialokasikan: allocated,
    terbayar: paid,
    dikembalikan: returned,
    tertunda: pending,
    selisih: allocated - paid - returned - pending,
    jumlahTertunda: total('open'),
    daftarTertunda: waiting.rows,
    jumlahSelisih: total('wrong'),
    daftarSelisih: mismatches.rows,
  };
}

async function continued(pool: Pool, region: string, period: string): Promise<readonly ContinuedHelp[]> {
  const month = parseMonth(period);
  if (month === null) throw new Error(`period ${period} is no month`);
  const { rows } = await pool.query<ContinuedHelp>(
    `select p.proposal_number as "proposalNumber", u.subject_key::text as "subjectKey", p.region, p.programme, p.source,
            p.amount::float8 as amount
       from participation p join proposal u on u.number = p.proposal_number
      where p.state = 'PAID' and p.period = $2 and (p.region = $1 or starts_with(p.region, $1 || '.'))
        and not exists (select from participation other
              where other.proposal_number = p.proposal_number and other.programme = p.programme and other.source = p.source
                and other.period = $3 and other.state <> 'CANCELLED')
        and not exists (select from help_stop s
              where (s.person_key = p.person_key or s.family_key = p.family_key) and (s.programme is null or s.programme = p.programme)
                and s.from_month <= $4 and s.lifted_at is null)
      order by p.proposal_number, p.programme limit ${continuedMost}`,
    [region, monthText(month - 1), period, month],
  );
  return rows;
}

function correct(pool: Pool, { region, period, proposalNumber, amount }: Correction, change: Change): Promise<boolean> {
  return transaction(pool, async (db) => {
    if ((await participationOfChange(db, change.key)) !== null) return true;
    const { rowCount } = await db.query(
      `with wrong as (
         update participation p set amount = case state when 'PAID' then $4 else amount end, updated_at = now()
          where key = (select key from participation
                        where proposal_number = $1 and period = $2 and (region = $3 or starts_with(region, $3 || '.'))
                          and state in ('PAID', 'RETURNED') order by key desc limit 1 for update)
         returning key, region, state)
       insert into participation_change (key, participation_key, region, state, amount, actor)
       select $5, key, region, state, $4, $6 from wrong`,
      [proposalNumber, period, region, amount, change.key, change.actor],
    );
    return rowCount === 1;
  });
}

export function createDeliveries(pool: Pool): Deliveries {
  return {
    mappedSince: async (village, since) => {
      const { rows } = await pool.query<{ count: string }>(
        'select count(*) from instance where process_id = $1 and region = $2 and started_at >= $3',
        [mappingProcess, village, since],
      );
      return Number(rows[0]?.count);
    },
    stateOf: async ({ proposalNumber, programme, source, period }) => {
      const { rows } = await pool.query<{ state: ParticipationState; amount: number }>(
        `select state, amount::float8 as amount from participation
          where proposal_number = $1 and programme = $2 and source = $3 and period = $4 order by key desc limit 1`,
        [proposalNumber, programme, source, period],
      );
      return rows[0] ?? null;
    },
    isAwaited: async (messageName, correlationKey) => {
      const { rowCount } = await pool.query(
        "select from message_subscription where state = 'OPEN' and message_name = $1 and correlation_key = $2 limit 1",
        [messageName, correlationKey],
      );
      return rowCount !== 0;
    },
    reconcile: (region, period) => reconcile(pool, region, period),
    continued: (region, period) => continued(pool, region, period),
    correct: (correction, change) => correct(pool, correction, change),
  };
}

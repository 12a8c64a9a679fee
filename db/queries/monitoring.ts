/** What quarterly monitoring (process `monev`) draws from and measures: samples of families, how long work took, what came back. */
import type { ClientBase, Pool } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { monthsOf } from '#registry/period.ts';
import { firstMonth, listedRecipients } from '../registry/updates.ts';

export interface Sampled {
  readonly number: string;
  readonly village: string;
}
export type SampleGroup = 'recipients' | 'rejected';
/** A district and a quarter, `2026-T3`. */
export interface Scope {
  readonly region: string;
  readonly period: string;
}
export interface MonitoringReport extends Scope {
  readonly number: string;
  /** YYYY-MM-DD */
  readonly signedOn: string;
  readonly figures: JsonObject;
  readonly commandKey: string;
}

/** What was signed for a quarter; null: nothing yet, or not in the reader's region. */
export async function findMonitoringReport(
  db: Pick<ClientBase, 'query'>,
  { region, period }: Scope,
): Promise<Pick<MonitoringReport, 'number' | 'signedOn' | 'figures'> | null> {
  const { rows } = await db.query<Pick<MonitoringReport, 'number' | 'signedOn' | 'figures'>>(
    'select number, signed_on::text as "signedOn", figures from monitoring_report where region = $1 and period = $2',
    [region, period],
  );
  return rows[0] ?? null;
}

export interface Monitoring {
  /** Recipients of today, or proposals rejected in the quarter. */
  readonly population: (group: SampleGroup, scope: Scope, today: string) => Promise<number>;
  /** At random, but the same whenever it is drawn again. */
  readonly sample: (group: SampleGroup, scope: Scope, today: string, size: number) => Promise<readonly Sampled[]>;
  /** {usulan, antrean, pengembalian, sanggah} of the quarter; days and hours to one decimal. */
  readonly performance: (scope: Scope) => Promise<JsonObject>;
  /** A second report of the quarter takes the place of the first. */
  readonly keep: (report: MonitoringReport) => Promise<void>;
}

/** Calendar days from registration to the end, promised as a default of ours (domain §9, P01). */
const daysPromised = 45;

/** $1 region, $2 and $3 beginning and end of the quarter on clocks of the capital. */
const below = (column: string): string => `(${column} = $1 or starts_with(${column}, $1 || '.'))`;
const within = (column: string): string => `${column} >= $2 and ${column} < $3`;

/** Columns number, region; $1 region, $2 first month that counts, or $2 and $3 the quarter. */
const populations: Readonly<Record<SampleGroup, string>> = {
  recipients: `select l.number, l.region from (${listedRecipients.replaceAll('$1', '$2')}) l where ${below('l.region')}`,
  rejected: `select i.business_key as number, i.region from instance i join variable v on v.instance_key = i.key and v.name = 'akhir' and v.value = '"ditolak"'
    where i.process_id = 'usulan-dtks' and i.business_key is not null and ${within('i.ended_at')} and ${below('i.region')}`,
};

function quarterOf(period: string): readonly [string, string] {
  const months = monthsOf(period);
  if (months === null) throw new Error(`period ${period} is none`);
  const began = (month: number): string =>
    `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01T00:00:00+07:00`;
  return [began(months.first), began(months.last + 1)];
}
const parametersOf = (group: SampleGroup, { region, period }: Scope, today: string): readonly (string | number)[] =>
  group === 'recipients' ? [region, firstMonth(today)] : [region, ...quarterOf(period)];

export const createMonitoring = (pool: Pool): Monitoring => ({
  population: async (group, scope, today) => {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from (${populations[group]}) p`,
      [...parametersOf(group, scope, today)],
    );
    return rows[0]?.count ?? 0;
  },
  sample: async (group, scope, today, size) => {
    const parameters = parametersOf(group, scope, today);
    const next = parameters.length + 1;
    const { rows } = await pool.query<Sampled>(
      `select number, region as village from (${populations[group]}) p order by md5(number || $${next}), number limit $${next + 1}`,
      [...parameters, scope.period, size],
    );
    return rows;
  },
  performance: (scope) => performance(pool, scope),
  keep: async ({ region, period, number, signedOn, figures, commandKey }) => {
    await pool.query(
      `insert into monitoring_report (region, period, number, signed_on, figures, command_key) values ($1, $2, $3, $4, $5, $6)
       on conflict (region, period) do update set number = excluded.number, signed_on = excluded.signed_on, figures = excluded.figures,
         command_key = excluded.command_key, kept_at = now()`,
      [region, period, number, signedOn, JSON.stringify(figures), commandKey],
    );
  },
});

const days = 'extract(epoch from ended_at - started_at) / 86400';
const rounded = (sql: string): string => `round((${sql})::numeric, 1)::float8`;

async function performance(pool: Pool, { region, period }: Scope): Promise<JsonObject> {
  const scope = [region, ...quarterOf(period)];
  const list = async (sql: string): Promise<JsonObject[]> => (await pool.query<JsonObject>(sql, scope)).rows;
  const [usulan = {}] = await list(
    `select count(*) filter (where ${within('started_at')})::int as masuk, count(*) filter (where ${within('ended_at')})::int as selesai,
            count(*) filter (where ${within('ended_at')} and ${days} <= ${daysPromised})::int as "tepatWaktu",
            ${rounded(`percentile_cont(0.5) within group (order by ${days}) filter (where ${within('ended_at')})`)} as "medianHari",
            ${rounded(`percentile_cont(0.9) within group (order by ${days}) filter (where ${within('ended_at')})`)} as "p90Hari"
       from instance where process_id = 'usulan-dtks' and ${below('region')}`,
  );
  const antrean = await list(
    `select candidate_groups[1] as kelompok, count(*)::int as jumlah, count(*) filter (where ended_at > due_at)::int as terlambat,
            ${rounded('percentile_cont(0.5) within group (order by extract(epoch from ended_at - created_at) / 3600)')} as "medianJam"
       from user_task where state = 'COMPLETED' and cardinality(candidate_groups) > 0 and ${within('ended_at')} and ${below('region')} group by 1 order by 1`,
  );
  const pengembalian = await list(
    `select kind as sebab, count(*)::int as jumlah from family_finding where ${within('found_at')} and ${below('region')} group by 1 order by 2 desc, 1`,
  );
  const [sanggah = {}] = await list(
    `select count(*) filter (where ${within('i.started_at')})::int as masuk, count(*) filter (where ${within('i.ended_at')} and v.value = '"sanggah-diterima"')::int as diterima,
            count(*) filter (where ${within('i.ended_at')} and v.value = '"sanggah-dipertahankan"')::int as dipertahankan
       from instance i left join variable v on v.instance_key = i.key and v.name = 'akhir' where i.process_id = 'sanggah' and ${below('i.region')}`,
  );
  return { usulan, antrean, pengembalian, sanggah };
}

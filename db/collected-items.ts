/**
 * What batch cases have collected: the list of a batch lies here, its variables hold counts. Every change is written so that a repeated
 * attempt of the same job changes nothing. `list` is the key of the batch case.
 */
import type { ClientBase, Pool } from 'pg';
import type { Json, JsonObject } from '#engine/json.ts';
import type { Months } from '#registry/period.ts';
import { transaction } from './pool.ts';
import type { WaitingCase } from './queries/waiting-cases.ts';

type Database = Pick<ClientBase | Pool, 'query'>;

/** An area of the list and what of it is how. */
export interface AreaCount {
  readonly region: string;
  readonly items: number;
  readonly flagged: number;
  readonly undecided: number;
}
export interface FlaggedItem {
  readonly number: string;
  readonly finding: Json;
  readonly facts: JsonObject;
}
export interface ItemFacts {
  readonly number: string;
  readonly facts: JsonObject;
}
export interface Assessed {
  readonly number: string;
  readonly assessment: JsonObject;
  readonly finding: Json;
  readonly flagged: boolean;
}
export interface Decided {
  readonly number: string;
  readonly result: JsonObject;
}
/** Items decided per `hasil` of their results, and how many are not. */
export interface Tally {
  readonly results: Readonly<Record<string, number>>;
  readonly undecided: number;
}

const inArea = (parameter: string): string => `(region = ${parameter} or starts_with(region, ${parameter} || '.'))`;

/**
 * Makes the list what waits now. What was collected before and is unchanged keeps its assessment and its result.
 * @param months of the batch: help that others give in them is noted with each item.
 */
export async function collectItems(
  pool: Pool,
  list: string,
  waiting: readonly WaitingCase[],
  months: Months,
): Promise<void> {
  const items = waiting.map(({ correlationKey, region, variables }) => ({
    number: correlationKey,
    region,
    facts: variables,
  }));
  await transaction(pool, async (db) => {
    await db.query('delete from collected_item where instance_key = $1 and not (number = any($2))', [
      list,
      items.map(({ number }) => number),
    ]);
    await db.query(
      `insert into collected_item as c (instance_key, number, region, facts)
       select $1, number, region, facts from jsonb_to_recordset($2) as i (number text, region text, facts jsonb)
       on conflict (instance_key, number) do update
         set region = excluded.region, facts = excluded.facts, assessment = null, finding = null, flagged = null, result = null
         where c.facts <> excluded.facts`,
      [list, JSON.stringify(items)],
    );
    await noteWhatIsKnown(db, list, months);
  });
}

const district = (region: string): string => `split_part(${region}, '.', 1) || '.' || split_part(${region}, '.', 2)`;

/** `gandaDengan`: numbers of the same person or family on the list; `kepesertaan`: help of the person or family in the period, as D3 asks for it. */
async function noteWhatIsKnown(db: Database, list: string, months: Months): Promise<void> {
  await db.query(
    `with listed as materialized (
         select c.number, c.region, s.person_key, m.family_key
           from collected_item c
           join proposal p on p.number = c.number
           join subject s on s.key = p.subject_key
           left join family_member m on m.person_key = s.person_key and m.valid_to is null
          where c.instance_key = $1),
       alike as (
         select a.number, b.number as other from listed a join listed b on b.person_key = a.person_key and b.number <> a.number
         union
         select a.number, b.number from listed a join listed b on b.family_key = a.family_key and b.number <> a.number),
       help as (
         select l.number, t.key from listed l join participation t on t.person_key = l.person_key
         union
         select l.number, t.key from listed l join participation t on t.family_key = l.family_key),
       told as (
         select l.number, jsonb_agg(jsonb_build_object('program', t.programme, 'sumber', t.source, 'periode', t.period,
             'keluargaSama', coalesce(t.family_key = l.family_key, false),
             'daerahLain', ${district('t.region')} <> ${district('l.region')}) order by t.key) as participations
           from help h join listed l on l.number = h.number join participation t on t.key = h.key
          where t.state in ('RESERVED', 'PAID') and t.months && int4range($2, $3, '[]')
          group by l.number),
       doubled as (select number, jsonb_agg(other order by other) as others from alike group by number)
     update collected_item c
        set known = jsonb_build_object('gandaDengan', coalesce(d.others, '[]'), 'kepesertaan', coalesce(t.participations, '[]'))
       from collected_item i left join doubled d on d.number = i.number left join told t on t.number = i.number
      where c.instance_key = $1 and i.instance_key = $1 and c.number = i.number`,
    [list, months.first, months.last],
  );
}

/** The next items in order of their numbers, with all that is known of them. */
export async function itemsAfter(
  db: Database,
  list: string,
  after: string,
  limit: number,
): Promise<readonly ItemFacts[]> {
  const { rows } = await db.query<ItemFacts>(
    'select number, facts || known as facts from collected_item where instance_key = $1 and number > $2 order by number limit $3',
    [list, after, limit],
  );
  return rows;
}
/** An item with what is known of it and what the tables say. */
export interface ListedItem extends ItemFacts {
  readonly region: string;
  readonly finding: Json;
}
export interface ListPage {
  readonly after: string;
  readonly limit: number;
  readonly flaggedOnly: boolean;
}
/** Items of an area in order of their numbers. */
export async function listedItems(
  db: Database,
  list: string,
  region: string,
  { after, limit, flaggedOnly }: ListPage,
): Promise<readonly ListedItem[]> {
  const { rows } = await db.query<ListedItem>(
    `select number, region, facts, finding from collected_item
      where instance_key = $1 and ${inArea('$2')} and number > $3 and (flagged or not $5) order by number limit $4`,
    [list, region, after, limit, flaggedOnly],
  );
  return rows;
}
export async function noteAssessments(db: Database, list: string, assessed: readonly Assessed[]): Promise<void> {
  await db.query(
    `update collected_item c set assessment = a.assessment, finding = a.finding, flagged = a.flagged
       from jsonb_to_recordset($2) as a (number text, assessment jsonb, finding jsonb, flagged boolean)
      where c.instance_key = $1 and c.number = a.number`,
    [list, JSON.stringify(assessed)],
  );
}

/** Areas of the list with the number of segments of a kode wilayah (2: kabupaten, 4: desa), in order. */
export async function areasOf(db: Database, list: string, segments: number): Promise<readonly AreaCount[]> {
  const { rows } = await db.query<AreaCount>(
    `select array_to_string((string_to_array(region, '.'))[:$2], '.') as region, count(*)::integer as items,
            count(*) filter (where flagged)::integer as flagged, count(*) filter (where result is null)::integer as undecided
       from collected_item where instance_key = $1 group by 1 order by 1`,
    [list, segments],
  );
  return rows;
}

/** Undecided flagged items of an area, in order of their numbers. */
export async function flaggedItems(
  db: Database,
  list: string,
  region: string,
  limit: number,
): Promise<readonly FlaggedItem[]> {
  const { rows } = await db.query<FlaggedItem>(
    `select number, finding, facts from collected_item
      where instance_key = $1 and ${inArea('$2')} and flagged and result is null order by number limit $3`,
    [list, region, limit],
  );
  return rows;
}
/** Numbers of undecided items of an area that are not flagged, in an order that nobody chooses and every attempt repeats. */
export async function cleanItems(db: Database, list: string, region: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ number: string }>(
    `select number from collected_item
      where instance_key = $1 and ${inArea('$2')} and flagged is not true and result is null
      order by sha256(convert_to(instance_key::text || number, 'UTF8'))`,
    [list, region],
  );
  return rows.map(({ number }) => number);
}
/** Those of the numbers that an area of the list has. */
export async function numbersWithin(
  db: Database,
  list: string,
  region: string,
  numbers: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ number: string }>(
    `select number from collected_item where instance_key = $1 and ${inArea('$2')} and number = any($3)`,
    [list, region, numbers],
  );
  return new Set(rows.map(({ number }) => number));
}

/** What becomes of items of an area that nobody has named and that are not decided. */
export interface OtherItems {
  /** Result of those without a flag. */
  readonly clean: JsonObject;
  /** Flagged ones get the result that their finding {hasil, langkah, kode, alasan} says; false: they stay undecided. */
  readonly byFinding: boolean;
}
export async function decideItems(
  pool: Pool,
  list: string,
  region: string,
  decided: readonly Decided[],
  { clean, byFinding }: OtherItems,
): Promise<Tally> {
  return transaction(pool, async (db) => {
    await noteResults(db, list, decided);
    await db.query(
      `update collected_item
          set result = case when flagged then jsonb_build_object('hasil', finding -> 'hasil', 'langkah', finding -> 'langkah',
                'kode', finding -> 'kode', 'alasan', finding -> 'alasan') else $3::jsonb end
        where instance_key = $1 and ${inArea('$2')} and (flagged is not true or $4) and result is null`,
      [list, region, JSON.stringify(clean), byFinding],
    );
    return tallyOf(db, list, region);
  });
}
export async function noteResults(db: Database, list: string, decided: readonly Decided[]): Promise<void> {
  await db.query(
    `update collected_item c set result = d.result from jsonb_to_recordset($2) as d (number text, result jsonb)
      where c.instance_key = $1 and c.number = d.number`,
    [list, JSON.stringify(decided)],
  );
}
async function tallyOf(db: Database, list: string, region: string): Promise<Tally> {
  const { rows } = await db.query<{ hasil: string | null; items: number }>(
    `select result ->> 'hasil' as hasil, count(*)::integer as items from collected_item
      where instance_key = $1 and ${inArea('$2')} group by 1 order by 1`,
    [list, region],
  );
  const results = rows.flatMap(({ hasil, items }) => (hasil === null ? [] : [[hasil, items] as const]));
  return { results: Object.fromEntries(results), undecided: rows.find(({ hasil }) => hasil === null)?.items ?? 0 };
}
/** Items of an area whose result has one of these `hasil`, in order of their numbers. */
export async function itemsDecidedAs(
  db: Database,
  list: string,
  region: string,
  outcomes: readonly string[],
): Promise<readonly ItemFacts[]> {
  const { rows } = await db.query<ItemFacts>(
    `select number, facts from collected_item where instance_key = $1 and ${inArea('$2')} and result ->> 'hasil' = any($3) order by number`,
    [list, region, outcomes],
  );
  return rows;
}
/** Takes back the results of areas; how many there were. */
export async function reopenItems(db: Database, list: string, regions: readonly string[]): Promise<number> {
  const { rowCount } = await db.query(
    `update collected_item set result = null
      where instance_key = $1 and result is not null
        and exists (select from unnest($2::text[]) a where region = a or starts_with(region, a || '.'))`,
    [list, regions],
  );
  return rowCount ?? 0;
}

/** Which answers of a list are meant. */
export interface Announcement {
  readonly list: string;
  readonly messageName: string;
  /** Only items with this `hasil`; null: all that are decided. */
  readonly hasil: string | null;
}
/** Decided items that the message has not gone to yet, in order of their numbers. */
export async function unannounced(
  db: Database,
  { list, messageName, hasil }: Announcement,
  limit: number,
): Promise<readonly Decided[]> {
  const { rows } = await db.query<Decided>(
    `select number, result from collected_item
      where instance_key = $1 and result is not null and not ($2 = any(announced)) and ($3::text is null or result ->> 'hasil' = $3)
      order by number limit $4`,
    [list, messageName, hasil, limit],
  );
  return rows;
}
export async function noteAnnounced(
  db: Database,
  { list, messageName }: Announcement,
  numbers: readonly string[],
): Promise<void> {
  await db.query(
    `update collected_item set announced = announced || $2::text
      where instance_key = $1 and number = any($3) and not ($2 = any(announced))`,
    [list, messageName, numbers],
  );
}
export async function countAnnounced(db: Database, { list, messageName }: Announcement): Promise<number> {
  const { rows } = await db.query<{ items: number }>(
    'select count(*)::integer as items from collected_item where instance_key = $1 and $2 = any(announced)',
    [list, messageName],
  );
  return rows[0]?.items ?? 0;
}

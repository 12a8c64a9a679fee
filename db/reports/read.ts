/** Reads a report and the cases behind its figures, in the transaction of the reader's region: what he may not see is not counted. */
import type { ClientBase } from 'pg';
import { wholeCountry } from '../region-scope.ts';
import { ReportQuery } from './report.ts';
import type { Figure, Report, Scope } from './report.ts';

type Database = Pick<ClientBase, 'query'>;

export interface ReportRow {
  /** Values of the dimensions, the area first when it is asked for. */
  readonly of: readonly string[];
  /** In the order of the figures. */
  readonly values: readonly (number | null)[];
}
export interface ReportTable {
  readonly rows: readonly ReportRow[];
  /** Rows are left out: there are more than were asked for. */
  readonly isCut: boolean;
  readonly total: readonly (number | null)[];
}
export interface ReportOrder {
  readonly scope: Scope;
  /** One row per area of the level below the region, too. */
  readonly byArea: boolean;
  /** Those to be read. */
  readonly figures: readonly Figure[];
  readonly most: number;
}

/** Areas have one segment more than the region, a village is its own. */
const areaOf = (region: string): string => {
  const segments = region === wholeCountry ? 1 : Math.min(region.split('.').length + 1, 4);
  return `array_to_string((string_to_array(region, '.'))[:${segments}], '.') as area`;
};
const entriesOf = (report: Report, query: ReportQuery): string =>
  `with entry as (select *, ${areaOf(query.scope.region)} from (${report.entries(query)}) e)`;
const dimensionsOf = (report: Report, byArea: boolean): readonly string[] =>
  byArea ? ['area', ...report.dimensions] : report.dimensions;

export async function readReport(
  db: Database,
  report: Report,
  { scope, byArea, figures, most }: ReportOrder,
): Promise<ReportTable> {
  const query = new ReportQuery(scope);
  const dimensions = dimensionsOf(report, byArea);
  const values = figures.map(({ sql }) => sql).join(', ');
  const entries = entriesOf(report, query);
  const limit = query.bind(most + 1);
  const { rows } = await db.query<ReportRow & { readonly isTotal: boolean }>(
    `${entries}
     select array[${dimensions.join(', ')}] as of, array[${values}] as values, grouping(${dimensions[0]}) = 1 as "isTotal"
       from entry group by grouping sets ((${dimensions.join(', ')}), ())
      order by "isTotal" desc, ${byArea ? 'area, ' : ''}${report.order} limit ${limit}::integer + 1`,
    [...query.values],
  );
  const [total, ...found] = rows;
  return {
    rows: found.slice(0, most).map(({ of, values: told }) => ({ of, values: told })),
    isCut: found.length > most,
    total: figures.map(({ inTotal }, index) => (inTotal ? (total?.values[index] ?? null) : null)),
  };
}

/** A figure of a row, or of all of them. */
export interface FigureOrder {
  readonly scope: Scope;
  readonly byArea: boolean;
  /** Values of the dimensions; null: of the total. */
  readonly row: readonly string[] | null;
  readonly figure: Figure;
  /** `ref` of the last one that is known. */
  readonly after: string;
  readonly most: number;
}
export interface CountedCase {
  readonly ref: string;
  /** null: help that came with a list, and no case of ours. */
  readonly caseKey: string | null;
  readonly number: string | null;
  readonly personKey: string | null;
  readonly region: string;
}

/** What a figure counts, each once, in order of `ref`. */
export async function casesBehind(
  db: Database,
  report: Report,
  { scope, byArea, row, figure, after, most }: FigureOrder,
): Promise<readonly CountedCase[]> {
  const query = new ReportQuery(scope);
  const entries = entriesOf(report, query);
  const dimensions = dimensionsOf(report, byArea).join(', ');
  const inRow = row === null ? 'true' : `array[${dimensions}] = ${query.bind(row)}::text[]`;
  const { rows } = await db.query<CountedCase>(
    `${entries}
     select distinct on (ref) ref, case_key::text as "caseKey", number, person_key::text as "personKey", region
       from entry where ${inRow} and (${figure.of}) and ref > ${query.bind(after)} order by ref, case_key nulls last limit ${query.bind(most)}`,
    [...query.values],
  );
  return rows;
}

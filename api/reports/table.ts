/** A report as its reader sees it: words in his language, amounts if he may see them, within his region. */
import { periodReportLimits } from '#contract/period-report.ts';
import type { PeriodReport, PeriodReportScope, ReportName } from '#contract/period-report.ts';
import { wholeCountry } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import { reports } from '#db/reports/all.ts';
import { casesBehind, readReport } from '#db/reports/read.ts';
import type { CountedCase } from '#db/reports/read.ts';
import type { Figure, Report, Scope } from '#db/reports/report.ts';
import { monthBegins, zoneOf } from '#registry/calendar.ts';
import { monthsOf } from '#registry/period.ts';
import type { PoolClient } from 'pg';
import { assertCovers } from '../accounts-view.ts';
import { seesAmounts } from '../amounts.ts';
import type { Caller } from '../handler.ts';
import type { Dependencies } from '../dependencies.ts';
import { Refusal } from '../refusal.ts';
import type { Locale } from '../texts.ts';
import { stagesOf } from './stages.ts';
import { labelOf, reportText } from './words.ts';

/** No code of a dimension has it. */
const keyMark = '~';

export interface ReportCall {
  readonly caller: Caller;
  readonly params: { readonly report: ReportName };
  readonly query: PeriodReportScope;
  readonly db: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
  readonly deps: Dependencies;
  readonly locale: Locale;
}
interface Asked {
  readonly report: Report;
  readonly scope: Scope;
  readonly byArea: boolean;
  /** Those that the caller may see. */
  readonly figures: readonly Figure[];
}

/** @throws Refusal when the region is not the caller's to see. */
async function asked(db: PoolClient, { caller, params, query, deps }: ReportCall): Promise<Asked> {
  const region = query.region ?? caller.account.region;
  assertCovers(caller.account, region);
  const months = monthsOf(query.period);
  if (months === null) throw new Error(`the contract let the period ${query.period} pass`);
  const zone = zoneOf(region);
  const [from, to] = [monthBegins(months.first, zone), monthBegins(months.last + 1, zone)];
  const report: Report = reports[params.report];
  const showsAmounts = await seesAmounts(db, caller.account);
  return {
    report,
    scope: { region, months, from, to, stages: await stagesOf(db, deps.models) },
    byArea: query.by === 'area',
    figures: report.figures.filter(({ unit }) => unit !== 'amount' || showsAmounts),
  };
}

const dimensionsOf = ({ report, byArea }: Asked): readonly string[] => [
  ...(byArea ? ['area'] : []),
  ...report.dimensions,
];
const named = (locale: Locale, name: ReportName) => ({
  report: name,
  title: reportText(locale, `${name}.title`),
  explanation: reportText(locale, `${name}.explanation`),
});
export const listReports = (locale: Locale) => Object.keys(reports).map((name) => named(locale, name as ReportName));

export function readTable(call: ReportCall, most: number = periodReportLimits.shownRows): Promise<PeriodReport> {
  const { params, query, db, locale } = call;
  return db(async (client) => {
    const question = await asked(client, call);
    const { report, scope, figures } = question;
    const { rows, isCut, total } = await readReport(client, report, { ...question, most });
    const nameOf = await regionNames();
    const [dimensions, label] = [dimensionsOf(question), labelOf(locale, nameOf)];
    const word = (name: string): string => reportText(locale, `${params.report}.${name}`);
    return {
      ...named(locale, params.report),
      region: scope.region,
      regionName: scope.region === wholeCountry ? reportText(locale, 'nationwide') : nameOf(scope.region),
      period: query.period,
      dimensions: dimensions.map((name) => ({ name, label: reportText(locale, `dimension.${name}`) })),
      columns: figures.map(({ name, unit }) => ({ name, unit, label: word(name) })),
      chart: report.chart,
      rows: rows.map(({ of, values }) => ({
        key: of.join(keyMark),
        labels: of.map((value, index) => label(dimensions[index] ?? '', value)),
        values: [...values],
      })),
      isCut,
      total: [...total],
      readAt: new Date().toISOString(),
    };
  });
}

export interface FigureQuestion {
  readonly row?: string | undefined;
  readonly column: string;
  readonly after: string;
}
export interface FigureCases {
  readonly title: string;
  readonly columnLabel: string;
  readonly rowLabels: readonly string[];
  readonly items: readonly (CountedCase & { readonly regionName: string | null })[];
  readonly next: string | null;
}

/** @throws Refusal when the report has no such column for this caller. */
export function readCases(call: ReportCall, { row, column, after }: FigureQuestion): Promise<FigureCases> {
  const { db, locale, params } = call;
  return db(async (client) => {
    const question = await asked(client, call);
    const figure = question.figures.find(({ name }) => name === column);
    if (figure === undefined)
      throw new Refusal('invalidRequest', 'badFields', { faults: [{ field: 'column', text: 'notAnOption' }] });
    const of = row?.split(keyMark) ?? null;
    const most = periodReportLimits.cases;
    const found = await casesBehind(client, question.report, { ...question, row: of, figure, after, most: most + 1 });
    const items = found.slice(0, most);
    const nameOf = await regionNames();
    const [dimensions, label] = [dimensionsOf(question), labelOf(locale, nameOf)];
    return {
      title: reportText(locale, `${params.report}.title`),
      columnLabel: reportText(locale, `${params.report}.${column}`),
      rowLabels: (of ?? []).map((value, index) => label(dimensions[index] ?? '', value)),
      items: items.map((item) => ({ ...item, regionName: nameOf(item.region) })),
      next: found.length > most ? (items.at(-1)?.ref ?? null) : null,
    };
  });
}

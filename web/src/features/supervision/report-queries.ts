/** What the pages of reports ask for; everything asked stands in the address. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { urlOf } from '#contract/client.ts';
import { periodReportEndpoints, reportNames, type PeriodReport, type ReportName } from '#contract/period-report.ts';
import { call } from '../../lib/api.ts';
import { listPollMs } from '../../lib/live.ts';

export interface ReportChoice {
  readonly report: ReportName;
  readonly region: string;
  readonly period: string;
  readonly by: 'all' | 'area';
}
/** A figure of a row; row null: of the total. */
export interface FigureChoice {
  readonly row: string | null;
  readonly column: string;
}

/** Months and quarters to choose from, newest first. */
const choosable = { months: 12, quarters: 4 } as const;
export const fileTypes = ['csv', 'xlsx', 'pdf'] as const;

/** @param month counted from January of year 0 */
const monthName = (month: number): string =>
  `${String(Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}`;
const quarterName = (quarter: number): string => `${String(Math.floor(quarter / 4))}-T${String((quarter % 4) + 1)}`;
const countDown = (from: number, many: number): readonly number[] =>
  Array.from({ length: many }, (_, index) => from - index);

/** @param today `2026-11-23` */
export function periodChoices(today: string): readonly string[] {
  const month = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  return [
    ...countDown(month, choosable.months).map(monthName),
    ...countDown(Math.floor(month / 3), choosable.quarters).map(quarterName),
  ];
}

/** What the address does not say: the first report, the account's region, this month. */
export function reportChoiceOf(
  report: string | undefined,
  get: (name: string) => string,
  given: { readonly region: string; readonly today: string },
): ReportChoice {
  return {
    report: reportNames.find((name) => name === report) ?? reportNames[0],
    region: get('region') || given.region,
    period: get('period') || given.today.slice(0, 7),
    by: get('by') === 'area' ? 'area' : 'all',
  };
}

const scopeOf = ({ region, period, by }: ReportChoice) => ({ region, period, by });
export const reportAddress = (choice: ReportChoice): string =>
  urlOf('/supervision/reports/:report', { report: choice.report }, scopeOf(choice));
export const figureAddress = (choice: ReportChoice, figure: FigureChoice): string =>
  urlOf('/supervision/reports/:report/cases', { report: choice.report }, { ...scopeOf(choice), ...figure });
export const fileAddress = (choice: ReportChoice, type: (typeof fileTypes)[number]): string =>
  urlOf(`/v2/reports/:report/${type}`, { report: choice.report }, scopeOf(choice));

export const reportListQuery = () =>
  queryOptions({
    queryKey: ['reports'],
    queryFn: ({ signal }) => call(periodReportEndpoints.listReports, {}, { signal }),
  });

export const reportQuery = (choice: ReportChoice) =>
  queryOptions({
    queryKey: ['reports', choice],
    queryFn: ({ signal }): Promise<PeriodReport> =>
      call(periodReportEndpoints.getReport, { params: { report: choice.report }, query: scopeOf(choice) }, { signal }),
    refetchInterval: listPollMs,
    placeholderData: keepPreviousData,
  });

export const figureQuery = (choice: ReportChoice, { row, column }: FigureChoice) =>
  infiniteQueryOptions({
    queryKey: ['reports', choice, 'cases', row, column],
    queryFn: ({ signal, pageParam: after }) =>
      call(
        periodReportEndpoints.listReportCases,
        {
          params: { report: choice.report },
          query: { ...scopeOf(choice), column, after, ...(row === null ? {} : { row }) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

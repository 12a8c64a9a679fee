/** What the ledger of help holds when the demo is over: read through the reports and the register, not from what the player remembers. */
import type { Client } from '#contract/client.ts';
import { periodReportEndpoints, type PeriodReport, type ReportName } from '#contract/period-report.ts';
import { personEndpoints } from '#contract/person.ts';
import { regency } from '../generate/generate.ts';

/** Whole rupiah, over all periods of the demo. */
export interface LedgerSums {
  readonly allocated: number;
  readonly paid: number;
  readonly returned: number;
  readonly pending: number;
  /** allocated − paid − returned − pending. */
  readonly difference: number;
  /** Help of which another amount was paid or returned than was allocated. */
  readonly wrong: number;
}
export interface Books {
  readonly ledger: LedgerSums;
  /** Pairs of help that somebody holds although the matrix forbids it. */
  readonly forbiddenOverlaps: readonly string[];
  /** People who were paid the same help of the same months twice. */
  readonly paidTwice: readonly string[];
}

export const closes = ({ ledger, forbiddenOverlaps, paidTwice }: Books): boolean =>
  ledger.difference === 0 && ledger.wrong === 0 && forbiddenOverlaps.length === 0 && paidTwice.length === 0;

const held: readonly string[] = ['RESERVED', 'PAID'];

/** Figure of a report's total. */
const totalOf = ({ columns, total }: PeriodReport, name: string): number =>
  total[columns.findIndex((column) => column.name === name)] ?? 0;

/** People behind a figure of a row, as often as they are behind it. */
async function peopleBehind(
  client: Client,
  report: ReportName,
  query: { readonly period: string; readonly column: string; readonly row?: string },
): Promise<string[]> {
  const people: string[] = [];
  for (let after = ''; ;) {
    const { items, next } = await client(periodReportEndpoints.listReportCases, {
      params: { report },
      query: { ...query, region: regency, after },
    });
    people.push(...items.flatMap(({ personKey }) => personKey ?? []));
    if (next === null) return people;
    after = next;
  }
}

async function paidTwiceIn(client: Client, period: string, { rows }: PeriodReport): Promise<string[]> {
  const twice: string[] = [];
  for (const { key: row } of rows) {
    const people = await peopleBehind(client, 'payments', { period, column: 'paid', row });
    const again = people.filter((person, index) => people.indexOf(person) !== index);
    twice.push(...again.map((person) => `person ${person} (${row})`));
  }
  return twice;
}

/** Pairs are judged by the register, which asks the matrix about each. */
async function forbiddenIn(client: Client, period: string): Promise<string[]> {
  const people = new Set(await peopleBehind(client, 'overlap', { period, column: 'held' }));
  const found: string[] = [];
  for (const personKey of people) {
    const { items } = await client(personEndpoints.listParticipations, { params: { personKey } });
    for (const { participationKey, state, overlaps } of items) {
      const forbidden = held.includes(state) ? (overlaps ?? []).filter(({ reasons }) => reasons.length > 0) : [];
      found.push(...forbidden.map((other) => [participationKey, other.participationKey].toSorted().join(' × ')));
    }
  }
  return found;
}

/** @param periods months of the demo, `2026-11` */
export async function readBooks(client: Client, periods: readonly string[]): Promise<Books> {
  const sums = { allocated: 0, paid: 0, returned: 0, pending: 0, wrong: 0 };
  const forbidden = new Set<string>();
  const paidTwice: string[] = [];
  for (const period of periods) {
    const payments = await client(periodReportEndpoints.getReport, {
      params: { report: 'payments' },
      query: { region: regency, period },
    });
    sums.allocated += totalOf(payments, 'allocatedAmount');
    sums.paid += totalOf(payments, 'paidAmount');
    sums.returned += totalOf(payments, 'returnedAmount');
    sums.pending += totalOf(payments, 'pendingAmount');
    sums.wrong += totalOf(payments, 'wrong');
    paidTwice.push(...(await paidTwiceIn(client, period, payments)));
    for (const pair of await forbiddenIn(client, period)) forbidden.add(pair);
  }
  const { allocated, paid, returned, pending } = sums;
  const ledger = { ...sums, difference: allocated - paid - returned - pending };
  return { ledger, forbiddenOverlaps: [...forbidden], paidTwice };
}

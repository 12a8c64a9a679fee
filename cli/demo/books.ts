/** What the ledger of help holds when the demo is over: read through the reports and the register, not from what the player remembers. */
import type { Client } from '#contract/client.ts';
import { periodReportEndpoints, type PeriodReport, type ReportName } from '#contract/period-report.ts';
import { personEndpoints } from '#contract/person.ts';
import { regency } from '../generate/generate.ts';
import type { Help } from '../generate/help.ts';
import { endedAsForetold, helpOf, type Case, type Cases } from './cases.ts';

/** Whole rupiah. */
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
  /** The same, by month. */
  readonly months: Readonly<Record<string, LedgerSums>>;
  /** Where the ledger says something else of a case, or of a month, than the oracle. */
  readonly unforetold: readonly string[];
  /** Pairs of help that somebody holds although the matrix forbids it. */
  readonly forbiddenOverlaps: readonly string[];
  /** People who were paid the same help of the same months twice. */
  readonly paidTwice: readonly string[];
}

export const closes = ({ months, unforetold, forbiddenOverlaps, paidTwice }: Books): boolean =>
  Object.values(months).every(({ difference, wrong }) => difference === 0 && wrong === 0) &&
  [unforetold, forbiddenOverlaps, paidTwice].every((faults) => faults.length === 0);

const held: readonly string[] = ['RESERVED', 'PAID'];
const columns = { PAID: 'paid', RETURNED: 'returned', RESERVED: 'pending' } as const;

/** Figure of a report's total. */
const totalOf = ({ columns: named, total }: PeriodReport, name: string): number =>
  total[named.findIndex((column) => column.name === name)] ?? 0;

interface Listed {
  /** Of the proposal; null: help that came with a list. */
  readonly number: string | null;
  readonly personKey: string | null;
}
/** Help behind a figure of a row, or of the total. */
async function behind(
  client: Client,
  report: ReportName,
  query: { readonly period: string; readonly column: string; readonly row?: string },
): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let after = ''; ;) {
    const { items, next } = await client(periodReportEndpoints.listReportCases, {
      params: { report },
      query: { ...query, region: regency, after },
    });
    found.push(...items);
    if (next === null) return found;
    after = next;
  }
}
const peopleOf = (listed: readonly Listed[]): string[] => listed.flatMap(({ personKey }) => personKey ?? []);

async function paidTwiceIn(client: Client, period: string, { rows }: PeriodReport): Promise<string[]> {
  const twice: string[] = [];
  for (const { key: row } of rows) {
    const people = peopleOf(await behind(client, 'payments', { period, column: columns.PAID, row }));
    const again = people.filter((person, index) => people.indexOf(person) !== index);
    twice.push(...again.map((person) => `person ${person} (${row})`));
  }
  return twice;
}

/** Pairs are judged by the register, which asks the matrix about each. */
async function forbiddenIn(client: Client, period: string): Promise<string[]> {
  const people = new Set(peopleOf(await behind(client, 'overlap', { period, column: 'held' })));
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

const sumOf = (report: PeriodReport): LedgerSums => {
  const [allocated, paid, returned, pending] = [
    totalOf(report, 'allocatedAmount'),
    totalOf(report, 'paidAmount'),
    totalOf(report, 'returnedAmount'),
    totalOf(report, 'pendingAmount'),
  ];
  const difference = allocated - paid - returned - pending;
  return { allocated, paid, returned, pending, difference, wrong: totalOf(report, 'wrong') };
};
const nothing: LedgerSums = { allocated: 0, paid: 0, returned: 0, pending: 0, difference: 0, wrong: 0 };
const added = (a: LedgerSums, b: LedgerSums): LedgerSums => ({
  allocated: a.allocated + b.allocated,
  paid: a.paid + b.paid,
  returned: a.returned + b.returned,
  pending: a.pending + b.pending,
  difference: a.difference + b.difference,
  wrong: a.wrong + b.wrong,
});

/** What the ledger says of each proposal of a month. */
async function statesIn(client: Client, period: string): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const [state, column] of Object.entries(columns))
    for (const { number } of await behind(client, 'payments', { period, column }))
      if (number !== null) states.set(number, state);
  return states;
}

/** Case by case; and to the rupiah, where nobody else's help is in the month's books. @param foretold by number; null: nothing */
function unforetoldIn(
  period: string,
  foretold: ReadonlyMap<string, Help | null>,
  { states, sums }: { readonly states: ReadonlyMap<string, string>; readonly sums: LedgerSums },
): string[] {
  const wrong = [...foretold].flatMap(([number, help]) => {
    const [expected, found] = [help?.state ?? 'nothing', states.get(number) ?? 'nothing'];
    return expected === found ? [] : [`${number}: ${found}, not ${expected}`];
  });
  if ([...states.keys()].some((number) => !foretold.has(number))) return wrong;
  const amountOf = (state: Help['state']): number =>
    [...foretold.values()].reduce((sum, help) => sum + (help?.state === state ? help.amount : 0), 0);
  const compared = [
    ['paid', sums.paid, amountOf('PAID')],
    ['returned', sums.returned, amountOf('RETURNED')],
  ] as const;
  return [
    ...wrong,
    ...compared.flatMap(([name, found, expected]) =>
      found === expected ? [] : [`${period}: ${name} ${String(found)}, not ${String(expected)}`],
    ),
  ];
}

const foretoldIn = (period: string, all: readonly Case[], count: number): Map<string, Help | null> => {
  const ours = all.filter((one) => one.period <= period && endedAsForetold(one));
  return new Map(ours.map((one) => [one.number, helpOf(one, count).get(period) ?? null]));
};

/** The books of every month that has proposals of the demo. @param count months of the demo */
export async function readBooks(client: Client, cases: Cases, count: number): Promise<Books> {
  const months: Record<string, LedgerSums> = {};
  const unforetold: string[] = [];
  const forbidden = new Set<string>();
  const paidTwice: string[] = [];
  for (const period of cases.periods) {
    const payments = await client(periodReportEndpoints.getReport, {
      params: { report: 'payments' },
      query: { region: regency, period },
    });
    const sums = sumOf(payments);
    months[period] = sums;
    const foretold = foretoldIn(period, cases.all, count);
    unforetold.push(...unforetoldIn(period, foretold, { sums, states: await statesIn(client, period) }));
    paidTwice.push(...(await paidTwiceIn(client, period, payments)));
    for (const pair of await forbiddenIn(client, period)) forbidden.add(pair);
  }
  const ledger = Object.values(months).reduce(added, nothing);
  return { ledger, months, unforetold, forbiddenOverlaps: [...forbidden], paidTwice };
}

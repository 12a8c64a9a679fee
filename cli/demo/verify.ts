/** Compares what happened with what had to: ends with the truth, acknowledged commands with the read model, payments with the story. */
import { z } from 'zod';
import { caseEndpoints } from '#contract/case.ts';
import type { Client } from '#contract/client.ts';
import { userTaskEndpoints, type UserTask } from '#contract/user-task.ts';
import { callSimulator, searchAll } from '../client.ts';
import { endedAsForetold, helpOf, type Case, type Cases } from './cases.ts';
import type { Acknowledged } from './ledger.ts';

export interface Mismatch {
  readonly sourceId: string;
  readonly expected: string;
  readonly found: string;
}
export interface Verdict {
  readonly matched: number;
  readonly mismatches: readonly Mismatch[];
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more often than acknowledged, or done twice outside. */
  readonly doubled: readonly string[];
  readonly ends: Readonly<Record<string, number>>;
}

const chunkSize = 500;
const pageSize = 1_000;
const parallel = 8;

function compareEnds(
  cases: Cases,
  sourceIds: readonly string[],
  expectedOf: (sourceId: string) => string,
): Pick<Verdict, 'matched' | 'mismatches' | 'ends'> {
  const bySource = new Map(cases.all.map((one) => [one.sourceId, one]));
  const mismatches: Mismatch[] = [];
  const ends: Record<string, number> = {};
  for (const sourceId of sourceIds) {
    const one = bySource.get(sourceId);
    const found = one === undefined ? 'not imported' : one.ended ? one.endElements.join('+') : 'not ended';
    ends[found] = (ends[found] ?? 0) + 1;
    const expected = expectedOf(sourceId);
    if (found !== expected) mismatches.push({ sourceId, expected, found });
  }
  return { matched: sourceIds.length - mismatches.length, mismatches, ends };
}

/** Runs `work` over all items, a few at a time. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

async function tasksByKey(client: Client, keys: readonly string[]): Promise<Map<string, UserTask>> {
  const found = new Map<string, UserTask>();
  for (let start = 0; start < keys.length; start += chunkSize) {
    const chunk = keys.slice(start, start + chunkSize);
    const tasks = await searchAll(
      (after) =>
        client(userTaskEndpoints.searchUserTasks, {
          body: {
            filter: { userTaskKey: { $in: chunk } },
            include: ['case'],
            page: after === null ? { limit: pageSize } : { limit: pageSize, after },
          },
        }),
      pageSize,
    );
    for (const task of tasks) found.set(task.userTaskKey, task);
  }
  return found;
}

/** Completions of user tasks in the history of one case or meeting. */
async function completionsOf(client: Client, caseKey: string): Promise<number> {
  let completions = 0;
  let after = 0;
  for (;;) {
    const { items, next } = await client(caseEndpoints.getCaseTimeline, {
      params: { caseKey },
      query: { after, limit: 1_000 },
    });
    completions += items.filter((entry) => entry.kind === 'userTaskCompleted').length;
    if (next === null) return completions;
    after = next;
  }
}

/** Each acknowledged completion is in the read model once, by the account that was told so; no history has more. */
async function compareLedger(
  client: Client,
  ledger: readonly Acknowledged[],
): Promise<Pick<Verdict, 'lost' | 'doubled'>> {
  const completions = ledger.filter((entry) => entry.command === 'completeUserTask');
  const tasks = await tasksByKey(
    client,
    completions.map((entry) => entry.key),
  );
  const lost = completions
    .filter(
      ({ key, account }) => tasks.get(key)?.state !== 'COMPLETED' || tasks.get(key)?.case?.completedBy !== account,
    )
    .map(({ key, elementId }) => `task ${key} (${elementId ?? ''})`);
  const doubled: string[] = [];
  const perInstance = new Map<string, number>();
  for (const { processInstanceKey } of completions) {
    if (processInstanceKey !== null)
      perInstance.set(processInstanceKey, (perInstance.get(processInstanceKey) ?? 0) + 1);
  }
  await forAll([...perInstance], async ([caseKey, acknowledged]) => {
    const found = await completionsOf(client, caseKey);
    if (found > acknowledged)
      doubled.push(`case ${caseKey}: ${String(found)} completions, ${String(acknowledged)} acknowledged`);
    if (found < acknowledged)
      lost.push(`case ${caseKey}: ${String(found)} completions, ${String(acknowledged)} acknowledged`);
  });
  return { lost, doubled };
}

const sink = z.object({
  effects: z.array(z.object({ key: z.string(), kind: z.string(), subject: z.string(), calls: z.number() })),
});

/** PT Pos has seen each payment order and refund as often as the story has it. */
async function comparePayments(
  { posUrl, patienceMs }: Pick<Verification, 'posUrl' | 'patienceMs'>,
  cases: readonly Case[],
  months: number,
): Promise<Pick<Verdict, 'lost' | 'doubled'>> {
  const { effects } = sink.parse(await callSimulator(`${posUrl}/_sim/calls`, undefined, patienceMs));
  const counts = new Map<string, number>();
  for (const { kind, subject } of effects)
    counts.set(`${kind} ${subject}`, (counts.get(`${kind} ${subject}`) ?? 0) + 1);
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const one of cases) {
    const { number, truth } = one;
    const later = [...helpOf(one, months).values()].slice(1);
    for (const [kind, expected] of [
      ['danom', truth.paymentOrders + later.length] as const,
      ['pengembalian', truth.refunds + later.filter(({ state }) => state === 'RETURNED').length] as const,
    ]) {
      const name = `${kind} ${number}`;
      const found = counts.get(name) ?? 0;
      if (found > expected) doubled.push(`${name}: ${String(found)}, not ${String(expected)}`);
      if (found < expected) lost.push(`${name}: ${String(found)}, not ${String(expected)}`);
    }
  }
  return { lost, doubled };
}

export interface Verification {
  readonly client: Client;
  readonly cases: Cases;
  readonly sourceIds: readonly string[];
  readonly expectedOf: (sourceId: string) => string;
  readonly ledger: readonly Acknowledged[];
  /** Played, so that help may have gone on. */
  readonly months: number;
  readonly posUrl: string;
  readonly patienceMs: number;
}

export async function verify(options: Verification): Promise<Verdict> {
  const { client, cases, sourceIds, expectedOf, ledger, months, posUrl, patienceMs } = options;
  const ends = compareEnds(cases, sourceIds, expectedOf);
  const commands = await compareLedger(client, ledger);
  // A case that ended otherwise is told once, as a mismatch.
  const asExpected = cases.all.filter(endedAsForetold);
  const payments = await comparePayments({ posUrl, patienceMs }, asExpected, months);
  return { ...ends, lost: [...commands.lost, ...payments.lost], doubled: [...commands.doubled, ...payments.doubled] };
}

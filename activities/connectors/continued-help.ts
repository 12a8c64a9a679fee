/**
 * Jobs of help that goes on: who was paid in the month before is paid again without a new proposal. Variables `kodeKab` and `periode`, a month;
 * the list is what the ledger says at that moment. Each job can be repeated.
 */
import type { ContinuedHelp, Deliveries } from '#db/registry/deliveries.ts';
import type { JsonObject } from '#engine/json.ts';
import { parseMonth } from '#registry/period.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import type { ItemDeps } from './item-deps.ts';
import { publishAll } from './item-jobs.ts';
import { textOf } from './ports.ts';

export interface ContinuedHelpDeps extends Pick<ItemDeps, 'newKeys' | 'publish'> {
  readonly deliveries: Pick<Deliveries, 'continued'>;
}

/** Starts process `bantuan-lanjutan`. */
const messageName = 'dtks.bantuan-lanjutan';
const livesMs = 7 * 24 * 3_600_000;

const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const completed = (variables: JsonObject): JobOutcome => ({ outcome: 'completed', variables });

/** Or what is wrong with the variables. */
async function listOf(
  { deliveries }: ContinuedHelpDeps,
  { variables }: JobRequest,
): Promise<{ readonly period: string; readonly list: readonly ContinuedHelp[] } | string> {
  const region = textOf(variables['kodeKab']);
  if (region === null) return 'WILAYAH_TIDAK_ADA (kodeKab)';
  const period = textOf(variables['periode']) ?? '';
  if (parseMonth(period) === null) return 'PERIODE_SALAH (periode: 2026-11)';
  return { period, list: await deliveries.continued(region, period) };
}

const sum = (list: readonly ContinuedHelp[]): number => list.reduce((total, { amount }) => total + amount, 0);

/** Job `dtks.penerima-lanjutan`. Result `penerimaLanjutan` {jumlah, nilai, program [{kode, jumlah, nilai}]}, whole rupiah. */
const count =
  (deps: ContinuedHelpDeps): JobHandler =>
  async (request) => {
    const found = await listOf(deps, request);
    if (typeof found === 'string') return failed(found);
    const { list } = found;
    const programmes = [...new Set(list.map(({ programme }) => programme))].toSorted();
    const program = programmes.map((kode) => {
      const own = list.filter(({ programme }) => programme === kode);
      return { kode, jumlah: own.length, nilai: sum(own) };
    });
    return completed({ penerimaLanjutan: { jumlah: list.length, nilai: sum(list), program } });
  };

/** Job `dtks.lanjutkan-bantuan`. Result `dilanjutkan`: how many processes `bantuan-lanjutan` were asked for, each once. */
const beginning =
  (deps: ContinuedHelpDeps): JobHandler =>
  async (request, { signal }) => {
    const found = await listOf(deps, request);
    if (typeof found === 'string') return failed(found);
    const { period, list } = found;
    const keys = await deps.newKeys(list.length);
    const { profilTenggat = null } = request.variables;
    const messages = list.map(
      ({ proposalNumber, subjectKey, region, programme, source, amount }, index): PublishedMessage => ({
        messageKey: keys[index] ?? '',
        name: messageName,
        correlationKey: `${proposalNumber}/${programme}/${period}`,
        messageId: `${proposalNumber}/${programme}/${period}`,
        timeToLiveMs: livesMs,
        variables: {
          usulan: { nomor: proposalNumber, kodeDesa: region, program: programme, periode: period },
          warga: subjectKey,
          penetapan: { program: programme, periode: period, sumber: source, jumlah: amount },
          profilTenggat,
        },
      }),
    );
    await publishAll(deps, messages, signal);
    return completed({ dilanjutkan: list.length });
  };

export const createContinuedHelpJobs = (deps: ContinuedHelpDeps): Readonly<Record<string, JobHandler>> => ({
  'dtks.penerima-lanjutan': count(deps),
  'dtks.lanjutkan-bantuan': beginning(deps),
});

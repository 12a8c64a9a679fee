/** Jobs around a delivery: facts that choose where to hand over, who waits for a place, the ledger's word, the closing of a period. */
import type { Json, JsonObject } from '#engine/json.ts';
import { monthsOf } from '#registry/period.ts';
import { isRupiah } from '#registry/programmes.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import { priorityFacts, priorityVariables, rankedMost } from './priority.ts';
import { changeOf, helpOf } from './registry.ts';

const completed = (variables: JsonObject): JobOutcome => ({ outcome: 'completed', variables });
/** Another attempt would come to the same. */
const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const isTrue = (value: Json | undefined, name: string): boolean => partOf(value, name) === true;
const numberIn = (value: Json | undefined, name: string): number | null => {
  const found = partOf(value, name);
  return typeof found === 'number' ? found : null;
};

/** Recipients of a village mapped within so long are handed over together. */
const togetherMs = 31 * 24 * 3_600_000;

/** Whole years. @param today YYYY-MM-DD, as the birth date */
function ageOn(today: string, born: string): number {
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}

/**
 * Job `dtks.fakta-penerima`. Results `penerima` {umur, disabilitasBerat, sakit, jarakKm} and `desa` {jumlahPenerima}: what decision `metode_salur`
 * weighs. Of the person only the age leaves the vault.
 */
export const recipientFacts =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, region }) => {
    const subjectKey = textOf(variables['warga']);
    const citizen = subjectKey === null ? null : await deps.readSubject(subjectKey);
    if (citizen === null) return failed('WARGA_TIDAK_ADA (vault)');
    const village = textOf(partOf(variables['usulan'], 'kodeDesa')) ?? region ?? '';
    const { penerima } = variables;
    return completed({
      penerima: {
        umur: ageOn(deps.today(), citizen.tanggalLahir),
        disabilitasBerat: isTrue(penerima, 'disabilitasBerat'),
        sakit: isTrue(penerima, 'sakit'),
        jarakKm: numberIn(variables['jawabanPos'], 'jarakKm'),
      },
      desa: { jumlahPenerima: await deps.deliveries.mappedSince(village, new Date(deps.nowMs() - togetherMs)) },
    });
  };

/** Message by which a waiting family gets a place. */
const placeMessage = 'dtks.pengganti';

/**
 * Job `dtks.daftar-tunggu`. Result `daftarTunggu`: families of the village that wait for a place in the programme of `usulan`, with what decision
 * `kuota_prioritas` weighs.
 */
export const waitingList =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, region }) => {
    const village = textOf(partOf(variables['usulan'], 'kodeDesa')) ?? region;
    const program = textOf(partOf(variables['usulan'], 'program'));
    if (village === null || program === null) return failed('USULAN_TIDAK_LENGKAP (usulan.kodeDesa, usulan.program)');
    const waiting = await deps.waitingCases({
      messageName: placeMessage,
      region: village,
      variables: ['usulan', ...priorityVariables],
      limit: rankedMost,
    });
    const sameProgramme = waiting.filter((found) => partOf(found.variables['usulan'], 'program') === program);
    return completed({
      daftarTunggu: sameProgramme.map(({ correlationKey, variables: known }) => priorityFacts(correlationKey, known)),
    });
  };

/** Job `dtks.keadaan-kepesertaan`. Header `bantuan` as of the reservation. Result `buku` {keadaan, jumlah, menunggu}: the ledger's word, and whether the delivery still waits for an outcome. */
export const ledgerWord =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const help = helpOf(request);
    if (typeof help === 'string') return failed(help);
    const found = await deps.deliveries.stateOf(help);
    const menunggu = await deps.deliveries.isAwaited('dtks.hasil-penyaluran', help.proposalNumber ?? '');
    return completed({ buku: { keadaan: found?.state ?? null, jumlah: found?.amount ?? null, menunggu } });
  };

/** Region and period of a closing, or what is wrong with them. */
function closingOf({ variables }: JobRequest): { readonly region: string; readonly period: string } | string {
  const region = textOf(variables['kodeWilayah']);
  if (region === null) return 'WILAYAH_TIDAK_ADA (kodeWilayah)';
  const period = textOf(variables['periode']) ?? '';
  return monthsOf(period) === null ? 'PERIODE_SALAH (periode: 2026-11, 2026-T4)' : { region, period };
}

/** Job `dtks.rekonsiliasi`. Variables `kodeWilayah` and `periode`. Result `rekonsiliasi`: sums to the rupiah, what is pending and what does not fit (100 each). */
export const reconciliation =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const closing = closingOf(request);
    if (typeof closing === 'string') return failed(closing);
    const { daftarTertunda, daftarSelisih, ...sums } = await deps.deliveries.reconcile(closing.region, closing.period);
    return completed({
      rekonsiliasi: {
        ...sums,
        daftarTertunda: daftarTertunda.map((row) => ({ ...row })),
        daftarSelisih: daftarSelisih.map((row) => ({ ...row })),
      },
    });
  };

/** Job `dtks.koreksi-jumlah`. Variables `kodeWilayah`, `periode` and `koreksi` {nomor, jumlah}. Error KOREKSI_DITOLAK: nothing of this number was paid or returned there. */
export const amountCorrection =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const closing = closingOf(request);
    if (typeof closing === 'string') return failed(closing);
    const { koreksi } = request.variables;
    const proposalNumber = textOf(partOf(koreksi, 'nomor'));
    const amount = partOf(koreksi, 'jumlah');
    if (proposalNumber === null || !isRupiah(amount))
      return failed('KOREKSI_SALAH (koreksi.nomor, koreksi.jumlah: rupiah)');
    if (await deps.deliveries.correct({ ...closing, proposalNumber, amount }, changeOf(request))) return completed({});
    return { outcome: 'error', code: 'KOREKSI_DITOLAK', message: 'nothing of this number was paid or returned there' };
  };

/**
 * Jobs of the register: who a proposal is about, what help the person and the family hold, and the reservation, payment and return of this
 * one. Which help is meant says variable `usulan` {nomor, program, periode, sumber?, jumlah?, kodeDesa}, or the variable named by header
 * `bantuan`; what it leaves out is `usulan`'s or the programme's. Repeated, a job answers the same.
 */
import type { NewHelp } from '#db/registry/participations.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { monthsOf } from '#registry/period.ts';
import type { ProgrammeCode } from '#registry/programmes.ts';
import { isProgramme, isRupiah, isSource, programmes, sources } from '#registry/programmes.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';

const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const unknownSubject = failed('WARGA_TIDAK_ADA (vault)');
const notRegistered = failed('ORANG_BELUM_TERDAFTAR (warga: dtks.daftarkan-orang)');
const noMatrix = failed('KEPUTUSAN_TIDAK_ADA (tumpang_tindih)');
const paidTwice: JobOutcome = {
  outcome: 'error',
  code: 'E_BAYAR_GANDA',
  message: 'the recipient has this help in this period already',
};
const overlapping = (larangan: readonly Json[]): JobOutcome => ({
  outcome: 'error',
  code: 'E_TUMPANG_TINDIH',
  message: 'the recipient has help that must not be had together with this',
  variables: { tumpangTindih: { boleh: false, larangan: [...larangan] } },
});

/** As the matrix tells what stands against help: a meeting or a decision has stopped it. */
const stoppedHelp = ({ programme, source, period }: HelpMeant): JsonObject => ({
  program: programme,
  sumber: source,
  periode: period,
  alasan: ['kepesertaan_dihentikan'],
});

/** `amount` null: nothing is said of it. */
type HelpMeant = Omit<NewHelp, 'programme' | 'amount' | 'state'> & {
  readonly programme: ProgrammeCode;
  readonly amount: number | null;
};

/** Or what is wrong with the variables. */
export function helpOf(request: JobRequest): HelpMeant | string {
  const { variables, headers } = request;
  const name = headers['bantuan'] ?? 'usulan';
  const part = (field: string): Json | undefined =>
    partOf(variables[name], field) ?? partOf(variables['usulan'], field) ?? undefined;
  const programme = textOf(part('program')) ?? '';
  if (!isProgramme(programme)) return `PROGRAM_TIDAK_DIKENAL (${name}.program: ${Object.keys(programmes).join(', ')})`;
  const period = textOf(part('periode')) ?? '';
  if (monthsOf(period) === null) return `PERIODE_SALAH (${name}.periode: 2026-11, 2026-T4)`;
  const source = textOf(part('sumber')) ?? programmes[programme].source;
  if (!isSource(source)) return `SUMBER_TIDAK_DIKENAL (${name}.sumber: ${sources.join(', ')})`;
  const region = textOf(part('kodeDesa')) ?? request.region;
  if (region === null) return `DESA_TIDAK_ADA (${name}.kodeDesa)`;
  const amount = variables['jumlah'] ?? part('jumlah') ?? null;
  if (amount !== null && !isRupiah(amount)) return `JUMLAH_SALAH (jumlah: rupiah)`;
  return {
    programme,
    source,
    period,
    unit: programmes[programme].unit,
    region,
    proposalNumber: textOf(part('nomor')) ?? request.businessKey,
    instanceKey: request.instanceKey,
    amount,
  };
}

/** Job `dtks.daftarkan-orang`. Result `orang` {kunci, keluarga, baru, nikDipakai}; `nikDipakai`: somebody of quite another name has the same NIK. */
export const personRegistration =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const subjectKey = textOf(variables['warga']);
    const found = subjectKey === null ? null : await deps.register.register(subjectKey, deps.today());
    if (found === null) return unknownSubject;
    const { personKey: kunci, familyKey: keluarga, isNew: baru, nikHolder } = found;
    return { outcome: 'completed', variables: { orang: { kunci, keluarga, baru, nikDipakai: nikHolder !== null } } };
  };

/** Job `dtks.periksa-kepesertaan`. Result `kepesertaan`: what decision `tumpang_tindih` weighs. */
export const overlapCheck =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const help = helpOf(request);
    if (typeof help === 'string') return failed(help);
    const held = await deps.register.overlaps(textOf(request.variables['warga']) ?? '0', help);
    if (held === null) return notRegistered;
    return { outcome: 'completed', variables: { kepesertaan: held.map((overlap): JsonObject => ({ ...overlap })) } };
  };

/** Job `dtks.pesan-kepesertaan`. Result `pesanan` {kunci, jumlah}; errors E_TUMPANG_TINDIH (with `tumpangTindih`) and E_BAYAR_GANDA. */
export const helpReservation =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const help = helpOf(request);
    if (typeof help === 'string') return failed(help);
    const matrix = await deps.overlapMatrix();
    if (matrix === null) return noMatrix;
    const subjectKey = textOf(request.variables['warga']) ?? '0';
    if (await deps.updates.isStopped(subjectKey, help.programme, help.period)) return overlapping([stoppedHelp(help)]);
    const amount = help.amount ?? programmes[help.programme].amount;
    const done = await deps.register.reserve(
      subjectKey,
      { ...help, amount, state: 'RESERVED' },
      changeOf(request),
      matrix,
    );
    switch (done.outcome) {
      case 'entered':
        return { outcome: 'completed', variables: { pesanan: { kunci: done.participationKey, jumlah: amount } } };
      case 'twice':
        return paidTwice;
      case 'overlapping':
        return overlapping(done.forbidden);
      case 'notRegistered':
        return notRegistered;
    }
  };

/** Job `dtks.tetapkan-kepesertaan`: what was reserved is paid, variable `jumlah` or all of it. Result `pesanan` {kunci}; errors as of the reservation. */
export const helpPayment =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const help = helpOf(request);
    if (typeof help === 'string') return failed(help);
    const matrix = await deps.overlapMatrix();
    if (matrix === null) return noMatrix;
    const subjectKey = textOf(request.variables['warga']) ?? '0';
    const done = await deps.register.pay(subjectKey, help, changeOf(request), matrix);
    if (done.outcome === 'notRegistered') return notRegistered;
    return done.outcome === 'overlapping' ? overlapping(done.forbidden) : settled(done);
  };

const releases = ['RETURNED', 'CANCELLED'] as const;

/** Job `dtks.batalkan-kepesertaan`: header `keadaan` says whether it comes back (RETURNED, variable `jumlah` or all of it) or is given up (CANCELLED). Result `pesanan` {kunci}. */
export const helpRelease =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const help = helpOf(request);
    if (typeof help === 'string') return failed(help);
    const state = releases.find((release) => release === request.headers['keadaan']);
    if (state === undefined) return failed(`MODEL_SALAH (header keadaan: ${releases.join(', ')})`);
    return settled(await deps.register.release(help, state, changeOf(request)));
  };

type Settled = Awaited<ReturnType<ConnectorDeps['register']['release']>>;
function settled(done: Settled): JobOutcome {
  switch (done.outcome) {
    case 'settled':
      return { outcome: 'completed', variables: { pesanan: { kunci: done.participationKey } } };
    case 'twice':
      return paidTwice;
    case 'refused':
      return failed(`KEPESERTAAN_TIDAK_SESUAI (${done.code}${done.state === null ? '' : ` ${done.state}`})`);
  }
}

/** The ledger names the element of the case. */
export const changeOf = ({ jobKey, elementId }: JobRequest): { readonly key: string; readonly actor: string } => ({
  key: `job ${jobKey}`,
  actor: elementId,
});

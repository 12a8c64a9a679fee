/**
 * Jobs of process `gabung-duplikat`: two people side by side, what was decided of them, the merge and its undoing. Facts about their data
 * leave here, never the data.
 */
import { comparedFields } from '#contract/comparison.ts';
import type { CitizenField } from '#db/vault.ts';
import type { Json } from '#engine/json.ts';
import { likenessOf } from '#registry/comparison.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import type { VaultFields } from './vault-fields.ts';

const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const unknownProposal: JobOutcome = {
  outcome: 'error',
  code: 'USULAN_TIDAK_ADA',
  message: 'no proposal has this number, or both are the same',
};
const notCompared = failed('PERBANDINGAN_TIDAK_ADA (perbandingan.pertama, perbandingan.kedua: dtks.bandingkan-orang)');

/** Rows of the side-by-side view; an address is one thing. */
const addressOf = ({ alamat, rt, rw, kodeDesa }: VaultFields): string => [alamat, rt, rw, kodeDesa].join('|');
const isDifferent = (field: CitizenField, a: VaultFields, b: VaultFields): boolean =>
  field === 'alamat' ? addressOf(a) !== addressOf(b) : a[field] !== b[field];

const standings = { NEW: 'BARU', MERGED: 'SUDAH_DIGABUNG', REFUSED: 'BUKAN_GANDA' } as const;

/**
 * Job `dtks.bandingkan-orang`: the people of proposals `usulan.nomor` and `pembanding.nomor`. Result `perbandingan` {keadaan: BARU |
 * SUDAH_DIGABUNG | BUKAN_GANDA, pertama, kedua: keys in the vault, kandidat: what decision skor_duplikat weighs, beda: by field}; error
 * USULAN_TIDAK_ADA.
 */
export const personComparison =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const number = textOf(partOf(variables['usulan'], 'nomor')) ?? '';
    const otherNumber = textOf(partOf(variables['pembanding'], 'nomor')) ?? '';
    const [pertama, kedua] = await Promise.all([number, otherNumber].map((each) => deps.duplicates.recordOf(each)));
    if (pertama == null || kedua == null || pertama === kedua) return unknownProposal;
    const [a, b] = await Promise.all([deps.readSubject(pertama), deps.readSubject(kedua)]);
    if (a === null || b === null) return unknownProposal;
    const keadaan = standings[await deps.duplicates.standing({ first: pertama, second: kedua })];
    const beda = Object.fromEntries(comparedFields.map((field) => [field, isDifferent(field, a, b)]));
    const kandidat = { usulan: otherNumber, ...likenessOf(a, b) };
    return { outcome: 'completed', variables: { perbandingan: { keadaan, pertama, kedua, kandidat, beda } } };
  };

interface ComparedPair {
  readonly first: string;
  readonly second: string;
}
function pairOf({ variables }: JobRequest): ComparedPair | null {
  const first = textOf(partOf(variables['perbandingan'], 'pertama'));
  const second = textOf(partOf(variables['perbandingan'], 'kedua'));
  return first === null || second === null ? null : { first, second };
}
/** The register's audit rows name the element of the case and the reason that people gave. */
const commandOf = (
  request: JobRequest,
): { readonly commandKey: string; readonly actor: string; readonly reason: string } => ({
  commandKey: `job ${request.jobKey}`,
  actor: request.elementId,
  reason: textOf(request.variables['alasan']) ?? '',
});

/** Job `dtks.catat-bukan-ganda`: the pair of `perbandingan` is of two people and is not offered again. */
export const duplicateRefusal =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const pair = pairOf(request);
    if (pair === null) return notCompared;
    await deps.duplicates.refuse(pair, commandOf(request));
    return { outcome: 'completed', variables: {} };
  };

const sides = { PERTAMA: 'first', KEDUA: 'second' } as const;
const sideOf = (value: Json | undefined): 'first' | 'second' | null =>
  value === 'PERTAMA' || value === 'KEDUA' ? sides[value] : null;

/**
 * Job `dtks.gabungkan-orang`: by `pilihanGanda` {bertahan: PERTAMA | KEDUA, isian: side by field}; a field without a side is the survivor's.
 * Result `penggabungan` {kunci, butirPindah, terbayarGanda: [{program, periode, kepesertaan}]}; error SUDAH_SATU_ORANG.
 */
export const personMerge =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const pair = pairOf(request);
    const choice = request.variables['pilihanGanda'];
    const stays = sideOf(partOf(choice, 'bertahan'));
    if (pair === null) return notCompared;
    if (stays === null) return failed('PILIHAN_TIDAK_ADA (pilihanGanda.bertahan: PERTAMA, KEDUA)');
    const leaves = stays === 'first' ? 'second' : 'first';
    const isian = partOf(choice, 'isian');
    const merged = await deps.duplicates.merge({
      ...commandOf(request),
      survivor: pair[stays],
      loser: pair[leaves],
      fromLoser: comparedFields.filter((field) => sideOf(partOf(isian, field)) === leaves),
      today: deps.today(),
    });
    if (merged.outcome === 'refused')
      return merged.code === 'SAME_PERSON'
        ? { outcome: 'error', code: 'SUDAH_SATU_ORANG', message: 'the register knows them as one person' }
        : failed('WARGA_TIDAK_ADA (vault)');
    const terbayarGanda = merged.paidTwice.map(({ programme, period, second }) => ({
      program: programme,
      periode: period,
      kepesertaan: second,
    }));
    return {
      outcome: 'completed',
      variables: { penggabungan: { kunci: merged.mergeKey, butirPindah: merged.moved, terbayarGanda } },
    };
  };

/** Job `dtks.urai-orang`: undoes merge `penggabungan.kunci`. */
export const mergeUndoing =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const mergeKey = textOf(partOf(request.variables['penggabungan'], 'kunci'));
    if (mergeKey === null) return failed('PENGGABUNGAN_TIDAK_ADA (penggabungan.kunci)');
    const undone = await deps.duplicates.undo(mergeKey, commandOf(request));
    return undone.outcome === 'undone'
      ? { outcome: 'completed', variables: {} }
      : failed(`TIDAK_DAPAT_DIURAI (${undone.code})`);
  };

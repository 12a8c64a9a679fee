/** Jobs of the DTKS processes that read our own vault and read model: checking a proposal, refreshing address facts. */
import { checkKk, checkNik } from '#contract/nik.ts';
import { closest } from '#registry/comparison.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { textOf, type ConnectorDeps } from './ports.ts';
import type { VaultFields } from './vault-fields.ts';

/** Candidates told to the process, and how many are compared to find them. */
const candidatesMost = 5;
const candidatesCompared = 200;

const unknownSubject: JobOutcome = { outcome: 'failed', message: 'WARGA_TIDAK_ADA (vault)', retries: 0 };

/** Facts about an address, no text of it: what the decision alamat_layak_kirim needs. */
export function addressFacts(fields: VaultFields): {
  adaJalan: boolean;
  adaRt: boolean;
  adaRw: boolean;
  adaPenanda: boolean;
  adaTitik: boolean;
} {
  const has = (text: string | null): boolean => text !== null && text.trim() !== '';
  // "000", "00" and "-" are what people type who do not know it.
  const hasNumber = (text: string | null): boolean => has(text) && /[1-9]/.test(text ?? '');
  return {
    adaJalan: has(fields.alamat) && /[a-z]{3}/i.test(fields.alamat ?? ''),
    adaRt: hasNumber(fields.rt),
    adaRw: hasNumber(fields.rw),
    adaPenanda: has(fields.penanda),
    adaTitik: fields.lat !== null && fields.lon !== null,
  };
}

/** Job `dtks.periksa-usulan`. Result `pemeriksaan` {nikSah, peringatan, kandidat} and `alamat`. Only proposals made earlier are candidates: of a pair, the later one is the duplicate. */
export const proposalCheck =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const subjectKey = textOf(request.variables['warga']);
    const self = subjectKey === null ? null : await deps.readSubject(subjectKey);
    if (subjectKey === null || self === null) return unknownSubject;
    const nik = checkNik(self.nik, {
      today: deps.today(),
      birthDate: self.tanggalLahir,
      sex: self.jenisKelamin,
      domicile: self.kodeDesa,
      headOfFamily: true,
    });
    const kk = checkKk(self.noKk);
    const earlier = await deps.findEarlierProposals(subjectKey, candidatesCompared);
    const kandidat = closest(self, earlier, ({ fields }) => fields, candidatesMost).map(({ other, likeness }) => ({
      usulan: other.number,
      ...likeness,
    }));
    const peringatan = [
      ...nik.errors.map((code) => `NIK_${code}`),
      ...nik.warnings.map((code) => `NIK_${code}`),
      ...kk.errors.map((code) => `KK_${code}`),
    ];
    return {
      outcome: 'completed',
      variables: { pemeriksaan: { nikSah: nik.valid, peringatan, kandidat }, alamat: addressFacts(self) },
    };
  };

/** Job `dtks.segarkan-alamat`. Result `alamat`. */
export const addressRefresh =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const subjectKey = textOf(request.variables['warga']);
    const fields = subjectKey === null ? null : await deps.readSubject(subjectKey);
    return fields === null ? unknownSubject : { outcome: 'completed', variables: { alamat: addressFacts(fields) } };
  };

/** Jobs of the monthly update (process pembaruan-bulanan): what has changed about a village's recipients, and what follows from it. */
import { z } from 'zod';
import { ageOn } from '#contract/nik.ts';
import type { ListedFamily, Successor } from '#db/registry/updates.ts';
import type { Json, JsonObject, Variables } from '#engine/json.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import { populationChanges } from './dukcapil.ts';
import { textOf, type ConnectorDeps } from './ports.ts';

/** Families of one village, far above any real one. */
const familiesMost = 20_000;
/** From this age on somebody can receive help for the family. */
const ageOfCaretaker = 17;

const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const completed = (variables: Variables): JobOutcome => ({ outcome: 'completed', variables });
const notRegistered = failed('ORANG_BELUM_TERDAFTAR (warga: dtks.daftarkan-orang)');

/** Variables of a job that are not as the process should give them: the model's fault, or that of who corrected them by hand. */
const wrong = (error: z.ZodError): JobOutcome =>
  failed(`VARIABEL_SALAH (${error.issues.map(({ path }) => path.join('.')).join(', ')})`);

const village = z.string().regex(/^\d{2}\.\d{2}\.\d{2}\.\d{4}$/);
const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const number = z.string().min(1).max(60);
const finding = z.object({ nomor: number, keadaan: z.string().min(1).max(40) });
const commandOf = ({ jobKey, elementId }: JobRequest, reason: string) => ({
  commandKey: `job ${jobKey}`,
  actor: elementId,
  reason,
});

const regionLevels = { DESA: 4, KABUPATEN: 2 } as const;
const isLevel = (name: string): name is keyof typeof regionLevels => Object.hasOwn(regionLevels, name);

/** Job `dtks.wilayah-terdaftar`: header `tingkat` DESA or KABUPATEN. Result `daftarWilayah` [{kode, periode}]: regions with recipients; the month, for districts the quarter that has ended. */
export const listedRegions =
  (deps: ConnectorDeps): JobHandler =>
  async ({ headers }) => {
    const level = headers['tingkat'] ?? '';
    if (!isLevel(level)) return failed(`MODEL_SALAH (header tingkat: ${Object.keys(regionLevels).join(', ')})`);
    const today = deps.today();
    const periode = level === 'DESA' ? today.slice(0, 7) : quarterBefore(today);
    const codes = await deps.updates.regions(regionLevels[level], today);
    return completed({ daftarWilayah: codes.map((kode) => ({ kode, periode })) });
  };
function quarterBefore(today: string): string {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const quarter = Math.ceil(month / 3) - 1;
  return quarter === 0 ? `${year - 1}-T4` : `${year}-T${quarter}`;
}

/** Job `dtks.tarik-kependudukan`. Result `dariDukcapil` [{nomor, keadaan: MENINGGAL | PINDAH}]; error KUOTA_HABIS. */
export const populationPull =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, jobKey }, { signal }) => {
    const families = await listed(deps, variables['kodeDesa']);
    const niks = families.map(({ citizen }) => citizen.nik);
    const changes = await populationChanges(deps, niks, { jobKey, signal });
    if ('outcome' in changes) return changes;
    const dariDukcapil = families.flatMap(({ number: nomor, citizen }) => {
      const keadaan = changes.get(citizen.nik);
      return keadaan === undefined ? [] : [{ nomor, keadaan }];
    });
    return completed({ dariDukcapil });
  };
const listed = (deps: ConnectorDeps, code: Json | undefined): Promise<readonly ListedFamily[]> =>
  deps.updates.listed(textOf(code) ?? '', deps.today(), familiesMost);

const deliveryFinding = z.object({
  usulan: z.object({ nomor: number, kodeDesa: village }),
  warga: z.string(),
  temuan: z.object({ jenis: z.string().min(1).max(40), periode: z.string().min(4).max(20) }),
});
/** Job `dtks.catat-temuan`: variables `usulan`, `warga` and `temuan` {jenis, periode}. The next update asks about it. */
export const deliveryFindingNote =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, jobKey }) => {
    const given = deliveryFinding.safeParse(variables);
    if (!given.success) return wrong(given.error);
    const { usulan, warga: subjectKey, temuan } = given.data;
    const { jenis: kind, periode } = temuan;
    const key = `job ${jobKey}`;
    await deps.updates.noteFinding({
      key,
      village: usulan.kodeDesa,
      number: usulan.nomor,
      subjectKey,
      kind,
      period: periode,
    });
    return completed({});
  };

/** Job `dtks.tarik-penyaluran`. Result `dariPenyaluran` [{nomor, keadaan}]: findings of delivery that nobody has looked into. */
export const deliveryPull =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const found = await deps.updates.openFindings(textOf(variables['kodeDesa']) ?? '');
    return completed({ dariPenyaluran: found.map(({ number: nomor, kind: keadaan }) => ({ nomor, keadaan })) });
  };

/** What RT and PSM may answer of a family (form konfirmasi-rt). */
const answers = ['MASIH_ADA', 'MENINGGAL', 'PINDAH', 'PECAH_KK', 'LAHIR', 'MAMPU', 'TIDAK_DITEMUKAN'] as const;
const isAnswer = (state: string): boolean => (answers as readonly string[]).includes(state);
const sources = { dariDukcapil: 'DUKCAPIL', dariPenyaluran: 'PENYALURAN', dariRt: 'RT' } as const;
const pulled = z.object({
  kodeDesa: village,
  dariDukcapil: z.array(finding),
  dariPenyaluran: z.array(finding),
  dariRt: z.array(finding),
});

/** Job `dtks.susun-daftar-rt`. Result `daftarRt` [{rt, rw, keluarga: [{nomor, warga, tanda, keadaan}]}]: `tanda` tells who says what, `keadaan` is the first of it, for RT and PSM to confirm. */
export const listByNeighbourhood =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const given = pulled.safeParse(variables);
    if (!given.success) return wrong(given.error);
    const marks = new Map<string, { readonly tanda: string; readonly keadaan: string }[]>();
    for (const [source, name] of Object.entries(sources)) {
      for (const { nomor, keadaan } of given.data[source as keyof typeof sources]) {
        marks.set(nomor, [...(marks.get(nomor) ?? []), { tanda: `${name}_${keadaan}`, keadaan }]);
      }
    }
    const rows = (await listed(deps, given.data.kodeDesa)).map(({ number: nomor, subjectKey: warga, citizen }) => {
      const told = marks.get(nomor) ?? [];
      const keadaan = told.find((mark) => isAnswer(mark.keadaan))?.keadaan ?? 'MASIH_ADA';
      const at = { rt: plain(citizen.rt), rw: plain(citizen.rw) };
      return { ...at, family: { nomor, warga, tanda: told.map(({ tanda }) => tanda), keadaan } };
    });
    const groups = new Map<string, { readonly rt: string; readonly rw: string; readonly keluarga: JsonObject[] }>();
    for (const { rt, rw, family } of rows) {
      const group = groups.get(`${rw}/${rt}`) ?? { rt, rw, keluarga: [] };
      groups.set(`${rw}/${rt}`, group);
      group.keluarga.push(family);
    }
    return completed({ daftarRt: [...groups.values()].toSorted((a, b) => order(a) - order(b)) });
  };
/** "04" and "4" are one RT; "-" is none. */
const plain = (text: string | null): string => (text ?? '').replaceAll(/\D/g, '').replace(/^0+/, '') || '-';
const order = ({ rt, rw }: { readonly rt: string; readonly rw: string }): number =>
  (Number(rw) || 0) * 1_000 + (Number(rt) || 0);

const confirmation = z.object({
  kodeDesa: village,
  periode: period,
  konfirmasi: z.object({ basi: z.boolean(), keluarga: z.array(finding) }),
});
/** Job `dtks.catat-pemeriksaan`: variable `konfirmasi` {basi, keluarga: [{nomor, keadaan}]}; `basi`: nobody answered. */
export const checkNote =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, jobKey }) => {
    const given = confirmation.safeParse(variables);
    if (!given.success) return wrong(given.error);
    const { kodeDesa, periode, konfirmasi } = given.data;
    const checks = konfirmasi.keluarga.map(({ nomor, keadaan }) => ({
      number: nomor,
      answer: konfirmasi.basi ? null : keadaan,
    }));
    await deps.updates.noteChecks(checks, { village: kodeDesa, period: periode, commandKey: `job ${jobKey}` });
    return completed({});
  };

const death = z.object({
  warga: z.string(),
  kematian: z.object({ bukti: z.string(), nomorBukti: z.string().max(60), tanggal: z.iso.date() }),
});
/** Job `dtks.catat-meninggal`. Result `calon` [{label, value}]: who can receive the family's help now, the eldest first; no names. */
export const deathNote =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const given = death.safeParse(request.variables);
    if (!given.success) return wrong(given.error);
    const { warga, kematian } = given.data;
    const reason = `${kematian.bukti} ${kematian.nomorBukti}`;
    const left = await deps.updates.recordDeath(warga, { ...commandOf(request, reason), on: kematian.tanggal });
    return left === null ? notRegistered : completed({ calon: candidates(left, deps.today()) });
  };
const candidates = (left: readonly Successor[], today: string) =>
  left
    .map(({ personKey, sex, birthDate }) => ({ value: personKey, sex, age: ageOn(today, birthDate) }))
    .filter(({ age }) => age >= ageOfCaretaker)
    .map(({ value, sex, age }, index) => ({ value, label: `${index + 1}. ${sex} · ${age}` }));

/** Job `dtks.ganti-pengurus`: variables `warga` (who received until now) and `pengurus` (a value of `calon`). */
export const caretakerChange =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const { warga, pengurus } = request.variables;
    const command = commandOf(request, 'the caretaker has died');
    const done = await deps.updates.changeCaretaker(textOf(warga) ?? '0', textOf(pengurus) ?? '0', command);
    return done ? completed({}) : failed('PENGURUS_BUKAN_ANGGOTA (pengurus: dtks.catat-meninggal)');
  };

const movement = z.object({ warga: z.string(), pindah: z.object({ kodeDesa: village, tanggal: z.iso.date() }) });
/** Job `dtks.pindahkan-keluarga`: header `alamat` TERCATAT says that the record has the new address already; else the new village has to note it. */
export const familyMove =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const given = movement.safeParse(request.variables);
    if (!given.success) return wrong(given.error);
    const { warga, pindah } = given.data;
    const done = await deps.updates.moveFamily(warga, {
      ...commandOf(request, 'the family has moved'),
      village: pindah.kodeDesa,
      on: pindah.tanggal,
      isAddressKnown: request.headers['alamat'] === 'TERCATAT',
    });
    return done ? completed({}) : notRegistered;
  };

const stops = z.object({
  penghentian: z.object({
    butir: z.array(z.object({ nomor: number, warga: z.string(), keadaan: z.string(), program: z.string().optional() })),
    periode: period,
    dasar: z.string().min(1).max(100),
  }),
});
/** Job `dtks.hentikan-kepesertaan`: variable `penghentian` {butir: [{nomor, warga, keadaan, program?}], periode, dasar}. Stops help from the month after `periode`, never before. Result `penghentian` {jumlah}. */
export const helpStop =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const given = stops.safeParse(request.variables);
    if (!given.success) return wrong(given.error);
    const { butir, periode, dasar: basis } = given.data.penghentian;
    let jumlah = 0;
    for (const reason of new Set(butir.map(({ keadaan }) => keadaan))) {
      const those = butir.filter(({ keadaan }) => keadaan === reason);
      jumlah += await deps.updates.stop(
        those.map(({ nomor, warga, program }) => ({ number: nomor, subjectKey: warga, programme: program ?? null })),
        { ...commandOf(request, reason), period: periode, basis },
      );
    }
    return completed({ penghentian: { jumlah } });
  };

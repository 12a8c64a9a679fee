/**
 * Jobs of batch cases: collect who waits, let decision tables look at each, hand out one area at a time, take decisions down, announce.
 * The list lies in the database (db/collected-items.ts); variables carry counts, areas and what a person has to look at. `kodeWilayah` is an
 * area's kode wilayah. Each job can be repeated.
 */
import type { AreaCount, Assessed, Decided, ItemFacts } from '#db/collected-items.ts';
import { versionInForce } from '#engine/decisions.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { addDuration, parseDuration } from '#engine/time.ts';
import { monthsOf } from '#registry/period.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import type { ItemDeps } from './item-deps.ts';
import { partOf, textOf } from './ports.ts';

const limits = {
  /** Items of one list. */
  items: 10_000,
  /** Flagged items, and sampled ones, handed to a person at a time. */
  shown: 100,
  /** Items assessed, and announced, between two writes. */
  page: 200,
  /** Messages on their way at once. */
  atOnce: 16,
} as const;
/** Segments of a kode wilayah. */
const segmentsOf: Readonly<Record<string, number>> = { provinsi: 1, kabupaten: 2, kecamatan: 3, desa: 4 };

const completed = (variables: JsonObject): JobOutcome => ({ outcome: 'completed', variables });
/** Another attempt would come to the same. */
const hopeless = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const headerWrong = (name: string, allowed: string): JobOutcome => hopeless(`MODEL_SALAH (header ${name}: ${allowed})`);

const named = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
const rowsOf = (value: Json | undefined): readonly JsonObject[] =>
  (Array.isArray(value) ? value : []).filter(
    (row): row is JsonObject => typeof row === 'object' && row !== null && !Array.isArray(row),
  );
const textsOf = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : []).filter((text): text is string => typeof text === 'string');

/**
 * Job `dtks.kumpulkan-menunggu`. Headers: `pesan` waited for, `batas` of items, `variabel` (names, comma separated) to be known of each.
 * Variable `periode`. Result `butir` {jumlah}: cases of the batch's region, those that have waited longest.
 */
const collection =
  ({ items, waitingCases }: ItemDeps): JobHandler =>
  async ({ instanceKey, region, headers, variables }) => {
    const { pesan: messageName, batas = String(limits.items) } = headers;
    if (messageName === undefined) return headerWrong('pesan', '…');
    const limit = Number(batas);
    if (!Number.isInteger(limit) || limit < 1 || limit > limits.items)
      return headerWrong('batas', `1 … ${limits.items}`);
    const months = monthsOf(textOf(variables['periode']) ?? '');
    if (months === null) return hopeless('PERIODE_SALAH (periode: 2026-11, 2026-T4)');
    const waiting = await waitingCases({
      messageName,
      region: region ?? '',
      variables: named(headers['variabel']),
      limit,
    });
    await items.collect(instanceKey, waiting, months);
    return completed({ butir: { jumlah: waiting.length } });
  };

/** The tables in force, in the order in which they are asked. */
async function decisionsNamed(deps: ItemDeps, names: readonly string[]): Promise<readonly DecisionModel[] | null> {
  const versions = await deps.decisionVersions();
  const found = names.map((name) => versionInForce(versions[name] ?? [], deps.nowMs()));
  return found.every((decision) => decision !== null) && found.length > 0 ? found : null;
}

class DecisionFailure extends Error {}

/** What the tables say of one item; each sees the values of those before it under their ids. */
function assess(decisions: readonly DecisionModel[], { number, facts }: ItemFacts, nowMs: number): Assessed {
  const assessment: Record<string, Json> = {};
  let finding: Json = null;
  for (const decision of decisions) {
    const seen: JsonObject = { ...facts, ...assessment };
    const lookup = (name: string): Json | undefined => (Object.hasOwn(seen, name) ? seen[name] : undefined);
    const result = evaluateDecision(decision, { lookup, nowMs });
    if (!result.ok) throw new DecisionFailure(`KEPUTUSAN_GAGAL (${decision.id}, ${number}: ${result.message})`);
    finding = result.value;
    assessment[decision.id] = finding;
  }
  return { number, assessment, finding, flagged: finding !== null };
}

const areaRow = ({ region, items, flagged, undecided }: AreaCount): JsonObject => ({
  kode: region,
  jumlah: items,
  bersih: items - flagged,
  ditandai: flagged,
  sisa: undecided,
});

/**
 * Job `dtks.nilai-butir`. Headers: `keputusan` (ids of decisions, comma separated; an item is flagged when the last one's value is not
 * null), `per` provinsi | kabupaten | kecamatan | desa. Result `penilaian` {jumlah, ditandai, wilayah [{kode, jumlah, bersih, ditandai, sisa}]}.
 */
const assessment =
  (deps: ItemDeps): JobHandler =>
  async ({ instanceKey, headers }, { signal }) => {
    const segments = segmentsOf[headers['per'] ?? ''];
    if (segments === undefined) return headerWrong('per', Object.keys(segmentsOf).join(', '));
    const decisions = await decisionsNamed(deps, named(headers['keputusan']));
    if (decisions === null) return headerWrong('keputusan', 'KEPUTUSAN_TIDAK_ADA');
    try {
      for (let after = ''; ;) {
        signal.throwIfAborted();
        const items = await deps.items.after(instanceKey, after, limits.page);
        const last = items.at(-1);
        if (last === undefined) break;
        await deps.items.noteAssessments(
          instanceKey,
          items.map((item) => assess(decisions, item, deps.nowMs())),
        );
        after = last.number;
      }
    } catch (error) {
      if (error instanceof DecisionFailure) return hopeless(error.message);
      throw error;
    }
    const areas = await deps.items.areas(instanceKey, segments);
    const sum = (count: (area: AreaCount) => number): number => areas.reduce((total, area) => total + count(area), 0);
    return completed({
      penilaian: {
        jumlah: sum(({ items }) => items),
        ditandai: sum(({ flagged }) => flagged),
        wilayah: areas.map(areaRow),
      },
    });
  };

/**
 * Job `dtks.butir-wilayah`. Header `contohPersen` (0 … 100, default 0) of the items without a flag go on the ground. Variable `kodeWilayah`. Result
 * `butirWilayah` {bersih, tandai [{nomor, temuan, saran, skor}], contoh [nomor]}: what is undecided, flagged items and sample up to 100 each.
 */
const areaList =
  ({ items }: ItemDeps): JobHandler =>
  async ({ instanceKey, headers, variables }) => {
    const percent = Number(headers['contohPersen'] ?? 0);
    if (!(percent >= 0 && percent <= 100)) return headerWrong('contohPersen', '0 … 100');
    const region = textOf(variables['kodeWilayah']);
    if (region === null) return hopeless('WILAYAH_TIDAK_ADA (kodeWilayah)');
    const flagged = await items.flagged(instanceKey, region, limits.shown);
    const clean = await items.clean(instanceKey, region);
    return completed({
      butirWilayah: {
        bersih: clean.length,
        tandai: flagged.map(({ number, finding, facts }) => ({
          nomor: number,
          temuan: finding,
          saran: partOf(facts['kelayakan'], 'saran') ?? null,
          skor: partOf(facts['kelayakan'], 'skor') ?? null,
        })),
        contoh: clean.slice(0, Math.min(Math.ceil((clean.length * percent) / 100), limits.shown)).toSorted(),
      },
    });
  };

const flaggedRules: readonly string[] = ['SATU_PER_SATU', 'TEMUAN'];
const resultOf = (row: JsonObject): JsonObject => ({
  hasil: row['hasil'] ?? null,
  langkah: row['langkah'] ?? null,
  kode: row['kode'] ?? null,
  alasan: row['alasan'] ?? null,
});
const unacceptable = (code: string, numbers: readonly string[]): JobOutcome => ({
  outcome: 'error',
  code: 'BUTIR_TIDAK_SAH',
  message: `${code}: ${numbers.length}`,
  variables: { galat: { kode: code, nomor: numbers.slice(0, limits.shown) } },
});

/**
 * Job `dtks.catat-hasil`. Headers: `bersih`, the `hasil` of items that are neither flagged nor named; `bertanda`, what becomes of flagged ones that
 * are not named: TEMUAN (as their finding says) or SATU_PER_SATU (default: they stay undecided). Variables `kodeWilayah`, `putusan` [{nomor, hasil,
 * langkah, kode, alasan}] and `ditampilkan` [nomor]: those must be decided. Result `rekap` {wilayah, hasil {<hasil>: jumlah}, sisa}. Error
 * BUTIR_TIDAK_SAH with `galat` {kode NOMOR_ASING | NOMOR_GANDA | BELUM_DIPUTUS, nomor}: nothing was taken down.
 */
const decisionRecord =
  ({ items }: ItemDeps): JobHandler =>
  async ({ instanceKey, headers, variables }) => {
    const { bersih, bertanda = 'SATU_PER_SATU' } = headers;
    if (bersih === undefined) return headerWrong('bersih', '…');
    if (!flaggedRules.includes(bertanda)) return headerWrong('bertanda', flaggedRules.join(', '));
    const region = textOf(variables['kodeWilayah']);
    if (region === null) return hopeless('WILAYAH_TIDAK_ADA (kodeWilayah)');
    const decided = rowsOf(variables['putusan']).map((row): Decided => ({
      number: textOf(row['nomor']) ?? '',
      result: resultOf(row),
    }));
    const numbers = decided.map(({ number }) => number);
    const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index);
    if (twice.length > 0) return unacceptable('NOMOR_GANDA', twice);
    const known = await items.numbersWithin(instanceKey, region, numbers);
    const strange = numbers.filter((number) => !known.has(number));
    if (strange.length > 0) return unacceptable('NOMOR_ASING', strange);
    const open = textsOf(variables['ditampilkan']).filter(
      (number) => !decided.some((row) => row.number === number && textOf(row.result['hasil']) !== null),
    );
    if (open.length > 0) return unacceptable('BELUM_DIPUTUS', open);
    const { results, undecided } = await items.decide(instanceKey, region, decided, {
      clean: resultOf({ hasil: bersih }),
      byFinding: bertanda === 'TEMUAN',
    });
    return completed({ rekap: { wilayah: region, hasil: { ...results }, sisa: undecided } });
  };

interface Ranked {
  readonly number: string;
  readonly group: number;
  readonly score: number;
  readonly date: string;
}
const numberOf = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** Where D8 puts a family: its table is asked about one family at a time, which a list of thousands would be too much for. */
function rank(decision: DecisionModel, { number, facts }: ItemFacts, nowMs: number): Ranked {
  const { survei, kelayakan, rumahTangga, usulan } = facts;
  const [family = {}] = rowsOf([partOf(survei, 'keluarga') ?? null]);
  const asked: JsonObject = {
    ...family,
    nomor: number,
    tanpaTempatTinggal: partOf(survei, 'tanpaTempatTinggal') ?? null,
    desil: partOf(rumahTangga, 'desil') ?? null,
    skor: partOf(kelayakan, 'skor') ?? null,
    tanggal: partOf(usulan, 'tanggal') ?? null,
  };
  const given: JsonObject = { usulan: [asked], kuota: 1 };
  const result = evaluateDecision(decision, { lookup: (name) => given[name], nowMs });
  if (!result.ok) throw new DecisionFailure(`KEPUTUSAN_GAGAL (${decision.id}, ${number}: ${result.message})`);
  const [place = {}] = rowsOf(partOf(result.value, 'urutan'));
  return {
    number,
    group: numberOf(place['kelompok'], Number.MAX_SAFE_INTEGER),
    score: numberOf(place['skor'], 0),
    date: textOf(place['tanggal']) ?? '9999',
  };
}
const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const inOrder = (a: Ranked, b: Ranked): number =>
  a.group - b.group ||
  b.score - a.score ||
  (a.date === b.date ? compareText(a.number, b.number) : compareText(a.date, b.date));

/**
 * Job `dtks.bagi-kuota`. Headers: `keputusan` (table of D8), `dari` (hasil of items that come into question), `terpilih` and `cadangan` (hasil they
 * get). Variable `kuota` [{kode, jumlah}] by kabupaten; one that is not named has none. Among equals the oldest proposal comes first, then the
 * smaller number. Result `rekapKuota` [{kode, kuota, terpilih, cadangan}]. Repeated with other quotas it shares out anew.
 */
const quotaSharing =
  (deps: ItemDeps): JobHandler =>
  async ({ instanceKey, headers, variables }, { signal }) => {
    const { dari, terpilih, cadangan } = headers;
    if (dari === undefined || terpilih === undefined || cadangan === undefined)
      return headerWrong('dari, terpilih, cadangan', '…');
    const decisions = await decisionsNamed(deps, named(headers['keputusan']));
    const decision = decisions?.[0];
    if (decision === undefined) return headerWrong('keputusan', 'KEPUTUSAN_TIDAK_ADA');
    const quotas = new Map(rowsOf(variables['kuota']).map((row) => [row['kode'], numberOf(row['jumlah'], 0)]));
    const rekapKuota: JsonObject[] = [];
    try {
      for (const { region } of await deps.items.areas(instanceKey, 2)) {
        signal.throwIfAborted();
        const candidates = await deps.items.decidedAs(instanceKey, region, [dari, terpilih, cadangan]);
        const ranked = candidates.map((item) => rank(decision, item, deps.nowMs())).toSorted(inOrder);
        const kuota = quotas.get(region) ?? 0;
        const results = ranked.map(({ number }, index): Decided => ({
          number,
          result: resultOf({ hasil: index < kuota ? terpilih : cadangan }),
        }));
        await deps.items.noteResults(instanceKey, results);
        const chosen = Math.min(Math.max(kuota, 0), ranked.length);
        rekapKuota.push({ kode: region, kuota, terpilih: chosen, cadangan: ranked.length - chosen });
      }
    } catch (error) {
      if (error instanceof DecisionFailure) return hopeless(error.message);
      throw error;
    }
    return completed({ rekapKuota });
  };

/** Job `dtks.buka-hasil`. Variable `wilayah` [kode]. Result `dibuka`: how many decisions were taken back. */
const reopening =
  ({ items }: ItemDeps): JobHandler =>
  async ({ instanceKey, variables }) =>
    completed({ dibuka: await items.reopen(instanceKey, textsOf(variables['wilayah'])) });

/** Several at a time, all before it returns. */
export async function publishAll(
  { publish }: Pick<ItemDeps, 'publish'>,
  messages: readonly PublishedMessage[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...messages];
  const work = async (): Promise<void> => {
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      signal.throwIfAborted();
      await publish(message);
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, work));
}

const usualTimeToLive = 'P7D';
/** null: not an ISO 8601 duration. */
function timeToLiveMs(text: string, nowMs: number): number | null {
  const duration = parseDuration(text);
  const untilMs = duration === null ? null : addDuration(nowMs, duration);
  return untilMs === null || untilMs < nowMs ? null : untilMs - nowMs;
}

/**
 * Job `dtks.umumkan-hasil`. Headers: `pesan`, `variabel` that the message carries, `hasil` (only items decided so; default all decided), `berlaku`:
 * how long a case that does not wait yet may still get its answer (default P7D). Variable
 * `bersama`: what all messages say beside the item's result. Result `diumumkan`: items this list has answered by the message. One message per
 * item, published under the batch's key and the item's number; what has gone is written down, so an attempt goes on where the last one stopped.
 */
const announcement =
  (deps: ItemDeps): JobHandler =>
  async ({ instanceKey, headers, variables }: JobRequest, { signal }) => {
    const { pesan: messageName, variabel: variable, hasil = null, berlaku = usualTimeToLive } = headers;
    if (messageName === undefined || variable === undefined) return headerWrong('pesan, variabel', '…');
    const livesMs = timeToLiveMs(berlaku, deps.nowMs());
    if (livesMs === null) return headerWrong('berlaku', 'P7D');
    const { bersama } = variables;
    const common = rowsOf([bersama ?? null])[0] ?? {};
    const meant = { list: instanceKey, messageName, hasil };
    for (;;) {
      signal.throwIfAborted();
      const items = await deps.items.unannounced(meant, limits.page);
      if (items.length === 0) break;
      const keys = await deps.newKeys(items.length);
      const messages = items.map(({ number, result }, index): PublishedMessage => ({
        messageKey: keys[index] ?? '',
        name: messageName,
        correlationKey: number,
        messageId: `${instanceKey}/${number}`,
        timeToLiveMs: livesMs,
        variables: { [variable]: { ...result, ...common } },
      }));
      await publishAll(deps, messages, signal);
      await deps.items.noteAnnounced(
        meant,
        items.map(({ number }) => number),
      );
    }
    return completed({ diumumkan: await deps.items.countAnnounced(meant) });
  };

export const createItemJobs = (deps: ItemDeps): Readonly<Record<string, JobHandler>> => ({
  'dtks.kumpulkan-menunggu': collection(deps),
  'dtks.nilai-butir': assessment(deps),
  'dtks.butir-wilayah': areaList(deps),
  'dtks.catat-hasil': decisionRecord(deps),
  'dtks.bagi-kuota': quotaSharing(deps),
  'dtks.buka-hasil': reopening(deps),
  'dtks.umumkan-hasil': announcement(deps),
});

/**
 * Job `dtks.periksa-survei`: looks for what is odd about a survey, and draws some for a recheck. It rejects nothing: another person looks.
 * Limits are defaults of ours (domain D), overridden by headers.
 */
import { createHash } from 'node:crypto';
import type { Json } from '#engine/json.ts';
import { distanceMetres, medianPoint, type Point } from '#registry/points.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import type { VaultFields } from './vault-fields.ts';

/** Why a survey is rechecked; words for people in texts `surveyFlags`. */
type Flag = 'FOTO_TERPAKAI' | 'JAUH_DARI_ALAMAT' | 'JAUH_DARI_RT' | 'TERLALU_CEPAT' | 'TITIK_BERULANG';

const defaults = {
  /** Metres from the point that the family stated. */
  meterAlamat: 100,
  /** Metres from the middle of the RT's other homes. */
  meterRt: 1_000,
  /** Minutes that a visit takes at least. */
  menit: 5,
  /** Homes at one point (of 11 m), this one included, from which on it is odd. */
  rumahPerTitik: 3,
} as const;
type Limits = Readonly<Record<keyof typeof defaults, number>>;
/** Homes from which on an RT has a middle. */
const homesOfAnRt = 3;

const unknownSubject: JobOutcome = { outcome: 'failed', message: 'WARGA_TIDAK_ADA (vault)', retries: 0 };
const wrongHeader = (name: string): JobOutcome => ({
  outcome: 'failed',
  message: `MODEL_SALAH (header ${name}: bilangan positif)`,
  retries: 0,
});

const point = (lat: number | null | undefined, lon: number | null | undefined): Point | null =>
  typeof lat === 'number' && typeof lon === 'number' ? { lat, lon } : null;
const visitedAt = (home: VaultFields): Point | null => point(home.surveiLat, home.surveiLon);

const plain = (text: string | null): string => (text ?? '').replaceAll(/\D/g, '').replace(/^0+/, '');
const sameRt = (a: VaultFields, b: VaultFields): boolean =>
  plain(a.rt) !== '' && plain(a.rt) === plain(b.rt) && plain(a.rw) === plain(b.rw);

/** 0 … 100, the same for every attempt of one check; nobody who visits can foresee it. */
const drawn = (jobKey: string): number =>
  (createHash('sha256').update(jobKey).digest().readUInt32BE() / 0x1_0000_0000) * 100;

function limitsOf(headers: Readonly<Record<string, string>>): Limits | string {
  const limits: Record<keyof typeof defaults, number> = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const wanted = headers[name];
    if (wanted === undefined) continue;
    if (!(Number(wanted) > 0)) return name;
    limits[name] = Number(wanted);
  }
  return limits;
}

interface Visit {
  readonly home: VaultFields;
  readonly minutes: Json | undefined;
  /** Other homes noted at the same point. */
  readonly homesAtPoint: number;
  /** Other homes visited in the village. */
  readonly others: readonly VaultFields[];
  readonly photosElsewhere: number;
}
function oddities({ home, minutes, homesAtPoint, others, photosElsewhere }: Visit, limits: Limits): Flag[] {
  const here = visitedAt(home);
  const stated = point(home.lat, home.lon);
  const rt = others
    .filter((other) => sameRt(home, other))
    .map(visitedAt)
    .filter((known) => known !== null);
  const middle = rt.length < homesOfAnRt ? null : medianPoint(rt);
  const isFar = (from: Point | null, metres: number): boolean =>
    here !== null && from !== null && distanceMetres(here, from) > metres;
  const found: readonly (readonly [Flag, boolean])[] = [
    ['FOTO_TERPAKAI', photosElsewhere > 0],
    ['JAUH_DARI_ALAMAT', isFar(stated, limits.meterAlamat)],
    ['JAUH_DARI_RT', isFar(middle, limits.meterRt)],
    ['TERLALU_CEPAT', typeof minutes === 'number' && minutes < limits.menit],
    ['TITIK_BERULANG', homesAtPoint + 1 >= limits.rumahPerTitik],
  ];
  return found.filter(([, isOdd]) => isOdd).map(([flag]) => flag);
}

/** Result `kewajaran` {curiga: [Flag], acak}: `kebijakan.verifikasiUlangPersen` of all surveys are drawn. */
export const surveyCheck =
  (deps: ConnectorDeps): JobHandler =>
  async ({ jobKey, instanceKey, headers, variables }) => {
    const limits = limitsOf(headers);
    if (typeof limits === 'string') return wrongHeader(limits);
    const subjectKey = textOf(variables['warga']);
    const home = subjectKey === null ? null : await deps.readSubject(subjectKey);
    if (subjectKey === null || home === null) return unknownSubject;
    const here = visitedAt(home);
    const region = home.kodeDesa;
    const homesAtPoint = here === null ? 0 : await deps.surveys.note({ jobKey, subjectKey, region, point: here });
    const others = here === null ? [] : await deps.surveys.othersVisited({ subjectKey, region });
    const photosElsewhere = await deps.surveys.photosElsewhere(instanceKey);
    const minutes = partOf(variables['survei'], 'lamaMenit');
    const percent = partOf(variables['kebijakan'], 'verifikasiUlangPersen');
    const curiga = oddities({ home, minutes, homesAtPoint, others, photosElsewhere }, limits);
    const acak = typeof percent === 'number' && drawn(jobKey) < percent;
    return { outcome: 'completed', variables: { kewajaran: { curiga, acak } } };
  };

/** Jobs that read the tenant's rules: deadlines and policy in force, gates of its calendar. */
import { z } from 'zod';
import type { Json, Variables } from '#engine/json.ts';
import { gates, localText, nextGate, workingDaysLater, zoneOf } from '#registry/calendar.ts';
import type { Calendar, Gate, GateTime } from '#registry/calendar.ts';
import { policyInForce } from '#registry/policy.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { textOf, type ConnectorDeps } from './ports.ts';

const minutes = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM, 00:00 … 24:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
const gateTime = z
  .strictObject({ hari: z.union([z.int().min(1).max(31), z.literal('KERJA_TERAKHIR')]), jam: minutes })
  .transform(({ hari, jam }): GateTime => ({ day: hari === 'KERJA_TERAKHIR' ? 'lastWorkingDay' : hari, minute: jam }));
const holiday = z.strictObject({
  tanggal: z.string().regex(/^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'YYYY-MM-DD, MM-DD'),
  nama: z.string().min(1),
});
/** Setting `dtks.kalender`; its shape in definitions/dtks/kalender.json. */
const calendarSetting = z
  .strictObject({
    profil: z.string(),
    menitPerBulan: z.record(z.string(), z.int().min(1).max(60).nullable()),
    gerbang: z.record(z.enum(gates), gateTime),
    libur: z.array(holiday).max(1_000),
  })
  .refine(({ profil, menitPerBulan }) => Object.hasOwn(menitPerBulan, profil), {
    path: ['profil'],
    error: 'menitPerBulan',
  })
  .transform(({ profil, menitPerBulan, gerbang, libur }): Calendar => ({
    gates: gerbang,
    holidays: new Set(libur.map(({ tanggal }) => tanggal)),
    minutesPerMonth: menitPerBulan[profil] ?? null,
  }));

/** A setting that nobody can use is the administrator's to correct: no further attempt, an incident that names the field. */
const unusable = (name: string, error: z.ZodError | null): JobOutcome => {
  const fields = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 5) ?? [];
  return { outcome: 'failed', message: `PENGATURAN_SALAH (${[name, ...fields].join('; ')})`, retries: 0 };
};
const unusableHeader = (name: string, values: readonly string[]): JobOutcome => ({
  outcome: 'failed',
  message: `MODEL_SALAH (header ${name}: ${values.join(', ')})`,
  retries: 0,
});

const calendarName = 'dtks.kalender';
const isGate = (name: string): name is Gate => (gates as readonly string[]).includes(name);
const daysMost = 250;

/**
 * Job `dtks.gerbang`. Result `gerbang`: date-time at which the gate of header `gerbang` is reached next, or the end of the working day that
 * lies header `hariKerja` working days ahead; on the clocks of the case's region.
 */
export const gateTimes =
  (deps: ConnectorDeps): JobHandler =>
  async ({ headers, region }) => {
    const parsed = calendarSetting.safeParse(await deps.readSetting(calendarName));
    if (!parsed.success) return unusable(calendarName, parsed.error);
    const zone = zoneOf(region ?? '');
    const afterMs = deps.nowMs();
    const { gerbang: gate, hariKerja } = headers;
    if (gate !== undefined) {
      if (!isGate(gate)) return unusableHeader('gerbang', gates);
      return completed({ gerbang: localText(nextGate(parsed.data, gate, { afterMs, zone }), zone) });
    }
    const days = Number(hariKerja);
    if (!Number.isInteger(days) || days < 1 || days > daysMost) return unusableHeader('hariKerja', [`1 … ${daysMost}`]);
    return completed({ gerbang: localText(workingDaysLater(parsed.data, { afterMs, zone, days }), zone) });
  };

const deadlinesName = 'dtks.tenggat';
const deadlines = z.record(z.string(), z.record(z.string(), z.string()));
const usualProfile = 'baku';
const policiesName = 'dtks.kebijakan';
const policies = z.array(z.looseObject({ berlakuSejak: z.iso.date() })).max(100);

/**
 * Job `dtks.aturan`, for processes that no proposal starts. Results `tenggat` (deadlines of the profile in variable `profilTenggat`, else
 * `baku`) and `kebijakan` (of setting `dtks.kebijakan`, null when none is in force): a case keeps the rules it began with.
 */
export const rulesInForce =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const profiles = deadlines.safeParse(await deps.readSetting(deadlinesName));
    const known = policies.safeParse((await deps.readSetting(policiesName)) ?? []);
    if (!profiles.success) return unusable(deadlinesName, profiles.error);
    if (!known.success) return unusable(policiesName, known.error);
    const profile = textOf(variables['profilTenggat']) ?? usualProfile;
    const tenggat = profiles.data[profile];
    if (tenggat === undefined) return unusable(`${deadlinesName}.${profile}`, null);
    return completed({ tenggat, kebijakan: policyInForce(known.data, deps.today()) as Json });
  };

const completed = (variables: Variables): JobOutcome => ({ outcome: 'completed', variables });

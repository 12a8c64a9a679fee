import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gates, isWorkingDay, localText, nextGate, workingDaysLater, zoneOf } from '#registry/calendar.ts';
import type { Calendar, Gate, GateTime, Zone } from '#registry/calendar.ts';

const seed = Number(process.env['ALUR_TEST_SEED'] ?? 20261123);
const check = (property: fc.IProperty<unknown[]>): void => {
  fc.assert(property as fc.IProperty<unknown>, { seed, numRuns: 500 });
};
const at = (text: string): number => Date.parse(text);
const end = 24 * 60;
const usual: Readonly<Record<Gate, GateTime>> = {
  buka_input: { day: 1, minute: 0 },
  tutup_input: { day: 11, minute: end },
  tutup_musdes: { day: 14, minute: end },
  tutup_verifikasi: { day: 16, minute: end },
  tutup_pengesahan: { day: 17, minute: end },
  tarik_data: { day: 18, minute: 8 * 60 },
  penetapan: { day: 'lastWorkingDay', minute: 16 * 60 },
};
const holidays = new Set(['01-01', '05-01', '12-25', '2026-12-24', '2027-12-31']);
const calendar: Calendar = { gates: usual, holidays, minutesPerMonth: null };

const zone = fc.constantFrom<Zone>('WIB', 'WITA', 'WIT');
const gate = fc.constantFrom(...gates);
const instant = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') });
const gateTime: fc.Arbitrary<GateTime> = fc.record({
  day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('lastWorkingDay' as const)),
  minute: fc.integer({ min: 0, max: end }),
});
const lengths: Readonly<Record<Zone, number>> = { WIB: 7, WITA: 8, WIT: 9 };

describe('gates of a month', () => {
  test.each<[Gate, string, string]>([
    ['buka_input', '2026-11-23T10:00:00+07:00', '2026-12-01T00:00:00+07:00'],
    ['tutup_input', '2026-11-11T23:59:59+07:00', '2026-11-12T00:00:00+07:00'],
    ['tutup_input', '2026-11-12T00:00:00+07:00', '2026-12-12T00:00:00+07:00'],
    ['tarik_data', '2026-12-18T08:00:00+07:00', '2027-01-18T08:00:00+07:00'],
    // 31 December is a Thursday in 2026, a holiday of 2027; 30 January 2027 is a Saturday, 31 a Sunday.
    ['penetapan', '2026-12-18T08:00:00+07:00', '2026-12-31T16:00:00+07:00'],
    ['penetapan', '2026-12-31T16:00:00+07:00', '2027-01-29T16:00:00+07:00'],
    ['penetapan', '2027-12-01T00:00:00+07:00', '2027-12-30T16:00:00+07:00'],
  ])('%s after %s is %s', (name, after, expected) => {
    expect(localText(nextGate(calendar, name, { afterMs: at(after), zone: 'WIB' }), 'WIB')).toBe(expected);
  });
  test('it is reached by the clocks of the region', () => {
    const texts = ['32.15', '51.03.01.2001', '91'].map((region) =>
      localText(
        nextGate(calendar, 'tutup_input', { afterMs: at('2026-11-11T12:00:00Z'), zone: zoneOf(region) }),
        'WIB',
      ),
    );
    expect(texts).toEqual(['2026-11-12T00:00:00+07:00', '2026-11-11T23:00:00+07:00', '2026-11-11T22:00:00+07:00']);
  });
  test('the next one is later than the instant, within two months, and there is none between them', () => {
    check(
      fc.property(
        gateTime,
        gate,
        zone,
        instant,
        fc.integer({ min: 1, max: 1_000 }),
        (time, name, clocks, afterMs, part) => {
          const own: Calendar = { ...calendar, gates: { ...usual, [name]: time } };
          const nextMs = nextGate(own, name, { afterMs, zone: clocks });
          expect(nextMs).toBeGreaterThan(afterMs);
          expect(nextMs - afterMs).toBeLessThanOrEqual(62 * 86_400_000);
          const betweenMs = afterMs + Math.floor(((nextMs - 1 - afterMs) * part) / 1_000);
          expect(nextGate(own, name, { afterMs: betweenMs, zone: clocks })).toBe(nextMs);
        },
      ),
    );
  });
  test('a day that the month does not have is its last; the last working day is followed by none', () => {
    check(
      fc.property(fc.integer({ min: 28, max: 31 }), zone, instant, (day, clocks, afterMs) => {
        const own = (time: GateTime): Calendar => ({ ...calendar, gates: { ...usual, tarik_data: time } });
        const text = localText(nextGate(own({ day, minute: 0 }), 'tarik_data', { afterMs, zone: clocks }), clocks);
        const [year = 0, month = 0, shown = 0] = text.slice(0, 10).split('-').map(Number);
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        expect(shown).toBe(Math.min(day, last));

        const working = localText(nextGate(calendar, 'penetapan', { afterMs, zone: clocks }), clocks).slice(0, 10);
        const following = Array.from({ length: 31 }, (_, index) =>
          new Date(Date.parse(`${working}T00:00:00Z`) + (index + 1) * 86_400_000).toISOString().slice(0, 10),
        ).filter((date) => date.slice(0, 7) === working.slice(0, 7));
        expect([isWorkingDay(working, holidays), ...following.map((date) => isWorkingDay(date, holidays))]).toEqual([
          true,
          ...following.map(() => false),
        ]);
      }),
    );
  });
  test('gates come in their order within a month', () => {
    check(
      fc.property(zone, instant, (clocks, afterMs) => {
        const opening = nextGate(calendar, 'buka_input', { afterMs, zone: clocks });
        const times = gates.map((name) => nextGate(calendar, name, { afterMs: opening - 1, zone: clocks }));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a month that passes in minutes', () => {
  test('every gate comes once in each of them, in its order', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 60 }), zone, instant, (minutesPerMonth, clocks, afterMs) => {
        const short: Calendar = { ...calendar, minutesPerMonth };
        const lengthMs = minutesPerMonth * 60_000;
        for (const name of gates) {
          const first = nextGate(short, name, { afterMs, zone: clocks });
          expect(first).toBeGreaterThan(afterMs);
          expect(first - afterMs).toBeLessThanOrEqual(lengthMs);
        }
        const beginMs = Math.ceil(afterMs / lengthMs) * lengthMs;
        const times = gates.map((name) => nextGate(short, name, { afterMs: beginMs - 1, zone: clocks }));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('working days', () => {
  test.each<[string, boolean]>([
    ['2026-11-23', true],
    ['2026-11-21', false],
    ['2026-11-22', false],
    ['2026-12-24', false],
    ['2027-12-24', true],
    ['2029-12-25', false],
  ])('%s: %s', (date, expected) => {
    expect(isWorkingDay(date, holidays)).toBe(expected);
  });
  test('five of them reach over a weekend, holidays and the year’s end', () => {
    const later = workingDaysLater({ holidays }, { afterMs: at('2026-12-23T15:00:00+08:00'), zone: 'WITA', days: 5 });
    // 28, 29, 30, 31 December and 4 January.
    expect(localText(later, 'WITA')).toBe('2027-01-05T00:00:00+08:00');
  });
  test('exactly so many of them lie in between', () => {
    check(
      fc.property(zone, instant, fc.integer({ min: 0, max: 40 }), (clocks, afterMs, days) => {
        const laterMs = workingDaysLater({ holidays }, { afterMs, zone: clocks, days });
        const localDay = (ms: number): number => Math.floor((ms + lengths[clocks] * 3_600_000) / 86_400_000);
        const between = Array.from({ length: localDay(laterMs) - localDay(afterMs) - 1 }, (_, index) =>
          new Date((localDay(afterMs) + 1 + index) * 86_400_000).toISOString().slice(0, 10),
        );
        expect(between.filter((date) => isWorkingDay(date, holidays))).toHaveLength(days);
        expect(days === 0 || isWorkingDay(between.at(-1) ?? '', holidays)).toBe(true);
      }),
    );
  });
});

test('zones by province', () => {
  const zones = {
    WIB: ['11', '31', '36', '61', '62'],
    WITA: ['51', '53', '63', '64', '65', '71', '76'],
    WIT: ['81', '82', '91', '96'],
  };
  for (const [name, provinces] of Object.entries(zones)) {
    for (const province of provinces) expect([province, zoneOf(`${province}.01`)]).toEqual([province, name]);
  }
  expect(['*', '', '513'].map((region) => zoneOf(region))).toEqual(['WIB', 'WIB', 'WIB']);
});

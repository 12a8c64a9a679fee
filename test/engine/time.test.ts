import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { civilOfDays, daysOfCivil, weekdayOf } from '#engine/civil.ts';
import { addDuration, formatDateTime, nextRepetition, parseCycle, parseDateTime, parseDuration } from '#engine/time.ts';
import { check } from './seeded.ts';

const at = (text: string): number => parseDateTime(text) ?? Number.NaN;

describe('dates', () => {
  test('civil dates agree with the host calendar', () => {
    check(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (days) => {
        const date = new Date(days * 86_400_000);
        const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
        expect(civilOfDays(days)).toEqual(civil);
        expect(daysOfCivil(civil)).toBe(days);
        expect(weekdayOf(days)).toBe(date.getUTCDay());
      }),
    );
  });
  test('reading is the inverse of writing, in every zone', () => {
    check(
      fc.property(
        fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 }),
        fc.integer({ min: -720, max: 840 }),
        (ms, offset) => {
          expect(parseDateTime(formatDateTime(ms, offset))).toBe(ms);
        },
      ),
    );
  });
  test.each([
    ['2026-11-30T08:00:00+07:00', '2026-11-30T01:00:00Z'],
    ['2026-11-30T08:00:00@Asia/Jakarta', '2026-11-30T01:00:00Z'],
    ['2026-11-30T10:00:00+09:00[Asia/Jayapura]', '2026-11-30T01:00:00Z'],
    ['2026-11-30T01:00Z', '2026-11-30T01:00:00Z'],
    ['2026-11-30T01:00:00.250Z[UTC]', '2026-11-30T01:00:00.250Z'],
  ])('%s is %s', (text, utc) => expect(formatDateTime(at(text))).toBe(utc));
  test.each([
    '2026-11-30T08:00:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01',
    'besok',
    '2026-01-01T00:00:00@Asia/Bandung',
  ])('%s is no point in time', (text) => expect(parseDateTime(text)).toBeNull());
  test.each([
    ['2026-11-30T08:00:00@Asia/Jakarta', '2026-11-30T01:00:00Z'],
    ['2026-11-30T08:00:00@Asia/Makassar', '2026-11-30T00:00:00Z'],
    ['2026-11-30T08:00:00@Asia/Jayapura', '2026-11-29T23:00:00Z'],
    ['2026-07-01T08:00:00[Europe/Berlin]', '2026-07-01T06:00:00Z'],
    ['2026-12-01T08:00:00[UTC]', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00:00-05:30', '2026-12-01T13:30:00Z'],
  ])('%s is %s', (text, utc) => expect(formatDateTime(parseDateTime(text) ?? 0)).toBe(utc));
});

describe('durations', () => {
  test.each([
    ['P1Y2M', { months: 14, ms: 0 }],
    ['P3DT12H', { months: 0, ms: 302_400_000 }],
    ['-PT1.5S', { months: 0, ms: -1500 }],
    ['P2W', { months: 0, ms: 1_209_600_000 }],
    ['PT0S', { months: 0, ms: 0 }],
  ])('%s', (text, duration) => expect(parseDuration(text)).toEqual(duration));
  test.each(['P', 'PT', 'P1DT', '1D', 'P1H', 'PT1D', 'P-1D'])('%s is none', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );
  test('a month later is clipped to the last day, in the given zone', () => {
    const month = { months: 1, ms: 0 };
    expect(formatDateTime(addDuration(at('2024-01-31T10:00:00Z'), month) ?? 0)).toBe('2024-02-29T10:00:00Z');
    // 1 March in Jakarta, still 28 February in UTC
    const late = at('2025-02-28T20:00:00Z');
    expect(formatDateTime(addDuration(late, month) ?? 0)).toBe('2025-03-28T20:00:00Z');
    expect(formatDateTime(addDuration(late, month, 420) ?? 0)).toBe('2025-03-31T20:00:00Z');
  });
});

describe('repetitions', () => {
  const now = at('2026-01-01T00:00:00Z');
  test('count, start and interval', () => {
    expect(parseCycle('R3/PT1H', now)).toEqual({ dueMs: now + 3_600_000, repetitions: 2, interval: 'PT1H' });
    expect(parseCycle('R/P1D', now)?.repetitions).toBeNull();
    expect(parseCycle('R2/2026-02-01T00:00:00Z/P1M', now)).toEqual({
      dueMs: at('2026-02-01T00:00:00Z'),
      repetitions: 1,
      interval: 'P1M',
    });
    expect(nextRepetition('P1M', at('2026-01-31T00:00:00Z'))).toBe(at('2026-02-28T00:00:00Z'));
  });
  test.each([
    'R0/PT1H',
    'R/PT0S',
    'R/-PT1H',
    'R/x',
    'PT1H',
    '* * *',
    '99 * * * * *',
    'TZ=Mars/Olympus 0 0 8 * * *',
    '0 0 8 40W * *',
    '0 0 8 * * 5#6',
  ])('%s is none', (text) => expect(parseCycle(text, now)).toBeNull());
  test.each([
    ['0 0 9-17 * * MON-FRI', '2026-01-02T17:30:00Z', '2026-01-05T09:00:00Z'],
    ['@daily', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['0 */20 * * * *', '2026-01-01T00:20:00Z', '2026-01-01T00:40:00Z'],
    ['0 5 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:05:00Z'],
    // a Sunday that is the first of January or July
    ['30 0 0 1 JAN,JUL 7', '2026-01-01T00:00:00Z', '2029-07-01T00:00:30Z'],
    ['0 0 8 L * *', '2026-02-01T00:00:00Z', '2026-02-28T08:00:00Z'],
    ['0 0 8 L-2 * *', '2026-02-01T00:00:00Z', '2026-02-26T08:00:00Z'],
    // 28 February 2026 is a Saturday, 1 March a Sunday
    ['0 0 8 LW * *', '2026-02-01T00:00:00Z', '2026-02-27T08:00:00Z'],
    ['0 0 8 1W * *', '2026-02-28T00:00:00Z', '2026-03-02T08:00:00Z'],
    ['0 0 8 * * FRIL', '2026-11-01T00:00:00Z', '2026-11-27T08:00:00Z'],
    ['0 0 8 * * 5#2', '2026-11-01T00:00:00Z', '2026-11-13T08:00:00Z'],
    ['TZ=Asia/Jakarta 0 0 8 * * MON-FRI', '2026-11-27T02:00:00Z', '2026-11-30T01:00:00Z'],
    ['CRON_TZ=Europe/Berlin 0 0 8 * * *', '2026-03-28T12:00:00Z', '2026-03-29T06:00:00Z'],
    // skipped in the night of 29 March: comes when the clocks are turned
    ['TZ=Europe/Berlin 0 30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['TZ=Europe/Berlin 0 30 2 * * *', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    // shown twice in the night of 25 October: comes once
    ['TZ=Europe/Berlin 0 30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
    ['TZ=Europe/Berlin 0 30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    // every half hour comes every half hour
    ['TZ=Europe/Berlin 0 */30 * * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'],
    ['TZ=Europe/Berlin 0 */30 * * * *', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
    ['TZ=Pacific/Auckland 0 0 0 1 1 *', '2040-06-01T00:00:00Z', '2040-12-31T11:00:00Z'],
  ])('cron %s after %s', (cron, after, next) => {
    expect(formatDateTime(nextRepetition(cron, at(after)) ?? 0)).toBe(next);
  });
});

/** The bundled zone rules, against those of the host (whose release may differ: old and far dates are left out). */
import { describe, expect, test } from '@jest/globals';
import { isZoneName, offsetAtInstant, offsetAtLocal, standardOffset } from '#engine/zones.ts';

const hour = 3600;
const seconds = (iso: string): number => Date.parse(`${iso}Z`) / 1000;

function hostOffset(zone: string, instant: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour: hours = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hours, minute, second) / 1000 - instant;
}

describe('zones', () => {
  test.each([
    'Europe/Paris',
    'Europe/Dublin',
    'America/New_York',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Australia/Melbourne',
    'Australia/Lord_Howe',
    'Asia/Dhaka',
    'Asia/Kathmandu',
    'Asia/Jakarta',
    'Asia/Makassar',
    'Pacific/Apia',
    'Africa/Johannesburg',
  ])('%s is as the host says', (zone) => {
    for (
      let instant = seconds('1972-01-01T05:30:00');
      instant < seconds('2036-01-01T00:00:00');
      instant += 29 * 86_400
    ) {
      expect([instant, offsetAtInstant(zone, instant)]).toEqual([instant, hostOffset(zone, instant)]);
    }
  });

  test('far dates follow the closing rule', () => {
    expect(offsetAtInstant('Europe/Paris', seconds('2500-07-01T00:00:00'))).toBe(2 * hour);
    expect(offsetAtInstant('Europe/Paris', seconds('2500-01-01T00:00:00'))).toBe(hour);
    expect(offsetAtInstant('Australia/Melbourne', seconds('2500-01-01T00:00:00'))).toBe(11 * hour);
  });

  test('a local time that exists twice is the earlier one, a skipped one keeps the offset before', () => {
    expect(offsetAtLocal('Europe/Paris', seconds('2026-10-25T02:30:00'))).toBe(2 * hour);
    expect(offsetAtLocal('Europe/Paris', seconds('2026-03-29T02:30:00'))).toBe(hour);
    expect(offsetAtLocal('Europe/Paris', seconds('2026-03-29T03:00:00'))).toBe(2 * hour);
    expect(offsetAtLocal('Europe/Paris', seconds('2026-10-25T03:00:00'))).toBe(hour);
  });

  test('names', () => {
    expect(isZoneName('Asia/Pontianak')).toBe(true);
    expect(isZoneName('Asia/Nowhere')).toBe(false);
    expect(isZoneName('constructor')).toBe(false);
    expect(standardOffset('Europe/Paris')).toBe(hour);
    expect(offsetAtInstant('Asia/Nowhere', 0)).toBeNull();
  });
});

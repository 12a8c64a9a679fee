/**
 * The acceptance scenarios on the real stack: PostgreSQL, Temporal, worker and API, everything through HTTP. The most telling by default;
 * all with ALUR_DURABLE_ALL=1.
 */
import { expect, test } from '@jest/globals';
import { allPassed, areAllAsked, durableMs, runDurably } from '../support/durable-cases.ts';
import { folder } from './dtks.ts';
import { scenarios } from './scenarios.ts';

/** A batch with errors; timers; the minute of a day; calls, messages and a signal. */
const representative = [
  'provinsi-ditetapkan',
  'musyawarah-kuorum-kedua',
  'nik-kuota-di-tengah-daftar',
  'usulan-dtks-ke-dtsen',
];
const chosen = areAllAsked ? [...new Set(scenarios.flatMap(({ stories }) => stories))] : representative;

test(
  `${areAllAsked ? 'all scenarios' : 'the most telling scenarios'} on the real stack`,
  async () => {
    const files = chosen.map((story) => `${folder}/cases/${story}.json`);
    expect(await runDurably(files)).toEqual(allPassed(files.length));
  },
  durableMs,
);

/**
 * The acceptance scenarios on the real stack: PostgreSQL, Temporal, worker and API, everything through HTTP. The most telling by default;
 * all with ALUR_DURABLE_ALL=1.
 */
import { test } from '@jest/globals';
import { passDurably } from '../support/durable-cases.ts';
import { folder } from './dtks.ts';
import { scenarios } from './scenarios.ts';

/** A batch with errors; timers; the minute of a day; calls, messages and a signal. */
const representative = [
  'provinsi-ditetapkan',
  'musyawarah-kuorum-kedua',
  'nik-kuota-di-tengah-daftar',
  'usulan-dtks-ke-dtsen',
];
const limitMs = 30 * 60_000;

const all = process.env['ALUR_DURABLE_ALL'] !== undefined;
const chosen = all ? scenarios.flatMap(({ stories }) => stories) : representative;

test(
  `${all ? 'all scenarios' : 'the most telling scenarios'} on the real stack`,
  () =>
    passDurably(
      chosen.map((story) => `${folder}/cases/${story}.json`),
      limitMs,
    ),
  limitMs,
);

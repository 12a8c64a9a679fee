/**
 * Cases of the conformance pack on the real stack: PostgreSQL, Temporal, worker and API, everything through HTTP. One of each kind by
 * default; all with ALUR_DURABLE_ALL=1. Without the pack beside the repository skipped.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { allPassed, areAllAsked, durableMs, runDurably } from '../support/durable-cases.ts';

const project = path.resolve(__dirname, '../..');
const cases = path.resolve(project, '../shared/suites/open/cases');
const representative = [
  'adhoc-all',
  'boundary-timer-noninterrupting',
  'business-rule-dmn',
  'call-error-boundary',
  'compensation-throw',
  'escalation-noninterrupting',
  'event-sub-message-noninterrupting',
  'execution-listeners',
  'job-retries-incident',
  'link-events',
  'mi-sequential',
  'msg-buffered',
  'msg-start-one-per-key',
  'msg-ttl-expired',
  'or-split-join',
  'reject-no-start',
  'signal-start',
  'signal-throw-catch',
  'terminate-in-subprocess',
  'timer-start-cycle',
  'user-task',
];
const chosen = areAllAsked && existsSync(cases) ? readdirSync(cases) : representative.map((id) => `${id}.json`);

(existsSync(cases) ? test : test.skip)(
  `${areAllAsked ? 'all cases' : 'one case of each kind'} on the real stack`,
  async () => {
    const files = chosen.map((name) => path.join(cases, name));
    expect(await runDurably(files)).toEqual(allPassed(files.length));
  },
  durableMs,
);

/** Settings for tests of processes are refused where they could do harm. */
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '#stack/config.ts';
import { readWorkerConfig } from '#worker/config.ts';

const needed = { DATABASE_URL: 'postgres://127.0.0.1/alur', ALUR_MASTER_KEY: 'a2V5' };
const bare = { ALUR_TEST_BARE: 'true' };
const refusal = /ALUR_TEST_BARE[^]*set ALUR_TEST_CLOCK=true|set ALUR_TEST_CLOCK=true[^]*ALUR_TEST_BARE/;

describe.each([
  ['the stack', (env: NodeJS.ProcessEnv) => readConfig('/alur', env)],
  ['a worker', (env: NodeJS.ProcessEnv) => readWorkerConfig({ ...needed, ...env })],
])('%s', (_, read) => {
  test('has its definitions and connectors unless told otherwise', () => {
    expect(read({}).isBare).toBe(false);
  });
  test('goes without them only with a clock for tests', () => {
    expect(read({ ...bare, ALUR_TEST_CLOCK: '1' }).isBare).toBe(true);
    expect(() => read(bare)).toThrow(refusal);
  });
});

/** Nothing differs on a healthy installation. ALUR_VERIFY_CASES: how many cases (default 120; 1,000 by `ALUR_VERIFY_CASES=1000 npx jest test/verification/healthy`). */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestStack } from '../support/stack.ts';
import { handlers, Verifying } from './verifying.ts';

const count = Number(process.env['ALUR_VERIFY_CASES'] ?? 120);
let stack: TestStack;
let verifying: Verifying;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({ handlers });
  verifying = new Verifying(stack);
  await verifying.publish();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

it(
  `finds nothing among ${count} cases, all of them looked at`,
  async () => {
    const begunMs = Date.now();
    await verifying.many(count);
    const madeMs = Date.now();
    const key = await verifying.run();
    const { rows } = await stack.pool.query<{ checked: number }>('select checked from verification where key = $1', [
      key,
    ]);
    process.stderr.write(
      `${count} cases made in ${madeMs - begunMs} ms, ${rows[0]?.checked} verified in ${Date.now() - madeMs} ms\n`,
    );
    expect(await verifying.differences(key)).toEqual([]);
    expect(rows[0]?.checked).toBeGreaterThanOrEqual(count);
  },
  count * 2_000 + 60_000,
);

/**
 * Nothing of one case ever shows in another (reliability.md R19), though the cases of a worker share loaded modules: each case carries a
 * canary through expressions, jobs, loops, called instances and messages, all at once and with evictions.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseExpression } from '#bpmn/feel.ts';
import type { FeelExpression } from '#engine/model.ts';
import {
  call,
  end,
  feel,
  forEach,
  path,
  processOf,
  script,
  service,
  start,
  sub,
  user,
} from '../engine/model-builder.ts';
import { eventually } from '../support/eventually.ts';
import { replayAll } from '../support/replay.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

const cases = 50;
const atOnce = 10;
const canaryOf = (index: number): string => `KENARI-${index}-`;
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    // Fewer than run at once: they are evicted and replayed among each other.
    maxCachedWorkflows: 12,
    handlers: {
      gema: ({ variables }) =>
        Promise.resolve({ outcome: 'completed', variables: { gema: variables['canary'] ?? null } }),
    },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const expression = (source: string): FeelExpression => {
  const result = parseExpression(source, { names: ['canary', 'huruf', 'i'] });
  if (!result.ok) throw new Error(result.message);
  return { kind: 'feel', source, ast: result.ast };
};
const called = processOf(
  [start('a'), script('cermin', 'dariAnak', expression('canary + "anak"')), user('tugas'), end('z')],
  [path('a', 'cermin', 'tugas', 'z')],
);
const model = processOf(
  [
    start('a'),
    script('huruf', 'huruf', expression('[upper case(canary), replace(canary, "(\\d+)", "$1"), split(canary, "-")]')),
    script(
      'waktu',
      'waktu',
      expression(
        'for i in 1..3 return canary + string(date and time("2026-01-0" + string(i) + "T08:00:00@Asia/Jakarta"))',
      ),
    ),
    service('gema', forEach({ inputCollection: feel('huruf'), inputElement: 'satu', cardinality: null })),
    sub('s'),
    start('sa', { parent: 's' }),
    user('periksa', {}, { parent: 's' }),
    end('sz', { parent: 's' }),
    call('c', 'anak-kenari'),
    user('tutup'),
    end('z'),
  ],
  [path('a', 'huruf', 'waktu', 'gema', 's', 'c', 'tutup', 'z'), path('sa', 'periksa', 'sz')],
);

async function work(started: StartedCase, own: string): Promise<void> {
  // A workflow task that Temporal lost is done again, and what the read model showed of it is taken back (ADR 0008): look again.
  const complete = (one: StartedCase, elementId: string): Promise<boolean> =>
    eventually(async () => {
      const task = await stack.taskOf(one, elementId, 120_000);
      const command = { type: 'completeUserTask', task, variables: { [elementId]: own } } as const;
      return stack.command(one, command, { key: elementId }).then(
        ({ accepted }) => accepted,
        () => false,
      );
    }, 120_000);
  await complete(started, 'periksa');
  const { rows } = await eventually(async () => {
    const found = await stack.pool.query<{ key: string }>('select key from instance where parent_key = $1', [
      started.instanceKey,
    ]);
    return found.rowCount === 1 && found;
  }, 120_000);
  const key = rows[0]?.key ?? '';
  await complete({ instanceKey: key, workflowId: `anak-kenari/${key}` }, 'tugas');
  await complete(started, 'tutup');
  expect(await stack.ended(started, 120_000)).toBe('COMPLETED');
}

it(`${cases} cases at once, none of which has anything of another`, async () => {
  await stack.publish({ ...called, processId: 'anak-kenari' });
  const published = await stack.publish({ ...model, processId: 'kenari' });
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < cases; index = next++) {
      const own = canaryOf(index);
      await work(await stack.start(published, { canary: own }), own);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const { rows } = await stack.pool.query<{ root: string; texts: string }>(
    `select coalesce(i.parent_key, i.key) as root, string_agg(f.body::text, ' ') as texts
     from instance i join fact f on f.instance_key = i.key group by 1`,
  );
  expect(rows.length).toBe(cases);
  const seen = rows.map(({ texts }) => [...new Set(texts.match(/KENARI-\d+-/g))]);
  expect(seen.filter((canaries) => canaries.length !== 1)).toEqual([]);
  expect(new Set(seen.flat()).size).toBe(cases);
}, 300_000);

it('replay alike, one after the other', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await replayAll(stack)).toBeGreaterThanOrEqual(2 * cases);
}, 180_000);

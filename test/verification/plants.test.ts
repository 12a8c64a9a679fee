/** Every planted corruption is found, and nothing else is said; what can be repaired is repaired while the cases stay open. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';
import type { NumberedDifference } from '#db/verification/store.ts';
import { plants } from './plants.ts';
import type { Plant } from './plants.ts';
import { handlers, Verifying } from './verifying.ts';

/** Younger things may be on their way, and are no difference. */
const settledMs = 65_000;
const nowhere: StartedCase = { instanceKey: '0', workflowId: '' };

let stack: TestStack;
let verifying: Verifying;
let key: string;
const places = new Map<Plant, StartedCase>();

beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({ handlers });
  verifying = new Verifying(stack);
  await verifying.publish();
  const planting = { stack, verifying, masterKey: Buffer.from(stack.environment['ALUR_MASTER_KEY'] ?? '', 'base64') };
  const on = await Promise.all(
    plants.map(async ({ on: kind }) =>
      kind === undefined ? nowhere : verifying.settled(await verifying.start(kind), kind),
    ),
  );
  const begunMs = Date.now();
  for (const [index, plant] of plants.entries()) {
    places.set(plant, on[index] ?? nowhere);
    await plant.before?.(planting, on[index] ?? nowhere);
  }
  await sleep(Math.max(0, settledMs - (Date.now() - begunMs)));
  for (const [index, plant] of plants.entries()) await plant.plant(planting, on[index] ?? nowhere);
  key = await verifying.run();
}, 420_000);
afterAll(() => stack.stop(), 60_000);

const kindsOf = (differences: readonly NumberedDifference[]): readonly string[] =>
  [...new Set(differences.map(({ kind, detail }) => `${kind} ${'chain' in detail ? `${detail['number']}` : ''}`))]
    .map((name) => name.split(' ')[0] ?? '')
    .toSorted();
const found = async (plant: Plant): Promise<readonly NumberedDifference[]> => {
  const { instanceKey } = places.get(plant) ?? nowhere;
  return (await verifying.differences(key)).filter((difference) => difference.instanceKey === instanceKey);
};

describe(`a verification of ${plants.length} planted corruptions`, () => {
  it.each(plants.filter(({ on }) => on !== undefined))('finds that $name', async (plant) => {
    expect(kindsOf(await found(plant))).toEqual([...plant.finds].toSorted());
  });

  it('finds those that lie on no case, and says nothing else', async () => {
    const keys = new Set([...places.values()].map(({ instanceKey }) => instanceKey));
    const others = (await verifying.differences(key)).filter(({ instanceKey }) => !keys.has(instanceKey ?? 'none'));
    const expected = plants.filter(({ on }) => on === undefined).flatMap(({ finds }) => finds);
    expect(others.map(({ kind }) => kind).toSorted()).toEqual(expected.toSorted());
  });

  it('repairs what needs no decision', async () => {
    await verifying.repair(key);
    const failed = (await verifying.differences(key)).filter(({ outcome }) => outcome === 'FAILED');
    expect(failed).toEqual([]);
    await sleep(3_000);
    const left = await verifying.verify();
    const expected = plants.filter(({ repairable }) => !repairable).flatMap(({ finds }) => finds);
    expect(left.map(({ kind }) => kind).toSorted()).toEqual(expected.toSorted());
  }, 180_000);

  it('lets a case whose workflow was started again go on to its end', async () => {
    const plant = plants.find(({ name }) => name.startsWith('a workflow was terminated'));
    const place = plant === undefined ? nowhere : (places.get(plant) ?? nowhere);
    const task = await stack.taskOf(place, 'tugas');
    await stack.command(place, { type: 'completeUserTask', task, variables: {} });
    expect(await stack.ended(place)).toBe('COMPLETED');
    const calling = plants.find(({ on }) => on === 'call');
    const parent = calling === undefined ? nowhere : (places.get(calling) ?? nowhere);
    const { rows } = await stack.pool.query<{ key: string }>('select key::text from instance where parent_key = $1', [
      parent.instanceKey,
    ]);
    const child = { instanceKey: rows[0]?.key ?? '', workflowId: `anak/${rows[0]?.key}` };
    await stack.command(child, { type: 'completeUserTask', task: await stack.taskOf(child, 'b'), variables: {} });
    expect(await stack.ended(parent)).toBe('COMPLETED');
  });
});

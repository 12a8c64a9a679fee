/** docs/adr/0014: the sandbox's thread is lean, and instances share their model. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { payloadConverter } from '#workflows/payload-converter.ts';
import type { InstanceInput } from '#workflows/messages.ts';
import { startArguments } from '#workflows/messages.ts';
import { end, processOf, start, userTask } from '../support/models.ts';
import { TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const model = processOf('tugas', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c']);

it('starts the sandbox with no stack trace of every promise: where an instance waits is not recorded', async () => {
  const started = await stack.start(await stack.publish(model));
  await stack.taskOf(started, 'b');
  expect(await stack.client.workflow.getHandle(started.workflowId).query('__stack_trace')).toBe('');
});

it('reads the model of all instances once, frozen', async () => {
  const { modelSha256 } = await stack.publish(model);
  const [codec] = stack.dataConverter.payloadCodecs ?? [];
  const context = { type: 'workflow', namespace: 'default', workflowId: 'tugas/1' } as const;
  const argumentOf = async (instanceKey: string): Promise<InstanceInput> => {
    const begin = {
      instanceKey,
      definitionKey: '1',
      version: 1,
      startElement: null,
      variables: { nama: 'Ibu “Siti”' },
    };
    const more = { businessKey: null, region: null, parent: null, actor: 'ani' };
    const [input] = startArguments(modelSha256, { ...begin, ...more });
    const [encoded] = (await codec?.encode([payloadConverter.toPayload(input)], context)) ?? [];
    const [decoded] = (await codec?.decode([encoded ?? {}], context)) ?? [];
    return payloadConverter.fromPayload<InstanceInput>(decoded ?? {});
  };
  const [first, second] = [await argumentOf('1'), await argumentOf('2')];
  expect(first.model).toEqual(model);
  expect(second.model).toBe(first.model);
  expect(Object.isFrozen(Object.values(first.model.nodes)[0])).toBe(true);
  expect(second.start).toMatchObject({ instanceKey: '2', variables: { nama: 'Ibu “Siti”' } });
  expect(second.modelSha256).toBe(modelSha256);
});

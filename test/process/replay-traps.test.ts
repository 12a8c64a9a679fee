/** What is easily done otherwise in a replay: a refused command, local activities under way together, jobs that follow each other at once. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compare, end, gateway, flow, path, processOf, service, start, user } from '../engine/model-builder.ts';
import { replayAll } from '../support/replay.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  let round = 0;
  await stack.startWorker({
    handlers: { hitung: () => Promise.resolve({ outcome: 'completed', variables: { n: (round += 1) } }) },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

async function runsOf(started: StartedCase): Promise<number> {
  let runs = 0;
  for await (const _ of stack.client.workflow.list({ query: `WorkflowId = '${started.workflowId}'` })) runs += 1;
  return runs;
}

it('a case whose jobs follow each other at once continues as new', async () => {
  const busy = processOf(
    [start('a'), gateway('g', 'exclusiveGateway'), service('hitung'), gateway('x', 'exclusiveGateway'), end('z')],
    [path('a', 'g', 'hitung', 'x'), flow('x', 'g', compare('n', '<', 40)), flow('x', 'z', compare('n', '>=', 40))],
  );
  const started = await stack.start(
    await stack.publish({ ...busy, processId: 'sibuk' }),
    {},
    { continueAfterEvents: 40 },
  );
  expect(await stack.ended(started, 60_000)).toBe('COMPLETED');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await runsOf(started)).toBeGreaterThanOrEqual(3);
  const facts = await stack.facts(started);
  expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
}, 90_000);

it('a refused command does not make a long case continue as new, as it leaves nothing to replay', async () => {
  const quiet = processOf([start('a'), user('t'), end('z')], [path('a', 't', 'z')]);
  const started = await stack.start(
    await stack.publish({ ...quiet, processId: 'tenang' }),
    {},
    { continueAfterEvents: 6 },
  );
  const task = await stack.taskOf(started, 't');
  for (let again = 0; again < 3; again += 1)
    await expect(stack.command(started, { type: 'completeUserTask', task: 99, variables: {} })).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await runsOf(started)).toBe(1);
  await stack.command(started, { type: 'completeUserTask', task, variables: {} });
  expect(await stack.ended(started)).toBe('COMPLETED');
}, 60_000);

it('all of it replays, with the build that began each run in its history', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await replayAll(stack)).toBeGreaterThanOrEqual(4);
}, 120_000);

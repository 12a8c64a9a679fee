/**
 * A step costs what it changes, not what the instance holds: as many operations for an old or a large instance as for a young or a small
 * one. Operations are counted (operations.ts), not seconds.
 */
import { describe, expect, test } from '@jest/globals';
import type { Command } from '#engine/command.ts';
import { draftOf } from '#engine/draft.ts';
import type { Draft } from '#engine/draft.ts';
import type { Variables } from '#engine/json.ts';
import type { FlowNode, Gateway, ProcessModel } from '#engine/model.ts';
import { advance, initialState, nextDueMs } from '#engine/step.ts';
import {
  boundary,
  compare,
  end,
  feel,
  forEach,
  gateway,
  message,
  path,
  processOf,
  service,
  signal,
  start,
  sub,
  timer,
  user,
} from './model-builder.ts';
import { operationsOf, watch } from './operations.ts';

const context = { nowMs: 1_700_000_000_000, actor: 'orang' };

/** An instance as a host keeps it: one working copy from its start to its end. */
class Instance {
  readonly process: ProcessModel;
  readonly draft: Draft = draftOf(initialState());

  constructor(process: ProcessModel, variables: Variables = {}) {
    this.process = process;
    const identity = { instanceKey: '1048576', definitionKey: '1', version: 1 };
    const origin = { startElement: null, businessKey: null, region: null, parent: null };
    this.send({ type: 'startInstance', ...identity, ...origin, variables });
  }

  send(command: Command): void {
    const advanced = advance(this.process, this.draft, command, context);
    if (!advanced.ok) throw new Error(advanced.rejection.message);
    nextDueMs(this.draft);
    if (this.draft.state.paused) this.send({ type: 'continue' });
  }

  /** An open job. */
  openJob(): number {
    return Number(Object.keys(this.draft.state.jobs)[0]);
  }
  completeJob(job: number): void {
    this.send({ type: 'completeJob', job, variables: { hasil: job } });
  }
}

/** Most operations that one of a few completions of a job takes, one after another. */
function costOf(instance: Instance): number {
  watch(instance.draft);
  // the first two may count and copy, once, what the draft keeps up from then on
  for (let round = 0; round < 2; round++) instance.completeJob(instance.openJob());
  const costs = Array.from({ length: 3 }, () => {
    const job = instance.openJob();
    return operationsOf(() => instance.completeJob(job));
  });
  return Math.max(...costs);
}

const list = (length: number): Variables => ({ items: Array.from({ length }, (_, index) => index) });

/** `few` and `many` of something: the same number of operations, but for a few that do not come from their number. */
function expectFlat(costFor: (count: number) => number): void {
  const [few, many] = [20, 500];
  const cost = costFor(few);
  expect(cost).toBeGreaterThan(20);
  expect(costFor(many)).toBeLessThanOrEqual(cost + 5);
}

const aged = (process: ProcessModel, rounds: number): Instance => {
  const instance = new Instance(process);
  for (let round = 0; round < rounds; round++) instance.completeJob(instance.openJob());
  return instance;
};
/** Service task `a` over and over. */
const circle = (more: readonly FlowNode[] = []): ProcessModel =>
  processOf(
    [start('s'), gateway('again', 'exclusiveGateway'), service('a'), ...more],
    [path('s', 'again', 'a', 'again')],
  );

/** The same, and beside it `waits`. */
const besideCircle = (again: Gateway['type'], [waits, ...within]: readonly [FlowNode, ...FlowNode[]]): ProcessModel =>
  processOf(
    [start('s'), gateway('fork', 'parallelGateway'), gateway('again', again), service('a'), waits, ...within, end('e')],
    [path('s', 'fork', 'again', 'a', 'again'), path('fork', waits.id, 'e'), path('s2', 'u', 'e2')],
  );
/** For each item a scope, a user task in it, and events that would end the task. */
const scopes: readonly [FlowNode, ...FlowNode[]] = [
  sub('each', forEach()),
  start('s2', { parent: 'each' }),
  user('u', {}, { parent: 'each' }),
  end('e2', { parent: 'each' }),
  boundary('late', 'u', timer('P1D'), { parent: 'each' }),
  boundary('told', 'u', message('kabar', 'k'), { parent: 'each' }),
  boundary('called', 'u', signal('henti'), { parent: 'each' }),
];

describe('a step costs the same', () => {
  test('however old the instance is', () => {
    expectFlat((rounds) => costOf(aged(circle(), rounds)));
  });
  test('however much was completed that could be undone', () => {
    const undo = boundary('undo', 'a', { type: 'compensation' }, { handler: 'undoing' });
    const process = circle([undo, service('undoing', { isForCompensation: true })]);
    expectFlat((rounds) => costOf(aged(process, rounds)));
  });
  test.each([
    ['in parallel, collecting', { outputCollection: 'semua', outputElement: feel('hasil') }],
    ['in parallel, with a condition', { completionCondition: compare('numberOfCompletedInstances', '>', 10_000) }],
    ['one after another', { sequential: true, outputCollection: 'semua', outputElement: feel('hasil') }],
  ])('however many items a multi-instance activity has: %s', (_, loop) => {
    const process = processOf([start('s'), service('a', forEach(loop)), end('e')], [path('s', 'a', 'e')]);
    expectFlat((count) => costOf(new Instance(process, list(count))));
  });
  test.each(['exclusiveGateway', 'inclusiveGateway'] as const)('however much waits beside it: %s', (again) => {
    expectFlat((count) => costOf(new Instance(besideCircle(again, scopes), list(count))));
  });
});

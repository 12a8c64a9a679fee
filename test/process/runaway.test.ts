/** R22 in small: a model that never ends raises an incident on its own case soon; the worker and the other cases go on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseExpression } from '#bpmn/feel.ts';
import type { FeelExpression, ProcessModel } from '#engine/model.ts';
import {
  call,
  end,
  forEach,
  gateway,
  pass,
  path,
  processOf,
  script,
  start,
  user,
  value,
} from '../engine/model-builder.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { RunningWorker, StartedCase } from '../support/stack.ts';

const incidentMs = 10_000;
/** What a machine that does other things as well may add. */
const slowMachineMs = 60_000;
let stack: TestStack;
let worker: RunningWorker;
beforeAll(async () => {
  stack = await TestStack.start();
  worker = await stack.startWorker();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

function expression(source: string): FeelExpression {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(source);
  return { kind: 'feel', source, ast: parsed.ast };
}
const named = (processId: string, ...parts: Parameters<typeof processOf>): ProcessModel => ({
  ...processOf(...parts),
  processId,
});
const scripted = (processId: string, source: string): ProcessModel =>
  named(processId, [start('a'), script('s', 'x', expression(source)), end('z')], [path('a', 's', 'z')]);

const runaways: readonly ProcessModel[] = [
  named('lingkaran', [start('a'), gateway('g', 'exclusiveGateway'), pass('p'), end('z')], [path('a', 'g', 'p', 'g')]),
  named('diri-sendiri', [start('a'), call('c', 'diri-sendiri'), end('z')], [path('a', 'c', 'z')]),
  named(
    'seratus-ribu',
    [start('a'), user('u', {}, forEach({ inputCollection: null, cardinality: value(100_000) })), end('z')],
    [path('a', 'u', 'z')],
  ),
  scripted('silang', 'for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c'),
];

const neighbour = named('tetangga', [start('a'), user('u'), user('v'), end('z')], [path('a', 'u', 'v', 'z')]);

/** An incident of the case, or of one that it called. */
async function incidentOf({ instanceKey }: StartedCase): Promise<string> {
  return eventually(async () => {
    const { rows } = await stack.pool.query<{ code: string }>(
      'select i.code from incident i join instance n on n.key = i.instance_key where n.root_key = $1 or n.key = $1',
      [instanceKey],
    );
    return rows[0]?.code;
  }, incidentMs + slowMachineMs);
}

describe('a runaway model', () => {
  it.each(runaways)(
    '$processId: is an incident of its own',
    async (model) => {
      const published = await stack.publish(neighbour);
      const running = await stack.start(await stack.publish(model));
      const beside = await stack.start(published);
      const task = await stack.taskOf(beside, 'u', slowMachineMs);
      await stack.command(beside, { type: 'completeUserTask', task, variables: {} });
      await stack.taskOf(beside, 'v', slowMachineMs);
      expect(['LIMIT_EXCEEDED', 'EXTRACT_VALUE_ERROR', 'CALLED_ELEMENT_ERROR', 'IO_MAPPING_ERROR']).toContain(
        await incidentOf(running),
      );
      expect(worker.worker.getState()).toBe('RUNNING');
      await stack.command(running, { type: 'cancelInstance', reason: 'cukup' });
      expect(await stack.ended(running, slowMachineMs)).toBe('TERMINATED');
    },
    90_000,
  );

  it('leaves a worker that takes new cases', async () => {
    const started = await stack.start(await stack.publish(neighbour));
    await stack.taskOf(started, 'u', slowMachineMs);
  }, 60_000);
});

/** Issue 3 §4: what a step costs in history. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { boundaryTimer, end, fixed, processOf, serviceTask, start, userTask } from '../support/models.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({ handlers: { jasa: () => Promise.resolve({ outcome: 'completed', variables: {} }) } });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

async function events(started: StartedCase): Promise<string[]> {
  const { events: recorded } = await stack.history(started);
  const { EventType } = temporal.api.enums.v1;
  return (recorded ?? []).map(({ eventType }) => (EventType[eventType ?? 0] ?? '').replace('EVENT_TYPE_', ''));
}

describe('the history budget', () => {
  it('starts an instance and runs one service task to the end in at most 13 events', async () => {
    const model = processOf('jasa', [start('a'), serviceTask('b', 'jasa'), end('c')], ['a>b', 'b>c']);
    const started = await stack.start(await stack.publish(model), { data: 'x'.repeat(500) });
    await stack.client.workflow.getHandle(started.workflowId).result();
    const all = await events(started);
    expect(all.at(-1)).toBe('WORKFLOW_EXECUTION_COMPLETED');
    expect(all.length).toBeLessThanOrEqual(13);
  });

  it('completes a user task in at most 6 events, with due dates and boundary timers', async () => {
    const task = (id: string) => {
      const draft = userTask(id);
      return draft.type === 'userTask'
        ? { ...draft, task: { ...draft.task, dueDate: fixed('2030-01-01T00:00:00Z') } }
        : draft;
    };
    const timers = ['b', 'c', 'd'].flatMap((id) => [
      boundaryTimer(`${id}-batas`, id, 'P1D'),
      boundaryTimer(`${id}-ingat`, id, 'PT12H', false),
    ]);
    const arrows = ['a>b', 'b>c', 'c>d', 'd>z', ...['b', 'c', 'd'].flatMap((id) => [`${id}-batas>x`, `${id}-ingat>y`])];
    const model = processOf(
      'tugas',
      [start('a'), task('b'), task('c'), task('d'), ...timers, end('x'), end('y'), end('z')],
      arrows,
    );
    const started = await stack.start(await stack.publish(model));
    for (const id of ['b', 'c', 'd']) {
      const seq = await stack.taskOf(started, id);
      await stack.state(started);
      const before = (await events(started)).length;
      await stack.command(started, { type: 'completeUserTask', task: seq, variables: { [id]: true } });
      const added = (await events(started)).slice(before);
      // The end of the instance is not part of the task's completion.
      expect(added.filter((type) => type !== 'WORKFLOW_EXECUTION_COMPLETED').length).toBeLessThanOrEqual(6);
    }
    expect(await stack.ended(started)).toBe('COMPLETED');
  });
});

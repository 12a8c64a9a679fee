/** Task listeners: changes of a user task that wait for an answer (zeebe:taskListeners). */
import { describe, expect, test } from '@jest/globals';
import type { TaskListenerResult } from '#engine/command.ts';
import type { TaskListener } from '#engine/model.ts';
import { end, job, path, processOf, start, user, value } from './model-builder.ts';
import { Story } from './story.ts';

const taskWith = (events: readonly TaskListener['event'][], task: object = {}): Story => {
  const taskListeners = events.map((event) => ({ event, job: job(event), headers: {} }));
  return new Story(processOf([start('s'), user('a', task, { taskListeners }), end('e')], [path('s', 'a', 'e')]));
};
const answer = (story: Story, result: Partial<TaskListenerResult> = {}): string[] =>
  story.send({
    type: 'completeJob',
    job: story.jobOf('a'),
    variables: {},
    result: { denied: false, deniedReason: null, corrections: {}, ...result },
  });

describe('completing', () => {
  test('waits for every listener, which may correct the task', () => {
    const story = taskWith(['completing', 'completing']);
    story.start();
    expect(story.completeTask('a', { n: 1 }, 'siti')).toEqual(['userTaskChangeRequested', 'jobCreated']);
    expect(story.completeTask('a')).toEqual(['rejected taskBusy']);
    expect(story.variables).toEqual({});
    expect(answer(story, { corrections: { priority: 90 } })).toEqual(
      'jobCompleted userTaskChangeCorrected jobCreated'.split(' '),
    );
    expect(answer(story)).toEqual(
      'jobCompleted userTaskChangeAllowed userTaskUpdated userTaskCompleted -a +e -e instanceCompleted'.split(' '),
    );
    expect(story.last('userTaskCompleted')).toMatchObject({ by: 'siti' });
    expect(story.variables).toEqual({ n: 1 });
  });
  test('denied, the task stays with its variables unsaid', () => {
    const story = taskWith(['completing']);
    story.start();
    story.completeTask('a', { n: 1 });
    expect(answer(story, { denied: true, deniedReason: 'not yet' })).toEqual(['jobCompleted', 'userTaskChangeDenied']);
    expect(story.state.variableBytes).toBe(0);
    story.completeTask('a', { n: 2 });
    expect(answer(story).at(-1)).toBe('instanceCompleted');
    expect(story.variables).toEqual({ n: 2 });
  });
});

describe('creating and assigning', () => {
  test('the task is nobody’s work before they have answered', () => {
    const story = taskWith(['creating', 'assigning'], { assignee: value('siti') });
    expect(story.start().at(-1)).toBe('jobCreated');
    expect(story.completeTask('a')).toEqual(['rejected unknownTask']);
    expect(answer(story, { corrections: { candidateGroups: ['psm'] } })).toEqual(
      'jobCompleted userTaskChangeCorrected userTaskChangeAllowed userTaskCreated userTaskChangeRequested jobCreated'.split(
        ' ',
      ),
    );
    expect(story.last('userTaskCreated')).toMatchObject({ assignee: null, candidateGroups: ['psm'] });
    expect(answer(story)).toEqual('jobCompleted userTaskChangeAllowed userTaskAssigned'.split(' '));
    expect(story.last('userTaskAssigned')).toMatchObject({ assignee: 'siti' });
  });
});

test('updating', () => {
  const story = taskWith(['updating']);
  story.start();
  const update = (priority: number): string[] =>
    story.send({ type: 'updateUserTask', task: story.elementOf('a'), changes: { priority } });
  expect(update(101)).toEqual(['rejected invalidChange']);
  update(80);
  expect(answer(story).at(-1)).toBe('userTaskUpdated');
  expect(story.last('userTaskUpdated')).toMatchObject({ changes: { priority: 80 }, by: 'orang' });
});

/** An instance that is suspended, and what operators repair by hand. */
import { describe, expect, test } from '@jest/globals';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import {
  boundary,
  catching,
  compare,
  end,
  flow,
  gateway,
  job,
  path,
  processOf,
  service,
  start,
  timer,
  user,
} from './model-builder.ts';
import { startMs, Story } from './story.ts';

const around = (...nodes: FlowNode[]): ProcessModel =>
  processOf([start('s'), ...nodes, end('e')], [path('s', ...nodes.map(({ id }) => id), 'e')]);
/** Stands still for want of `x`. */
const choosing = processOf(
  [start('s'), gateway('g', 'exclusiveGateway'), end('ya'), end('tidak')],
  [path('s', 'g'), flow('g', 'ya', compare('x', '>', 1)), flow('g', 'tidak', compare('x', '<', 2))],
);
const suspend = { type: 'suspendInstance' } as const;
const resume = { type: 'resumeInstance' } as const;

describe('a suspended instance', () => {
  test("refuses people's work, and a second suspension", () => {
    const story = new Story(around(user('t')));
    story.start();
    expect(story.send(suspend)).toEqual(['instanceSuspended']);
    expect(story.completeTask('t')).toEqual(['rejected suspended']);
    expect(story.send(suspend)).toEqual(['rejected suspended']);
    expect(story.send(resume)).toEqual(['instanceResumed']);
    expect(story.completeTask('t').at(-1)).toBe('instanceCompleted');
  });
  test('keeps what machines report, and lets it happen in order when it is resumed', () => {
    const fork = processOf(
      [
        start('s'),
        gateway('g', 'parallelGateway'),
        service('a'),
        service('b'),
        gateway('j', 'parallelGateway'),
        end('e'),
      ],
      [path('s', 'g', 'a', 'j', 'e'), path('g', 'b', 'j')],
    );
    const story = new Story(fork);
    story.start();
    story.send(suspend);
    expect(story.completeJob('b', { b: 1 })).toEqual(['commandKept']);
    expect(story.completeJob('a', { a: 2 })).toEqual(['commandKept']);
    expect(story.variables).toEqual({});
    expect(story.send(resume).filter((word) => !word.startsWith('-g'))).toEqual(
      'instanceResumed keptCommandTaken jobCompleted -b keptCommandTaken jobCompleted -a tokensConsumed +j -j +e -e instanceCompleted'.split(
        ' ',
      ),
    );
    expect(story.variables).toEqual({ b: 1, a: 2 });
  });
  test('a kept command whose element is gone by then says so', () => {
    const model = processOf(
      [start('s'), gateway('g', 'parallelGateway'), service('a'), user('t'), end('e'), end('f')],
      [path('s', 'g', 'a', 'e'), path('g', 't', 'f')],
    );
    const story = new Story(model);
    story.start();
    story.send(suspend);
    story.completeJob('a');
    story.completeJob('a');
    expect(story.send(resume)).toEqual(
      'instanceResumed keptCommandTaken jobCompleted -a +e -e keptCommandTaken keptCommandRefused'.split(' '),
    );
    expect(story.last('keptCommandRefused')).toMatchObject({ command: 'completeJob' });
  });
  test('timers keep the time they have left', () => {
    const story = new Story(around(catching('t', timer('PT1H'))));
    story.start();
    story.later(20 * 60_000);
    story.send(suspend);
    expect(earliestDueMs(story.state)).toBeNull();
    expect(story.later(5 * 3_600_000)).toEqual([]);
    expect(story.send(resume)).toEqual('instanceResumed timerRescheduled'.split(' '));
    expect(story.last('timerRescheduled')?.dueMs).toBe(startMs + 6 * 3_600_000);
    expect(story.later(40 * 60_000 - 1)).toEqual([]);
    expect(story.later(1).at(-1)).toBe('instanceCompleted');
  });
  test('so do attempts of a failed job', () => {
    const story = new Story(around(service('a', { job: job('a', 3, ['PT10M']) })));
    story.start();
    story.send({ type: 'failJob', job: story.jobOf('a'), retries: null, message: '', retryAfterMs: null });
    story.send(suspend);
    story.later(3_600_000);
    expect(story.send(resume)).toEqual('instanceResumed jobRescheduled'.split(' '));
    expect(story.later(10 * 60_000)).toEqual(['jobRetried']);
  });
  test('what an operator repairs is done, and moves only when it is resumed', () => {
    const story = new Story(choosing);
    expect(story.start().at(-1)).toBe('!g EXTRACT_VALUE_ERROR');
    story.send(suspend);
    story.set({ x: 5 });
    expect(story.resolve()).toEqual('incidentResolved stepPaused'.split(' '));
    expect(story.send(resume)).toEqual('stepResumed instanceResumed -g +ya -ya instanceCompleted'.split(' '));
  });
  test('can be cancelled', () => {
    const story = new Story(around(user('t')));
    story.start();
    story.send(suspend);
    expect(story.send({ type: 'cancelInstance', reason: 'salah' }).at(-1)).toBe('instanceTerminated');
  });
  test('takes no more than its limit', () => {
    const story = new Story(around(service('a')));
    story.start();
    story.send(suspend);
    const failing = { type: 'failJob', job: story.jobOf('a'), retries: 9, message: '', retryAfterMs: 0 } as const;
    for (let count = 0; count < 1_000; count++) expect(story.send(failing)).toEqual(['commandKept']);
    expect(story.send(failing)).toEqual(['rejected suspended']);
    expect(story.send(resume).filter((word) => word === 'jobFailed')).toHaveLength(1_000);
  });
  test('an instance that is not suspended cannot be resumed', () => {
    const story = new Story(around(user('t')));
    story.start();
    expect(story.send(resume)).toEqual(['rejected notSuspended']);
  });
});

describe('a repair', () => {
  test('leaves its reason, and what was before and after', () => {
    const story = new Story(around(user('t')));
    story.start({ x: 1 });
    const command = { type: 'setVariables', scope: 0, variables: { x: 2, y: 3 }, local: false } as const;
    expect(story.send(command, 'budi', 'salah ketik')).toEqual(['interventionMade']);
    expect(story.last('interventionMade')).toEqual({
      type: 'interventionMade',
      command: 'setVariables',
      reason: 'salah ketik',
      before: { x: 1 },
      after: { x: 2, y: 3 },
    });
  });
  test('changes when a timer is due, or fires it now', () => {
    const model = processOf(
      [start('s'), user('t'), boundary('b', 't', timer('P1D'), { interrupting: false }), end('e'), end('f')],
      [path('s', 't', 'e'), path('b', 'f')],
    );
    const story = new Story(model);
    story.start();
    const timerSeq = Number(Object.keys(story.state.timers)[0]);
    expect(
      story.send({ type: 'updateTimer', timer: timerSeq, dueMs: startMs + 60_000 }, 'budi', 'lebih cepat'),
    ).toEqual(['interventionMade', 'timerRescheduled']);
    expect(story.last('interventionMade')).toMatchObject({
      before: { dueMs: startMs + 86_400_000 },
      after: { dueMs: startMs + 60_000 },
    });
    expect(earliestDueMs(story.state)).toBe(startMs + 60_000);
    expect(story.send({ type: 'fireTimer', timer: timerSeq })).toEqual('timerFired +b -b +f -f'.split(' '));
    expect(story.send({ type: 'fireTimer', timer: timerSeq })).toEqual(['rejected unknownTimer']);
  });
  test('gives a job attempts, also when none were left', () => {
    const story = new Story(around(service('a', { job: job('a', 1, []) })));
    story.start();
    const seq = story.jobOf('a');
    expect(story.send({ type: 'updateJob', job: seq, retries: 5 })).toEqual(['jobRetriesChanged']);
    story.send({ type: 'failJob', job: seq, retries: 0, message: '', retryAfterMs: 0 });
    expect(story.send({ type: 'updateJob', job: seq, retries: 5 })).toEqual(['rejected invalidChange']);
    expect(story.send({ type: 'retryJob', job: seq, retries: 2 })).toEqual('incidentResolved jobRetried'.split(' '));
    expect(story.state.jobs[seq]?.retries).toBe(2);
  });
  test('an incident is resolved with the variables that were missing', () => {
    const story = new Story(choosing);
    expect(story.start().at(-1)).toBe('!g EXTRACT_VALUE_ERROR');
    const [incident = '0'] = Object.keys(story.state.incidents);
    const command = {
      type: 'resolveIncident',
      incident: Number(incident),
      retries: null,
      variables: { x: 5 },
    } as const;
    expect(story.send(command)).toEqual('incidentResolved -g +ya -ya instanceCompleted'.split(' '));
  });
});

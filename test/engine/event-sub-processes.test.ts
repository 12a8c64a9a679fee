/** Event sub-processes (BPMN 2.0.2 §13.5.4) for every trigger, interrupting and not. */
import { describe, expect, test } from '@jest/globals';
import type { CatchTrigger, FlowNode } from '#engine/model.ts';
import {
  boundary,
  compare,
  conditional,
  end,
  error,
  escalates,
  escalation,
  eventSub,
  message,
  path,
  processOf,
  service,
  signal,
  start,
  sub,
  throwing,
  throwsError,
  timer,
} from './model-builder.ts';
import { Story } from './story.ts';

/** s → a → e beside an event sub-process es with os → oa → oe. */
const beside = (trigger: CatchTrigger, interrupting: boolean, main: readonly FlowNode[] = []): Story =>
  new Story(
    processOf(
      [
        start('s'),
        service('a'),
        end('e'),
        ...main,
        eventSub('es'),
        start('os', { parent: 'es', trigger, interrupting }),
        service('oa', { parent: 'es' }),
        end('oe', { parent: 'es' }),
      ],
      [path('s', 'a', 'e'), path('os', 'oa', 'oe')],
    ),
  );

describe('an interrupting event sub-process', () => {
  test('ends the normal flow, and with it the instance', () => {
    const story = beside(message('stop', 'k'), true);
    story.start();
    expect(story.message('os', { why: 1 })).toEqual(
      'messageCorrelated scopeInterrupted jobCanceled xa +es +os -os +oa jobCreated'.split(' '),
    );
    expect(story.variables).toEqual({ why: 1 });
    expect(story.completeJob('oa')).toEqual('jobCompleted -oa +oe -oe -es instanceCompleted'.split(' '));
  });
  test('occurs once: its other waits are withdrawn', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          service('a'),
          ...['x', 'y'].flatMap((id) => [
            eventSub(id),
            start(`s${id}`, { parent: id, trigger: signal(id) }),
            service(`a${id}`, { parent: id }),
          ]),
        ],
        [path('s', 'a'), path('sx', 'ax'), path('sy', 'ay')],
      ),
    );
    story.start();
    expect(story.signal('sx')).toContain('signalSubscriptionClosed');
    expect(story.state.signalSubscriptions).toEqual({});
    expect(story.signal('sy')).toEqual(['rejected unknownSubscription']);
  });
  test('by a timer', () => {
    const story = beside(timer('PT1H'), true);
    story.start();
    expect(story.later(3_600_000)).toContain('xa');
  });
  test('by an error thrown in the scope; with its code before one for all codes', () => {
    const thrower = throwing('t');
    const story = beside(error('x'), true, [thrower]);
    story.start();
    expect(story.throwError('a', 'x', { n: 1 })).toEqual(
      'jobErrorThrown scopeInterrupted xa +es +os -os +oa jobCreated'.split(' '),
    );
    expect(story.throwError('oa', 'x')).toContain('!oa UNHANDLED_ERROR_EVENT');
  });
  test('by a condition, at once when it holds already', () => {
    const story = beside(conditional(compare('n', '>', 5), ['n']), true);
    story.start({ n: 6 });
    expect(story.state.elements).toHaveProperty(String(story.elementOf('oa')));
    expect(story.elementOf('a')).toBe(-1);
  });
});

describe('a non-interrupting event sub-process', () => {
  test('runs beside the normal flow, as often as it is triggered', () => {
    const story = beside(message('note', 'k'), false);
    story.start();
    story.message('os');
    story.message('os');
    expect(Object.values(story.state.elements).filter(({ elementId }) => elementId === 'oa')).toHaveLength(2);
    expect(story.completeJob('a')).not.toContain('instanceCompleted');
    story.completeJob('oa');
    expect(story.completeJob('oa')).toContain('instanceCompleted');
    expect(story.state.subscriptions).toEqual({});
  });
  test('by a repeating timer', () => {
    const story = beside(timer('R2/PT1H', 'cycle'), false);
    story.start();
    expect(story.later(3_600_000)).toContain('+oa');
    expect(story.later(3_600_000)).toContain('+oa');
    expect(story.later(3_600_000)).toEqual([]);
  });
  test('by an escalation: the thrower goes on', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          throwing('t', { results: [escalates('late')] }),
          service('a'),
          eventSub('es'),
          start('os', { parent: 'es', trigger: escalation('late'), interrupting: false }),
          service('oa', { parent: 'es' }),
        ],
        [path('s', 't', 'a'), path('os', 'oa')],
      ),
    );
    expect(story.start()).toEqual(expect.arrayContaining(['escalationThrown', '+oa', '-t', '+a']));
    expect(story.escalate('oa', 'late')).toEqual(['escalationThrown']);
  });
});

describe('within a sub-process', () => {
  const nested = (interrupting: boolean): Story =>
    new Story(
      processOf(
        [
          start('s'),
          sub('d'),
          end('e'),
          start('ds', { parent: 'd' }),
          service('da', { parent: 'd' }),
          eventSub('es', { parent: 'd' }),
          start('os', { parent: 'es', trigger: message('m', 'k'), interrupting }),
          service('oa', { parent: 'es' }),
          end('oe', { parent: 'es', results: [throwsError('bad')] }),
          boundary('b', 'd', error('bad')),
          service('after'),
        ],
        [path('s', 'd', 'e'), path('ds', 'da'), path('os', 'oa', 'oe'), path('b', 'after')],
      ),
    );

  test.each([true, false])(
    'an error thrown by it reaches the boundary of the sub-process (interrupting: %p)',
    (kind) => {
      const story = nested(kind);
      story.start();
      story.message('os');
      expect(story.completeJob('oa')).toEqual(expect.arrayContaining(['xoe', 'xes', 'xd', '+b', '+after']));
      expect(story.state.subscriptions).toEqual({});
    },
  );
  test('the sub-process completes when both are done, and the waits end with it', () => {
    const story = nested(false);
    story.start();
    expect(story.completeJob('da')).toContain('messageSubscriptionClosed');
    expect(story.state.status).toBe('completed');
  });
});

/** Timers, messages, errors; boundary, intermediate, start and end events. */
import { describe, expect, test } from '@jest/globals';
import type { FlowNode } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import {
  boundary,
  call,
  catching,
  end,
  eventBased,
  error,
  feel,
  forEach,
  gateway,
  message,
  pass,
  path,
  processOf,
  receive,
  service,
  start,
  sub,
  throwing,
  timer,
  user,
  value,
} from './model-builder.ts';
import { startMs, Story } from './story.ts';

const minute = 60_000;
const errorEnd = (id: string, code: string, extra: object = {}): FlowNode =>
  end(id, { results: [{ type: 'error', error: { code: value(code) } }], ...extra });

describe('timers', () => {
  test('an intermediate timer waits until it is due', () => {
    const story = new Story(processOf([start('s'), catching('t', timer('PT1H')), end('e')], [path('s', 't', 'e')]));
    story.start();
    expect(earliestDueMs(story.state)).toBe(startMs + 60 * minute);
    expect(story.later(59 * minute)).toEqual([]);
    expect(story.later(minute)).toEqual('timerFired -t +e -e instanceCompleted'.split(' '));
  });
  test('a timer that cannot be read is an incident', () => {
    const story = new Story(processOf([start('s'), catching('t', timer('1 jam')), end('e')], [path('s', 't', 'e')]));
    expect(story.start().at(-1)).toBe('!t EXTRACT_VALUE_ERROR');
  });
  test('an interrupting boundary timer ends the task', () => {
    const model = processOf(
      [start('s'), user('u'), boundary('b', 'u', timer('PT1H')), end('e'), end('x')],
      [path('s', 'u', 'e'), path('b', 'x')],
    );
    const story = new Story(model);
    story.start();
    expect(story.later(60 * minute)).toEqual('timerFired userTaskCanceled xu +b -b +x -x instanceCompleted'.split(' '));
    const inTime = new Story(model);
    inTime.start();
    expect(inTime.completeTask('u')).toEqual('userTaskCompleted timerCanceled -u +e -e instanceCompleted'.split(' '));
  });
  test('a non-interrupting cycle reminds as often as it says, late or not', () => {
    const model = processOf(
      [
        start('s'),
        user('u'),
        boundary('b', 'u', timer('R3/PT10M', 'cycle'), { interrupting: false }),
        service('ingat'),
        end('e'),
      ],
      [path('s', 'u', 'e'), path('b', 'ingat')],
    );
    const story = new Story(model);
    story.start();
    expect(story.later(10 * minute)).toEqual('timerFired timerSet +b -b +ingat jobCreated'.split(' '));
    expect(story.later(60 * minute).filter((word) => word === 'timerFired')).toHaveLength(2);
    expect(story.state.timers).toEqual({});
    expect(Object.keys(story.state.jobs)).toHaveLength(3);
  });
  test('everything due fires in order of due time, also what becomes due on the way', () => {
    const model = processOf(
      [
        start('s'),
        gateway('f', 'parallelGateway'),
        catching('a', timer('PT2H')),
        catching('b', timer('PT1H')),
        catching('c', timer('PT0S')),
        end('e'),
      ],
      [path('s', 'f', 'a', 'e'), path('f', 'b', 'c', 'e')],
    );
    const story = new Story(model);
    story.start();
    const words = story.later(180 * minute);
    expect(words.filter((word) => /^-[abc]$/.test(word))).toEqual(['-b', '-a', '-c']);
    expect(words.at(-1)).toBe('instanceCompleted');
  });
  test('boundary timers of a multi-instance activity belong to its body', () => {
    const model = processOf(
      [start('s'), user('u', {}, forEach()), boundary('b', 'u', timer('PT1H')), end('e'), end('x')],
      [path('s', 'u', 'e'), path('b', 'x')],
    );
    const story = new Story(model);
    story.start({ items: [1, 2] });
    expect(Object.keys(story.state.timers)).toHaveLength(1);
    expect(story.later(60 * minute).at(-1)).toBe('instanceCompleted');
    expect(story.state.userTasks).toEqual({});
  });
});

describe('messages', () => {
  test('a receive task waits; the variables go up', () => {
    const story = new Story(processOf([start('s'), receive('r', 'hasil', 'k1'), end('e')], [path('s', 'r', 'e')]));
    story.start();
    expect(story.last('messageSubscriptionOpened')).toMatchObject({
      messageName: 'hasil',
      correlationKey: 'k1',
      closesOnCorrelation: true,
    });
    expect(story.message('r', { x: 1 })).toEqual('messageCorrelated -r +e -e instanceCompleted'.split(' '));
    expect(story.variables).toEqual({ x: 1 });
  });
  test('a correlation key that is neither string nor number is an incident', () => {
    const trigger = { type: 'message', message: { name: value('m'), correlationKey: feel('kunci') } } as const;
    const story = new Story(processOf([start('s'), catching('c', trigger), end('e')], [path('s', 'c', 'e')]));
    expect(story.start().at(-1)).toBe('!c EXTRACT_VALUE_ERROR');
    story.send({ type: 'setVariables', scope: 0, variables: { kunci: 12 }, local: false });
    expect(story.resolve()).toEqual(['incidentResolved', 'messageSubscriptionOpened']);
    expect(story.last('messageSubscriptionOpened')?.correlationKey).toBe('12');
  });
  test('an event-based gateway takes the first event and withdraws the others', () => {
    const model = processOf(
      [
        start('s'),
        eventBased('g'),
        catching('m', message('m', 'k'), { outputs: [{ source: feel('x'), target: 'y' }] }),
        catching('t', timer('PT1H')),
        end('a'),
        end('b'),
      ],
      [path('s', 'g', 'm', 'a'), path('g', 't', 'b')],
    );
    const story = new Story(model);
    expect(story.start().slice(-2)).toEqual(['messageSubscriptionOpened', 'timerSet']);
    expect(story.message('m', { x: 1 })).toEqual(
      'messageCorrelated timerCanceled -g +m -m +a -a instanceCompleted'.split(' '),
    );
    expect(story.variables).toEqual({ y: 1 });
    const late = new Story(model);
    late.start();
    expect(late.later(60 * minute)).toEqual(
      'timerFired messageSubscriptionClosed -g +t -t +b -b instanceCompleted'.split(' '),
    );
  });
  test('a non-interrupting boundary message may come again and again', () => {
    const model = processOf(
      [start('s'), user('u'), boundary('b', 'u', message('m', 'k'), { interrupting: false }), end('e'), end('x')],
      [path('s', 'u', 'e'), path('b', 'x')],
    );
    const story = new Story(model);
    story.start();
    expect(story.message('b', { n: 1 })).toEqual('messageCorrelated +b -b +x -x'.split(' '));
    story.message('b', { n: 2 });
    expect(story.variables).toEqual({ n: 2 });
    expect(story.completeTask('u')).toContain('messageSubscriptionClosed');
    expect(story.state.endElements).toEqual(['x', 'e']);
  });
  test('a throw event publishes what its inputs say', () => {
    const send = {
      kind: 'publish',
      message: { name: value('m'), correlationKey: feel('k') },
      timeToLive: value('P7D'),
      messageId: feel('id'),
    } as const;
    const inputs = [{ source: feel('isi'), target: 'hasil' }];
    const story = new Story(
      processOf(
        [start('s'), throwing('t', { results: [{ type: 'message', send }], inputs }), end('e')],
        [path('s', 't', 'e')],
      ),
    );
    expect(story.start({ k: 'a', id: 'i', isi: 5 }).at(-1)).toBe('instanceCompleted');
    expect(story.last('messagePublished')).toMatchObject({
      messageName: 'm',
      correlationKey: 'a',
      messageId: 'i',
      timeToLiveMs: 604_800_000,
      variables: { hasil: 5 },
    });
  });
  test('a message start event brings its variables', () => {
    const model = processOf(
      [start('s', { trigger: message('m', 'k'), outputs: [{ source: feel('a'), target: 'b' }] }), service('x')],
      [path('s', 'x')],
    );
    const story = new Story(model);
    expect(story.start()).toEqual(['rejected noStartEvent']);
    story.start({ a: 1 }, { startElement: 's' });
    expect(story.variables).toEqual({ b: 1 });
  });
});

describe('errors', () => {
  const model = processOf(
    [
      start('s'),
      sub('d'),
      start('ds', { parent: 'd' }),
      service('a', { parent: 'd' }),
      end('de', { parent: 'd' }),
      boundary('a1', 'a', error('E1'), { parent: 'd' }),
      boundary('semua', 'd', error(null), { outputs: [{ source: feel('sebab'), target: 'alasan' }] }),
      boundary('d2', 'd', error('E2')),
      end('e'),
      end('x'),
      end('y'),
    ],
    [path('s', 'd', 'e'), path('ds', 'a', 'de'), path('a1', 'de'), path('semua', 'x'), path('d2', 'y')],
  );
  test('the nearest boundary event with the code', () => {
    const story = new Story(model);
    story.start();
    expect(story.throwError('a', 'E1')).toEqual(
      'jobErrorThrown xa +a1 -a1 +de -de -d +e -e instanceCompleted'.split(' '),
    );
  });
  test('in one scope the same code comes before one that catches all', () => {
    const story = new Story(model);
    story.start();
    expect(story.throwError('a', 'E2')).toEqual('jobErrorThrown xa xd +d2 -d2 +y -y instanceCompleted'.split(' '));
  });
  test('an event without a code catches every code; variables stay with the event', () => {
    const story = new Story(model);
    story.start();
    expect(story.throwError('a', 'E9', { sebab: 'rusak' }).slice(0, 4)).toEqual(
      'jobErrorThrown xa xd +semua'.split(' '),
    );
    expect(story.variables).toEqual({ alasan: 'rusak' });
  });
  test('an error end event', () => {
    const ending = processOf(
      [
        start('s'),
        sub('d'),
        start('ds', { parent: 'd' }),
        errorEnd('de', 'E', { parent: 'd' }),
        boundary('b', 'd', error('E')),
        end('e'),
        end('x'),
      ],
      [path('s', 'd', 'e'), path('ds', 'de'), path('b', 'x')],
    );
    expect(new Story(ending).start().slice(-8)).toEqual('+de xde xd +b -b +x -x instanceCompleted'.split(' '));
  });
  test('an error that nothing catches is an incident; resolving gives a new job', () => {
    const story = new Story(processOf([start('s'), service('a'), end('e')], [path('s', 'a', 'e')]));
    story.start();
    expect(story.throwError('a', 'E')).toEqual(['jobErrorThrown', '!a UNHANDLED_ERROR_EVENT']);
    expect(story.resolve()).toEqual(['incidentResolved', 'jobCreated']);
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
  test('a called instance ends with it', () => {
    const parent = { instanceKey: '9', processId: 'q', element: 3, rootInstanceKey: '9' };
    const story = new Story(processOf([start('s'), service('a'), pass('b'), end('e')], [path('s', 'a', 'b', 'e')]));
    story.start({}, { parent });
    expect(story.throwError('a', 'E', { v: 1 })).toEqual(['jobErrorThrown', 'xa', 'instanceErrored']);
    expect(story.last('instanceErrored')).toMatchObject({ code: 'E', variables: { v: 1 } });
    expect(story.state.status).toBe('errored');
  });
});

describe('call activity', () => {
  const model = processOf(
    [start('s'), call('c', 'q'), boundary('b', 'c', error('E')), end('e'), end('x')],
    [path('s', 'c', 'e'), path('b', 'x')],
  );
  const ended = (story: Story, outcome: object): string[] =>
    story.send({ type: 'endChild', element: story.elementOf('c'), outcome: outcome as never });
  test('gives all variables, gets all back', () => {
    const story = new Story(model);
    story.start({ a: 1 });
    expect(story.last('childCalled')).toMatchObject({ processId: 'q', variables: { a: 1 } });
    expect(ended(story, { type: 'completed', variables: { b: 2 } })).toEqual(
      'childEnded -c +e -e instanceCompleted'.split(' '),
    );
    expect(story.variables).toEqual({ a: 1, b: 2 });
  });
  test('an error of the called instance is caught here', () => {
    const story = new Story(model);
    story.start();
    expect(ended(story, { type: 'error', code: 'E', message: '', variables: {} })).toEqual(
      'childEnded xc +b -b +x -x instanceCompleted'.split(' '),
    );
  });
  test('what cannot be started or was terminated is an incident; resolving calls again', () => {
    const story = new Story(model);
    story.start();
    const first = story.last('childCalled')?.call;
    expect(ended(story, { type: 'notStarted', message: 'no such process' })).toEqual([
      'childEnded',
      '!c CALLED_ELEMENT_ERROR',
    ]);
    expect(story.resolve()).toEqual(['incidentResolved', 'childCalled']);
    expect(story.last('childCalled')?.call).not.toBe(first);
    expect(ended(story, { type: 'terminated' }).at(-1)).toBe('!c CALLED_ELEMENT_ERROR');
    expect(ended(story, { type: 'terminated' })).toEqual(['rejected unknownElement']);
  });
  test('only mapped variables cross when the model says so', () => {
    const isolated = processOf(
      [
        start('s'),
        call('c', 'q', {
          propagateAllParentVariables: false,
          propagateAllChildVariables: false,
          inputs: [{ source: feel('a'), target: 'x' }],
        }),
        end('e'),
      ],
      [path('s', 'c', 'e')],
    );
    const story = new Story(isolated);
    story.start({ a: 1, rahasia: 2 });
    expect(story.last('childCalled')?.variables).toEqual({ x: 1 });
    ended(story, { type: 'completed', variables: { b: 2 } });
    expect(story.variables).toEqual({ a: 1, rahasia: 2 });
  });
  test('is cancelled with its caller', () => {
    const story = new Story(model);
    story.start();
    expect(story.send({ type: 'cancelInstance', reason: '' })).toEqual(['childCanceled', 'xc', 'instanceTerminated']);
  });
});

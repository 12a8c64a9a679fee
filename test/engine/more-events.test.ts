/** Signals, escalations, conditions, links, multiple events, listeners, and what starts an instance. */
import { describe, expect, test } from '@jest/globals';
import {
  boundary,
  broadcasts,
  catching,
  compare,
  conditional,
  end,
  escalates,
  escalation,
  eventBased,
  link,
  listener,
  message,
  path,
  processOf,
  receive,
  service,
  signal,
  start,
  sub,
  throwing,
  timer,
  user,
  value,
} from './model-builder.ts';
import { Story } from './story.ts';

describe('signals', () => {
  test('a catch event, a boundary event that stays open, a broadcast with its own variables', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          catching('c', signal('go')),
          throwing('t', {
            results: [broadcasts('gone')],
            inputs: [{ source: value(3), target: 'n' }],
          }),
          service('a'),
          boundary('b', 'a', signal('note'), { interrupting: false }),
          service('x'),
        ],
        [path('s', 'c', 't', 'a'), path('b', 'x')],
      ),
    );
    story.start();
    expect(story.signal('c', { v: 1 })).toEqual(expect.arrayContaining(['signalReceived', '-c', '+a']));
    expect(story.last('signalBroadcast')).toMatchObject({ signalName: 'gone', variables: { n: 3 } });
    expect(story.variables).toEqual({ v: 1 });
    expect(story.signal('b')).toContain('+x');
    expect(story.signal('b')).toContain('+x');
  });
});

describe('escalations', () => {
  const within = (interrupting: boolean): Story =>
    new Story(
      processOf(
        [
          start('s'),
          sub('d'),
          start('ds', { parent: 'd' }),
          throwing('t', { parent: 'd', results: [escalates('late')] }),
          service('da', { parent: 'd' }),
          boundary('b', 'd', escalation(null), { interrupting }),
          service('help'),
        ],
        [path('s', 'd'), path('ds', 't', 'da'), path('b', 'help')],
      ),
    );
  test('a non-interrupting boundary event: the thrower goes on', () => {
    expect(within(false).start()).toEqual(expect.arrayContaining(['+b', '+help', '-t', '+da']));
  });
  test('an interrupting one ends it', () => {
    const words = within(true).start();
    expect(words).toEqual(expect.arrayContaining(['xt', 'xd', '+help']));
    expect(words).not.toContain('-t');
  });
  test('on a task, thrown by whoever does it', () => {
    const story = new Story(
      processOf(
        [start('s'), user('a'), boundary('b', 'a', escalation('x'), { interrupting: false }), service('help')],
        [path('s', 'a'), path('b', 'help')],
      ),
    );
    story.start();
    expect(story.escalate('a', 'x', { why: 'late' })).toEqual(expect.arrayContaining(['escalationThrown', '+help']));
    expect(story.escalate('a', 'y')).toEqual(['escalationThrown']);
    expect(story.variables).toEqual({ why: 'late' });
    expect(story.send({ type: 'throwEscalation', element: 99, code: 'x', variables: {} })).toEqual([
      'rejected unknownElement',
    ]);
  });
});

describe('conditions', () => {
  const watching = (interrupting: boolean): Story =>
    new Story(
      processOf(
        [
          start('s'),
          service('a'),
          boundary('b', 'a', conditional(compare('n', '>', 5), ['n']), { interrupting }),
          service('x'),
        ],
        [path('s', 'a'), path('b', 'x')],
      ),
    );
  test('occur when they become true, and again only after they were false', () => {
    const story = watching(false);
    story.start({ n: 1 });
    expect(story.set({ other: 9 })).toEqual([]);
    expect(story.set({ n: 6 })).toContain('+x');
    expect(story.set({ n: 7 })).toEqual([]);
    story.set({ n: 2 });
    expect(story.set({ n: 8 })).toContain('+x');
  });
  test('end the activity when interrupting', () => {
    const story = watching(true);
    story.start({ n: 1 });
    expect(story.set({ n: 6 })).toEqual(expect.arrayContaining(['conditionChanged', 'xa', '+x']));
    expect(story.state.conditions).toEqual({});
  });
  test('do not see variables of a scope beside them', () => {
    const story = watching(false);
    story.start({ n: 1 });
    story.set({ n: 9 }, story.elementOf('a'), true);
    expect(story.elementOf('x')).not.toBe(-1);
  });
  test('a catch event is passed at once when its condition holds already', () => {
    const story = new Story(
      processOf([start('s'), catching('c', conditional(compare('n', '>', 5), ['n'])), end('e')], [path('s', 'c', 'e')]),
    );
    expect(story.start({ n: 6 }).at(-1)).toBe('instanceCompleted');
  });
});

test('links are flows without a line', () => {
  const story = new Story(
    processOf(
      [start('s'), throwing('t', { results: [{ type: 'link' }] }), catching('c', { type: 'link' }), end('e')],
      [path('s', 't'), link('t', 'c'), path('c', 'e')],
    ),
  );
  expect(story.start()).toEqual('instanceStarted +s -s +t -t +c -c +e -e instanceCompleted'.split(' '));
});

describe('multiple events', () => {
  const triggers = [signal('x'), message('m', 'k'), timer('PT1H')] as const;
  test('any of the triggers', () => {
    const story = new Story(
      processOf([start('s'), catching('c', { type: 'multiple', triggers }), end('e')], [path('s', 'c', 'e')]),
    );
    story.start();
    expect(story.later(3_600_000)).toEqual(
      'timerFired messageSubscriptionClosed signalSubscriptionClosed -c +e -e instanceCompleted'.split(' '),
    );
  });
  test('all of the triggers, in any order', () => {
    const story = new Story(
      processOf([start('s'), catching('c', { type: 'parallelMultiple', triggers }), end('e')], [path('s', 'c', 'e')]),
    );
    story.start();
    expect(story.message('c', { a: 1 })).toEqual(['messageCorrelated', 'eventPartOccurred']);
    expect(story.later(3_600_000)).toEqual(['timerFired', 'eventPartOccurred']);
    expect(story.signal('c', { b: 2 }).at(-1)).toBe('instanceCompleted');
    expect(story.variables).toEqual({ a: 1, b: 2 });
  });
  test('a boundary event that does not interrupt waits for all of them again', () => {
    const pair = [signal('x'), signal('y')];
    const story = new Story(
      processOf(
        [
          start('s'),
          service('a'),
          boundary('b', 'a', { type: 'parallelMultiple', triggers: pair }, { interrupting: false }),
          service('z'),
        ],
        [path('s', 'a'), path('b', 'z')],
      ),
    );
    story.start();
    const receive = (part: number): string[] => {
      const [seq = '0'] =
        Object.entries(story.state.signalSubscriptions).find(([, subscription]) => subscription.part === part) ?? [];
      return story.send({ type: 'receiveSignal', subscription: Number(seq), signalKey: '1', variables: {} });
    };
    for (let round = 0; round < 2; round++) {
      expect(receive(0)).not.toContain('+z');
      expect(receive(0)).not.toContain('+z');
      expect(receive(1)).toContain('+z');
    }
  });
  test('a throw event does several things', () => {
    const story = new Story(
      processOf(
        [start('s'), throwing('t', { results: [broadcasts('x'), escalates('y')] }), end('e')],
        [path('s', 't', 'e')],
      ),
    );
    expect(story.start()).toEqual(expect.arrayContaining(['signalBroadcast', 'escalationThrown', '-t']));
  });
});

describe('execution listeners', () => {
  test('are asked in order before the work and before the token leaves', () => {
    const listeners = [listener('start', 'l1'), listener('start', 'l2'), listener('end', 'l3')];
    const story = new Story(processOf([start('s'), user('a', {}, { listeners }), end('e')], [path('s', 'a', 'e')]));
    expect(story.start().at(-1)).toBe('jobCreated');
    expect(story.completeJob('a', { own: 1 })).toEqual(['jobCompleted', 'jobCreated']);
    expect(story.state.elements[story.elementOf('a')]?.variables).toEqual({ own: 1 });
    expect(story.completeJob('a')).toEqual(['jobCompleted', 'userTaskCreated']);
    expect(story.completeTask('a', { done: true })).toEqual(['userTaskCompleted', 'jobCreated']);
    expect(story.completeJob('a', { late: 2 }).at(-1)).toBe('instanceCompleted');
    expect(story.variables).toEqual({ done: true, late: 2 });
  });
  test('of the process: before its first token and after its last', () => {
    const listeners = [listener('start', 'l1'), listener('start', 'l2'), listener('end', 'l3')];
    const story = new Story(processOf([start('s'), end('e')], [path('s', 'e')], { listeners }));
    const answer = (): string[] =>
      story.send({
        type: 'completeJob',
        job: Number(Object.keys(story.state.jobs)[0]),
        variables: { n: story.facts.length },
      });
    expect(story.start({ a: 1 })).toEqual(['instanceStarted', 'jobCreated']);
    expect(answer()).toEqual(['jobCompleted', 'jobCreated']);
    expect(answer()).toEqual('jobCompleted +s -s +e -e jobCreated'.split(' '));
    expect(answer()).toEqual(['jobCompleted', 'instanceCompleted']);
    expect(story.variables).toMatchObject({ a: 1 });
  });
  test('of the process, cancelled in the middle', () => {
    const story = new Story(processOf([start('s')], [], { listeners: [listener('start', 'l')] }));
    story.start();
    expect(story.send({ type: 'cancelInstance', reason: 'x' })).toEqual(['jobCanceled', 'instanceTerminated']);
  });
  test('a listener that runs out of attempts is an incident of the element', () => {
    const listeners = [listener('end', 'l')];
    const story = new Story(processOf([start('s'), user('a', {}, { listeners }), end('e')], [path('s', 'a', 'e')]));
    story.start();
    story.completeTask('a');
    story.send({ type: 'failJob', job: story.jobOf('a'), retries: 0, message: 'no', retryAfterMs: null });
    expect(story.last('incidentRaised')).toMatchObject({ elementId: 'a', code: 'JOB_NO_RETRIES' });
    story.resolve();
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
});

describe('starts', () => {
  test('a receive task', () => {
    const story = new Story(
      processOf([receive('r', 'm', 'k', { instantiate: true }), end('e')], [path('r', 'e')], { startElements: ['r'] }),
    );
    expect(story.start({}, { startElement: null })).toEqual(['rejected noStartEvent']);
    expect(story.start({ n: 1 }, { startElement: 'r' }).at(-1)).toBe('instanceCompleted');
    expect(story.variables).toEqual({ n: 1 });
  });
  const events = (instantiates: 'exclusive' | 'parallel'): Story =>
    new Story(
      processOf(
        [
          eventBased('g', { instantiates }),
          catching('a', message('m', 'k')),
          catching('b', message('n', 'k')),
          end('e'),
        ],
        [path('g', 'a', 'e'), path('g', 'b', 'e')],
        { startElements: ['a', 'b'] },
      ),
    );
  test('an event-based gateway by the first of its events', () => {
    expect(events('exclusive').start({}, { startElement: 'b' })).toEqual(
      'instanceStarted +g -g +b -b +e -e instanceCompleted'.split(' '),
    );
  });
  test('a parallel one waits for the others', () => {
    const story = events('parallel');
    story.start({}, { startElement: 'b' });
    expect(story.message('a').at(-1)).toBe('instanceCompleted');
  });
  test('a parallel multiple start event', () => {
    const trigger = { type: 'parallelMultiple', triggers: [message('m', 'k'), signal('x')] } as const;
    const story = new Story(processOf([start('s', { trigger }), end('e')], [path('s', 'e')]));
    story.start({ a: 1 }, { startElement: 's', startPart: 0 });
    expect(story.state.subscriptions).toEqual({});
    expect(story.signal('s', { b: 2 }).at(-1)).toBe('instanceCompleted');
    expect(story.variables).toEqual({ a: 1, b: 2 });
  });
  test('without any start event every element that no flow reaches', () => {
    const story = new Story(
      processOf([service('a'), service('b'), end('e')], [path('a', 'e'), path('b', 'e')], {
        startElements: ['a', 'b'],
      }),
    );
    story.start();
    story.completeJob('a');
    expect(story.completeJob('b').at(-1)).toBe('instanceCompleted');
  });
});

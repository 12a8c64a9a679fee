/** Compensation and transactions (BPMN 2.0.2 §10.7, §13.5.5). */
import { describe, expect, test } from '@jest/globals';
import type { FlowNode, ProcessModel, SingleResult } from '#engine/model.ts';
import {
  boundary,
  compare,
  end,
  eventSub,
  flow,
  forEach,
  gateway,
  pass,
  path,
  processOf,
  service,
  start,
  sub,
  throwing,
  transaction,
  undoes,
} from './model-builder.ts';
import { Story } from './story.ts';

const undo = { type: 'compensation' } as const;
/** A service task with a compensation handler `u<id>`. */
const undoable = (id: string, extra: object = {}): FlowNode[] => [
  service(id, extra),
  boundary(`c${id}`, id, undo, { handler: `u${id}`, ...parentOf(extra) }),
  service(`u${id}`, { isForCompensation: true, ...parentOf(extra) }),
];
const parentOf = (extra: object): object => ('parent' in extra ? { parent: extra.parent } : {});

const threeThen = (result: SingleResult, properties: ProcessModel['properties'] = {}): Story =>
  new Story(
    processOf(
      [start('s'), ...['a', 'b', 'c'].flatMap((id) => undoable(id)), throwing('t', { results: [result] }), end('e')],
      [path('s', 'a', 'b', 'c', 't', 'e')],
      { properties },
    ),
  );
const done = (story: Story, ...jobs: string[]): string[] => jobs.map((job) => story.completeJob(job)).at(-1) ?? [];

describe('a throw event', () => {
  test('undoes what was completed, all at once, latest first, and waits', () => {
    const story = threeThen(undoes(null));
    story.start();
    expect(done(story, 'a', 'b', 'c').filter((word) => word.startsWith('+u'))).toEqual(['+uc', '+ub', '+ua']);
    done(story, 'ua', 'ub');
    expect(story.completeJob('uc')).toEqual('jobCompleted -uc -t~ -t +e -e instanceCompleted'.split(' '));
    expect(story.state.compensations).toEqual({});
  });
  test('one after the other when the scope asks for it', () => {
    const story = threeThen(undoes(null), { 'alur.compensationOrder': 'sequential' });
    story.start();
    expect(done(story, 'a', 'b', 'c').filter((word) => word.startsWith('+u'))).toEqual(['+uc']);
    expect(story.completeJob('uc')).toContain('+ub');
    expect(story.completeJob('ub')).toContain('+ua');
    expect(story.completeJob('ua')).toContain('instanceCompleted');
  });
  test('one activity only', () => {
    const story = threeThen(undoes('b'));
    story.start();
    expect(done(story, 'a', 'b', 'c').filter((word) => word.startsWith('+u'))).toEqual(['+ub']);
    expect(story.completeJob('ub')).toContain('instanceCompleted');
  });
  test('without waiting: the instance lasts until the handlers are done', () => {
    const story = threeThen(undoes('b', false));
    story.start();
    expect(done(story, 'a', 'b', 'c')).toContain('-e');
    expect(story.state.status).toBe('active');
    expect(story.completeJob('ub')).toContain('instanceCompleted');
  });
  test('two at once undo everything once', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          ...undoable('a'),
          gateway('f', 'parallelGateway'),
          throwing('t', { results: [undoes(null)] }),
          throwing('v', { results: [undoes(null)] }),
          end('e'),
        ],
        [path('s', 'a', 'f', 't', 'e'), path('f', 'v', 'e')],
      ),
    );
    story.start();
    expect(story.completeJob('a').filter((word) => word === '+ua')).toHaveLength(1);
    expect(story.completeJob('ua').at(-1)).toBe('instanceCompleted');
  });
  test('handlers that nobody waits for hold up no join', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          ...undoable('a'),
          throwing('t', { results: [undoes(null, false)] }),
          gateway('f', 'inclusiveGateway', { defaultFlow: 'f>b' }),
          service('b'),
          gateway('j', 'inclusiveGateway'),
          end('e'),
        ],
        [path('s', 'a', 't', 'f', 'b', 'j', 'e'), flow('f', 'j', compare('n', '>', 5))],
      ),
    );
    story.start({ n: 6 });
    expect(story.completeJob('a')).toContain('-j');
  });
  test('with nothing to undo it passes', () => {
    const story = new Story(
      processOf([start('s'), throwing('t', { results: [undoes(null)] }), end('e')], [path('s', 't', 'e')]),
    );
    expect(story.start().at(-1)).toBe('instanceCompleted');
  });
});

describe('a completed sub-process', () => {
  const nested = (extra: FlowNode[] = [], flows: ReturnType<typeof path>[] = []): Story =>
    new Story(
      processOf(
        [
          start('s'),
          sub('d', { inputs: [{ source: { kind: 'static', value: 7 }, target: 'own' }] }),
          start('ds', { parent: 'd' }),
          ...undoable('a', { parent: 'd' }),
          ...undoable('b', { parent: 'd' }),
          ...extra,
          service('c'),
          end('e', { results: [undoes(null)] }),
        ],
        [path('s', 'd', 'c', 'e'), path('ds', 'a', 'b'), ...flows],
      ),
    );

  test('is undone inside, with its variables as they were', () => {
    const story = nested();
    story.start();
    done(story, 'a', 'b', 'c');
    const handler = story.elementOf('ua');
    const holder = story.state.elements[handler]?.scope ?? -1;
    expect(story.state.elements[holder]).toMatchObject({ type: 'compensation', variables: { own: 7 } });
    expect(done(story, 'ua', 'ub')).toEqual('jobCompleted -ub -d~ -e~ -e instanceCompleted'.split(' '));
  });
  test('by its compensation event sub-process, which may undo the inside', () => {
    const story = nested(
      [
        eventSub('es', { parent: 'd' }),
        start('os', { parent: 'es', trigger: undo }),
        throwing('ot', { parent: 'es', results: [undoes('a')] }),
        service('oa', { parent: 'es' }),
      ],
      [path('os', 'ot', 'oa')],
    );
    story.start();
    expect(done(story, 'a', 'b', 'c').filter((word) => /^\+(u|o)/.test(word))).toEqual(['+os', '+ot', '+ot~', '+ua']);
    expect(done(story, 'ua', 'oa')).toContain('instanceCompleted');
  });
  test('by its own handler, then not inside', () => {
    const story = nested([boundary('cd', 'd', undo, { handler: 'ud' }), service('ud', { isForCompensation: true })]);
    story.start();
    expect(done(story, 'a', 'b', 'c').filter((word) => word.startsWith('+u'))).toEqual(['+ud']);
    expect(story.completeJob('ud')).toContain('instanceCompleted');
    expect(story.state.compensations).toEqual({});
  });
  test('a looping one is undone instance by instance', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          sub('d', forEach()),
          start('ds', { parent: 'd' }),
          ...undoable('a', { parent: 'd' }),
          end('e', { results: [undoes(null)] }),
        ],
        [path('s', 'd', 'e'), path('ds', 'a')],
      ),
    );
    story.start({ items: [1, 2] });
    expect(done(story, 'a', 'a').filter((word) => word === '+ua')).toHaveLength(2);
    expect(done(story, 'ua', 'ua')).toContain('instanceCompleted');
  });
  test('an interrupted one is forgotten', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          sub('d'),
          start('ds', { parent: 'd' }),
          ...undoable('a', { parent: 'd' }),
          service('b', { parent: 'd' }),
          boundary('x', 'd', { type: 'error', error: { code: null } }),
          throwing('t', { results: [undoes(null)] }),
          service('after'),
        ],
        [path('s', 'd'), path('ds', 'a', 'b'), path('x', 't', 'after')],
      ),
    );
    story.start();
    story.completeJob('a');
    expect(story.throwError('b', 'x')).toEqual(expect.arrayContaining(['xd', '-t', '+after']));
    expect(story.state.compensations).toEqual({});
  });
});

describe('a transaction', () => {
  const cancelled = (extra: FlowNode[] = []): Story =>
    new Story(
      processOf(
        [
          start('s'),
          transaction('tx'),
          start('ts', { parent: 'tx' }),
          ...undoable('a', { parent: 'tx' }),
          sub('d', { parent: 'tx' }),
          start('ds', { parent: 'd' }),
          ...undoable('b', { parent: 'd' }),
          service('c', { parent: 'd' }),
          end('stop', { parent: 'd', results: [{ type: 'cancel' }] }),
          ...extra,
          boundary('x', 'tx', { type: 'cancel' }),
          pass('p'),
          end('e'),
        ],
        [path('s', 'tx', 'e'), path('ts', 'a', 'd'), path('ds', 'b', 'c', 'stop'), path('x', 'p')],
      ),
    );

  test('is cancelled from within: what was completed is undone, then the cancel event takes the token', () => {
    const story = cancelled();
    story.start();
    const words = done(story, 'a', 'b', 'c');
    expect(words.filter((word) => word.startsWith('+u'))).toEqual(['+ub', '+ua']);
    expect(words).toContain('xd');
    story.completeJob('ua');
    expect(story.completeJob('ub')).toEqual('jobCompleted -ub -d~ -tx~ xtx +x -x +p -p instanceCompleted'.split(' '));
  });
  test('with nothing to undo the event takes the token at once', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          transaction('tx'),
          start('ts', { parent: 'tx' }),
          end('stop', { parent: 'tx', results: [{ type: 'cancel' }] }),
          boundary('x', 'tx', { type: 'cancel' }),
          end('e'),
        ],
        [path('s', 'tx'), path('ts', 'stop'), path('x', 'e')],
      ),
    );
    expect(story.start()).toEqual(expect.arrayContaining(['-stop', 'xtx', '+x', 'instanceCompleted']));
  });
  test('completes like any sub-process', () => {
    const story = new Story(
      processOf(
        [start('s'), transaction('tx'), start('ts', { parent: 'tx' }), end('te', { parent: 'tx' }), end('e')],
        [path('s', 'tx', 'e'), path('ts', 'te')],
      ),
    );
    expect(story.start()).toEqual(expect.arrayContaining(['-tx', 'instanceCompleted']));
  });
});

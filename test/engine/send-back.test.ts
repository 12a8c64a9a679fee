/** A case goes back to an earlier element; and a case that is cancelled with all that it has done undone. */
import { describe, expect, test } from '@jest/globals';
import type { Seq } from '#engine/command.ts';
import type { ProcessModel } from '#engine/model.ts';
import { step } from '#engine/step.ts';
import {
  boundary,
  compare,
  complex,
  end,
  eventSub,
  flow,
  forEach,
  gateway,
  message,
  path,
  processOf as drawn,
  service,
  start,
  sub,
  timer,
  user,
} from './model-builder.ts';
import { Story } from './story.ts';

const processOf = (...parts: Parameters<typeof drawn>): ProcessModel => ({ ...drawn(...parts), processId: 'proses' });

class Returned extends Story {
  back(to: string, from: Seq | null = null): string[] {
    return this.send({ type: 'sendBack', to, from }).filter((word) => !word.startsWith('userTask'));
  }
  refused(to: string, from: Seq | null = null): string {
    const result = step(this.process, this.state, { type: 'sendBack', to, from }, { nowMs: this.nowMs, actor: 'ani' });
    return result.ok ? '' : result.rejection.message;
  }
  get active(): string[] {
    return Object.values(this.state.elements)
      .filter(({ seq }) => seq !== 0)
      .map(({ elementId }) => elementId)
      .toSorted();
  }
}
function begun(model: ProcessModel, variables = {}): Returned {
  const story = new Returned(model);
  story.start(variables);
  return story;
}

/** Proposal and check by two people; a check that is refused leads back; a reminder beside the check. */
const proposal = processOf(
  [
    start('s'),
    user('usul'),
    user('periksa', { notSameAs: ['usul'] }),
    boundary('ingat', 'periksa', timer('PT1H'), { interrupting: false }),
    user('telepon'),
    end('ie'),
    gateway('g', 'exclusiveGateway', { defaultFlow: 'g>sah' }),
    user('sah'),
    end('e'),
  ],
  [
    path('s', 'usul', 'periksa', 'g', 'sah', 'e'),
    path('ingat', 'telepon', 'ie'),
    flow('g', 'usul', compare('ulang', '=', 1)),
  ],
);
const fork = processOf(
  [
    start('s'),
    gateway('g', 'parallelGateway'),
    user('a'),
    user('b'),
    gateway('j', 'parallelGateway'),
    user('c'),
    user('d'),
    end('e'),
  ],
  [path('s', 'g', 'a', 'j', 'c', 'd', 'e'), path('g', 'b', 'j')],
);

describe('sending back', () => {
  test('withdraws what comes after, with its waits; variables stay', () => {
    const story = begun(proposal);
    story.completeTask('usul', { nominal: 5 }, 'ani');
    story.later(3_600_000);
    expect(story.active).toEqual(['periksa', 'telepon']);
    expect(story.back('usul')).toEqual(['sentBack', '+usul', 'xperiksa', 'xtelepon']);
    expect(story.variables).toEqual({ nominal: 5 });
    expect(story.state.timers).toEqual({});
  });
  test('the check must differ from who does the returned work, not from who did it before', () => {
    const story = begun(proposal);
    story.completeTask('usul', {}, 'ani');
    story.back('usul');
    expect(story.last('sentBack')).toMatchObject({ to: 'usul', forgotten: ['usul'] });
    story.completeTask('usul', {}, 'budi');
    expect(story.completeTask('periksa', {}, 'budi')).toEqual(['rejected fourEyes']);
    expect(story.completeTask('periksa', {}, 'ani')).not.toEqual(['rejected fourEyes']);
  });
  test('does not take the way of a loop for what comes after', () => {
    const story = begun(proposal);
    story.completeTask('usul', {}, 'ani');
    story.completeTask('periksa', { ulang: 1 }, 'budi');
    expect(story.active).toEqual(['usul']);
    expect(story.refused('periksa')).toContain('Nothing that comes after');
    expect(story.back('usul')).toEqual(['sentBack', '+usul', 'xusul']);
  });
  test('leaves what runs beside it alone', () => {
    const story = begun(fork);
    story.completeTask('a');
    expect(story.back('a')).toEqual(['sentBack', '+a', 'tokensConsumed']);
    expect(story.active).toEqual(['a', 'b']);
  });
  test('a join gets back the token of a branch beside it', () => {
    const story = begun(fork);
    for (const task of ['a', 'b', 'c']) story.completeTask(task);
    expect(story.back('a')).toEqual(['sentBack', '+a', 'xd']);
    expect(story.state.elements[0]?.waitingTokens).toEqual({ 'b>j': 1 });
    for (const task of ['a', 'c', 'd']) story.completeTask(task);
    expect(story.state.status).toBe('completed');
  });
  test('to before a split withdraws all branches', () => {
    const model = processOf(
      [
        start('s'),
        user('t'),
        gateway('g', 'parallelGateway'),
        user('a'),
        user('b'),
        gateway('j', 'parallelGateway'),
        end('e'),
      ],
      [path('s', 't', 'g', 'a', 'j', 'e'), path('g', 'b', 'j')],
    );
    const story = begun(model);
    story.completeTask('t');
    story.completeTask('b');
    expect(story.back('t', story.elementOf('a'))).toEqual(['sentBack', '+t', 'tokensConsumed', 'xa']);
  });
  test('with `from` what came from another pass stays', () => {
    const model = processOf(
      [start('s'), gateway('g', 'parallelGateway'), user('a'), user('b'), user('c'), end('e')],
      [path('s', 'g', 'a', 'c', 'e'), path('g', 'b', 'c')],
    );
    const story = begun(model);
    story.completeTask('a');
    story.completeTask('b');
    expect(story.active).toEqual(['c', 'c']);
    expect(story.back('a', story.elementOf('c'))).toEqual(['sentBack', '+a', 'xc']);
    expect(story.last('sentBack')).toMatchObject({ forgotten: [] });
    expect(story.active).toEqual(['a', 'c']);
    expect(story.refused('a', story.elementOf('a'))).toBe('');
  });
  test('a complex gateway forgets that it has fired', () => {
    const model = processOf(
      [
        start('s'),
        gateway('g', 'parallelGateway'),
        user('a'),
        user('b'),
        complex('j', compare('activationCount', '>=', 1)),
        user('c'),
        end('e'),
      ],
      [path('s', 'g', 'a', 'j', 'c', 'e'), path('g', 'b', 'j')],
    );
    const story = begun(model);
    story.completeTask('a');
    expect(story.back('a')).toEqual(['sentBack', '+a', 'xc', 'gatewayPhaseChanged']);
    story.completeTask('b');
    expect(story.active).toEqual(['a', 'c']);
    story.completeTask('a');
    story.completeTask('c');
    expect(story.state.status).toBe('completed');
  });
});

describe('sending back and scopes', () => {
  const nested = processOf(
    [
      start('s'),
      user('t'),
      sub('p', forEach()),
      start('ps', { parent: 'p' }),
      user('x', {}, { parent: 'p' }),
      user('y', { notSameAs: ['x'] }, { parent: 'p' }),
      end('pe', { parent: 'p' }),
      eventSub('es', { parent: 'p' }),
      start('ess', { parent: 'es', trigger: message('henti', 'k'), interrupting: true }),
      user('z', {}, { parent: 'es' }),
      end('ese', { parent: 'es' }),
      end('e'),
    ],
    [path('s', 't', 'p', 'e'), path('ps', 'x', 'y', 'pe'), path('ess', 'z', 'ese')],
  );
  test('out of a sub-process ends it, a loop with all its instances', () => {
    const story = begun(nested, { items: [1, 2] });
    story.completeTask('t');
    expect(story.back('t', story.elementOf('x')).filter((word) => word.startsWith('x'))).toEqual(
      'xx xx xp xp xp*'.split(' '),
    );
    expect(story.active).toEqual(['t']);
  });
  test('within one of several, `from` says in which; who did what is kept for the others', () => {
    const story = begun(nested, { items: [1, 2] });
    story.completeTask('t');
    story.completeTask('x', {}, 'ani');
    story.completeTask('x', {}, 'budi');
    expect(story.refused('x')).toContain('active 2 times');
    const second = story.elementOf('y', 1);
    const scope = story.state.elements[second]?.scope;
    expect(story.back('x', second)).toEqual(['sentBack', '+x', 'xy']);
    expect(story.state.elements[story.elementOf('x')]?.scope).toBe(scope);
    expect(story.last('sentBack')).toMatchObject({ forgotten: [] });
  });
  test('refused where an event has ended the normal flow, and where nothing of the scope is active', () => {
    const story = begun(nested, { items: [1] });
    expect(story.refused('x')).toContain("activate 'x'");
    expect(story.refused('e')).toContain('Nothing that comes after');
    expect(story.refused('s')).toContain('start event');
    story.completeTask('t');
    story.message('ess');
    expect(story.active).toEqual(['es', 'p', 'p', 'z']);
    expect(story.refused('x')).not.toBe('');
  });
  test('while suspended: nothing begins before it is resumed', () => {
    const story = begun(proposal);
    story.completeTask('usul');
    story.send({ type: 'suspendInstance' });
    expect(story.back('usul')).toEqual(['sentBack', '+usul', 'timerCanceled', 'xperiksa', 'stepPaused']);
    expect(story.send({ type: 'resumeInstance' }).at(-1)).toBe('userTaskCreated');
  });
});

describe('cancelling with compensation', () => {
  const undone = { type: 'compensation' } as const;
  const model = processOf(
    [
      start('s'),
      service('bayar'),
      boundary('cb', 'bayar', undone, { handler: 'kembalikan' }),
      user('kembalikan', {}, { isForCompensation: true }),
      sub('p'),
      start('ps', { parent: 'p' }),
      service('kirim', { parent: 'p' }),
      boundary('ck', 'kirim', undone, { handler: 'tarik', parent: 'p' }),
      service('tarik', { parent: 'p', isForCompensation: true }),
      user('t', {}, { parent: 'p' }),
      end('pe', { parent: 'p' }),
      end('e'),
    ],
    [path('s', 'bayar', 'p', 'e'), path('ps', 'kirim', 't', 'pe')],
  );
  const cancel = { type: 'cancelInstance', reason: 'ditarik pemohon', compensate: true } as const;
  test('ends what is active, undoes what was done, also by people, then terminates', () => {
    const story = begun(model);
    story.completeJob('bayar');
    story.completeJob('kirim');
    const words = story.send(cancel);
    expect(words).toContain('xp');
    expect(words.at(-1)).not.toBe('instanceTerminated');
    expect(story.send(cancel)).toEqual(['rejected invalidChange']);
    const more = { type: 'activate', elementId: 'e', ancestor: null, variables: [] } as const;
    expect(story.send({ type: 'modifyInstance', instructions: [more] })).toEqual(['rejected invalidModification']);
    story.completeJob('tarik');
    expect(story.state.status).toBe('active');
    expect(story.completeTask('kembalikan').at(-1)).toBe('instanceTerminated');
    expect(story.last('instanceTerminated')).toMatchObject({ reason: 'ditarik pemohon' });
  });
  test('with nothing to undo terminates at once', () => {
    expect(begun(model).send(cancel)).toEqual('scopeInterrupted jobCanceled xbayar instanceTerminated'.split(' '));
  });
  test('an error of what undoes becomes an incident; cancelling plainly ends it', () => {
    const story = begun(model);
    story.completeJob('bayar');
    story.completeJob('kirim');
    story.send(cancel);
    expect(story.throwError('tarik', 'X').at(-1)).toBe('!tarik UNHANDLED_ERROR_EVENT');
    expect(story.send({ type: 'cancelInstance', reason: 'cukup' }).at(-1)).toBe('instanceTerminated');
  });
});

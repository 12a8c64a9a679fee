/** Modification by hand: tokens are put, taken away and moved. */
import { describe, expect, test } from '@jest/globals';
import type { InstructionVariables, ModifyInstruction } from '#engine/command.ts';
import type { ProcessModel } from '#engine/model.ts';
import { step } from '#engine/step.ts';
import {
  adHoc,
  boundary,
  call,
  catching,
  end,
  error,
  eventBased,
  eventSub,
  forEach,
  gateway,
  listener,
  message,
  path,
  processOf as drawn,
  service,
  start,
  sub,
  throwing,
  timer,
  undoes,
  user,
} from './model-builder.ts';
import { startMs, Story } from './story.ts';

interface Targeted {
  readonly ancestor?: number;
  readonly variables?: readonly InstructionVariables[];
}
const activate = (elementId: string, { ancestor, variables = [] }: Targeted = {}): ModifyInstruction => ({
  type: 'activate',
  elementId,
  ancestor: ancestor ?? null,
  variables,
});
const end0 = (element: number): ModifyInstruction => ({ type: 'terminate', element });
const move = (source: number | string, targetElementId: string, ancestor: number | null = null): ModifyInstruction => ({
  type: 'move',
  source: typeof source === 'number' ? { element: source } : { elementId: source },
  targetElementId,
  ancestor,
  variables: [],
});

const processOf = (...parts: Parameters<typeof drawn>): ProcessModel => ({ ...drawn(...parts), processId: 'proses' });

class Repair extends Story {
  modify(...instructions: ModifyInstruction[]): string[] {
    return this.send({ type: 'modifyInstance', instructions });
  }
  /** Why it is refused. */
  refused(...instructions: ModifyInstruction[]): string {
    const command = { type: 'modifyInstance', instructions } as const;
    const result = step(this.process, this.state, command, { nowMs: this.nowMs, actor: 'ani' });
    return result.ok ? '' : `${result.rejection.code}: ${result.rejection.message}`;
  }
  get active(): string[] {
    return Object.values(this.state.elements)
      .filter(({ seq }) => seq !== 0)
      .map(({ elementId }) => elementId);
  }
}
function begun(model: ProcessModel, variables = {}): Repair {
  const story = new Repair(model);
  story.start(variables);
  return story;
}
const line = processOf([start('s'), user('a'), user('b'), end('e')], [path('s', 'a', 'b', 'e')]);
/** s → p(ps → x → y → pe) → e, with a boundary timer on p and a message-started event sub-process within. */
const nested = processOf(
  [
    start('s'),
    user('a'),
    sub('p'),
    boundary('bt', 'p', timer('PT1H')),
    end('late'),
    start('ps', { parent: 'p' }),
    user('x', {}, { parent: 'p' }),
    user('y', {}, { parent: 'p' }),
    end('pe', { parent: 'p' }),
    eventSub('es', { parent: 'p' }),
    start('ess', { parent: 'es', trigger: message('batal', 'k'), interrupting: true }),
    user('z', {}, { parent: 'es' }),
    end('ese', { parent: 'es' }),
    end('e'),
  ],
  [path('s', 'a', 'p', 'e'), path('bt', 'late'), path('ps', 'x', 'y', 'pe'), path('ess', 'z', 'ese')],
);
const fork = processOf(
  [
    start('s'),
    gateway('g', 'parallelGateway'),
    user('a'),
    user('b'),
    gateway('j', 'parallelGateway'),
    user('c'),
    end('e'),
  ],
  [path('s', 'g', 'a', 'j', 'c', 'e'), path('g', 'b', 'j')],
);
const each = processOf(
  [
    start('s'),
    sub('p', forEach()),
    start('ps', { parent: 'p' }),
    user('x', {}, { parent: 'p' }),
    user('y', {}, { parent: 'p' }),
    end('pe', { parent: 'p' }),
    user('t', {}, forEach()),
    end('e'),
  ],
  [path('s', 'p', 't', 'e'), path('ps', 'x', 'y', 'pe')],
);

describe('a token', () => {
  test('is moved: activated first, then terminated', () => {
    const story = begun(line);
    expect(story.modify(move('a', 'b'))).toEqual('+b userTaskCanceled xa userTaskCreated'.split(' '));
    expect(story.completeTask('b').at(-1)).toBe('instanceCompleted');
  });
  test('is moved by key, and variables are set where they are meant to be', () => {
    const story = begun(nested);
    const variables = [
      { scopeId: null, variables: { sendiri: 1 } },
      { scopeId: 'p', variables: { lokal: 2 } },
      { scopeId: 'p', variables: { lagi: 3 } },
    ];
    const source = { element: story.elementOf('a') };
    story.modify({ type: 'move', source, targetElementId: 'y', ancestor: null, variables });
    expect(story.state.elements[story.elementOf('y')]?.variables).toEqual({ sendiri: 1 });
    expect(story.state.elements[story.elementOf('p')]?.variables).toEqual({ lokal: 2, lagi: 3 });
    expect(story.refused(activate('a', { variables: [{ scopeId: 'p', variables: {} }] }))).toContain('Instruction 0');
    story.modify(activate('a', { variables: [{ scopeId: story.process.processId, variables: { umum: 4 } }] }));
    expect(story.variables).toEqual({ umum: 4 });
  });
  test('all instructions or none', () => {
    const story = begun(line);
    expect(story.refused(activate('b'), end0(99))).toBe(
      'invalidModification: Instruction 1: Element 99 is not active.',
    );
    expect(story.active).toEqual(['a']);
    expect(story.refused()).toContain('1 to');
    expect(story.refused(activate('tidak'))).toContain("no element 'tidak'");
    expect(story.refused(end0(0))).toContain('cancelling');
    expect(story.refused(move('a', 'b'), move('a', 'b'))).toContain('moved already');
  });
  test('a trace says what was active before and is asked to be after', () => {
    const story = begun(fork);
    story.completeTask('a');
    const command = { type: 'modifyInstance', instructions: [move('j', 'c'), move('b', 'c')] } as const;
    const done = step(story.process, story.state, command, { nowMs: startMs, actor: 'ani', reason: 'macet' });
    expect(done.ok && done.facts[0]).toEqual({
      type: 'interventionMade',
      command: 'modifyInstance',
      reason: 'macet',
      before: { active: { b: 1, j: 1 } },
      after: { active: { c: 2 } },
    });
  });
});

describe('what is left with nothing', () => {
  test('ends: the scope with its last element, then the instance', () => {
    const story = begun(nested);
    story.completeTask('a');
    expect(story.modify(end0(story.elementOf('x')))).toEqual(
      'userTaskCanceled xx timerCanceled messageSubscriptionClosed xp instanceTerminated'.split(' '),
    );
  });
  test('a scope whose last token moves within it stays', () => {
    const story = begun(nested);
    story.completeTask('a');
    expect(story.modify(move('x', 'y'))).toEqual('+y userTaskCanceled xx userTaskCreated'.split(' '));
    expect(story.completeTask('y').at(-1)).toBe('instanceCompleted');
  });
  test('a called instance is not ended so', () => {
    const story = new Repair(line);
    story.start({}, { parent: { instanceKey: '2', processId: 'q', element: 1, rootInstanceKey: '2' } });
    expect(story.refused(end0(story.elementOf('a')))).toContain('call activity');
  });
  test('a call activity ends with its child', () => {
    const story = begun(processOf([start('s'), call('c', 'anak'), user('a'), end('e')], [path('s', 'c', 'a', 'e')]));
    expect(story.modify(move('c', 'a'))).toEqual('+a childCanceled xc userTaskCreated'.split(' '));
  });
});

describe('scopes', () => {
  test('begin without their start events, with all that they wait for', () => {
    const story = begun(nested);
    expect(story.modify(move('a', 'y'))).toEqual(
      '+p +y userTaskCanceled xa timerSet messageSubscriptionOpened userTaskCreated'.split(' '),
    );
    story.modify(activate('x'));
    expect(story.active).toEqual(['p', 'y', 'x']);
    expect(story.later(3_600_000).at(-1)).toBe('instanceCompleted');
  });
  test('an event sub-process interrupts nothing', () => {
    const story = begun(nested);
    story.completeTask('a');
    story.modify(activate('es'));
    expect(story.active.toSorted()).toEqual(['es', 'p', 'x', 'z']);
    expect(story.modify(end0(story.elementOf('x'))).at(-1)).toBe('xx');
    expect(story.completeTask('z').at(-1)).toBe('instanceCompleted');
  });
  test('several active ones: an ancestor says in which', () => {
    const story = begun(each, { items: [1, 2, 3] });
    expect(story.refused(activate('y'))).toContain('active 3 times');
    const second = story.elementOf('p', 2);
    expect(story.state.elements[second]?.loopCounter).toBe(2);
    expect(story.refused(activate('y', { ancestor: story.elementOf('p', 0) }))).toContain('name one of those');
    story.modify(activate('y', { ancestor: second }));
    expect(story.state.elements[story.elementOf('y')]?.scope).toBe(second);
  });
  test('an ancestor farther out begins new scopes', () => {
    const story = begun(nested);
    story.completeTask('a');
    story.modify(activate('y', { ancestor: 0 }));
    expect(story.active.filter((id) => id === 'p').length).toBe(2);
    expect(story.refused(activate('y', { ancestor: story.elementOf('x') }))).toContain('no scope around');
  });
  test('one that ends by the same modification is no place', () => {
    const story = begun(nested);
    story.completeTask('a');
    expect(story.refused(activate('y'), end0(story.elementOf('p')))).toContain('Instruction 0');
  });
  test('one that has not begun, or is about to complete, is none either', () => {
    const held = processOf(
      [
        start('s'),
        sub('p', { listeners: [listener('start', 'awal'), listener('end', 'akhir')] }),
        start('ps', { parent: 'p' }),
        user('x', {}, { parent: 'p' }),
        end('pe', { parent: 'p' }),
        end('e'),
      ],
      [path('s', 'p', 'e'), path('ps', 'x', 'pe')],
    );
    const story = begun(held);
    expect(story.refused(activate('x'))).toContain('has not begun');
    story.completeJob('p');
    story.completeTask('x');
    expect(story.refused(activate('x'))).toContain('about to complete');
  });
  test('an ad-hoc sub-process that does one thing at a time', () => {
    const model = processOf(
      [
        start('s'),
        adHoc('ah', { sequential: true }),
        user('x', {}, { parent: 'ah' }),
        user('y', {}, { parent: 'ah' }),
        end('e'),
      ],
      [path('s', 'ah', 'e')],
    );
    const story = begun(model);
    story.modify(activate('x'));
    expect(story.refused(activate('y'))).toContain('one thing at a time');
    story.modify(move('x', 'y'));
    expect(story.completeTask('y').at(-1)).toBe('instanceCompleted');
  });
});

describe('what cannot be activated by hand', () => {
  const model = processOf(
    [
      start('s'),
      eventBased('g'),
      catching('m', message('m', 'k')),
      service('a'),
      boundary('be', 'a', error(null)),
      boundary('cb', 'a', { type: 'compensation' }, { handler: 'h' }),
      service('h', { isForCompensation: true }),
      end('e'),
    ],
    [path('s', 'g', 'm', 'a', 'e'), path('be', 'e')],
  );
  test.each([
    ['s', 'start event'],
    ['be', 'boundary event'],
    ['m', "gateway 'g'"],
    ['h', 'only a compensation'],
  ])('%s: %s', (elementId, why) => {
    expect(begun(model).refused(activate(elementId))).toContain(why);
  });
  test('something within a looping sub-process that is not active', () => {
    const story = begun(each, { items: [1] });
    story.completeTask('x');
    story.completeTask('y');
    expect(story.refused(activate('x'))).toContain('repeats');
  });
});

describe('joins', () => {
  test('a gateway by id takes the tokens that wait before it', () => {
    const story = begun(fork);
    story.completeTask('a');
    expect(story.modify({ type: 'terminateAll', elementId: 'j' }, move('b', 'c'))).toEqual(
      '+c tokensConsumed userTaskCanceled xb userTaskCreated'.split(' '),
    );
    expect(story.completeTask('c').at(-1)).toBe('instanceCompleted');
  });
  test('one that is activated lets its token go on without waiting', () => {
    const story = begun(fork);
    story.modify(activate('j'));
    expect(story.active).toEqual(['a', 'b', 'c']);
  });
});

describe('looping activities', () => {
  test('one instance that is moved counts as terminated, the others go on', () => {
    const story = begun(each, { items: [1, 2, 3] });
    for (const _ of [1, 2, 3]) story.completeTask('x');
    for (const _ of [1, 2, 3]) story.completeTask('y');
    story.modify(end0(story.elementOf('t', 1)));
    const body = story.state.elements[story.elementOf('t')];
    expect(body?.loop).toMatchObject({ created: 3, completed: 0, terminated: 1 });
    const tasks = Object.keys(story.state.userTasks).map(Number);
    const ends = tasks.map((task) => story.send({ type: 'completeUserTask', task, variables: {} }).at(-1));
    expect(ends).toEqual(['-t', 'instanceCompleted']);
  });
  test('with the last instance the loop ends; by id it is one token', () => {
    const story = begun(each, { items: [1, 2] });
    expect(story.modify(move('p', 't'))).toEqual(
      '+t* userTaskCanceled xx userTaskCanceled xx xp xp xp* loopStarted +t +t userTaskCreated userTaskCreated'.split(
        ' ',
      ),
    );
    const [first, second] = [story.elementOf('t', 1), story.elementOf('t', 2)];
    story.modify(end0(first));
    expect(story.modify(end0(second))).toEqual('userTaskCanceled xt xt* instanceTerminated'.split(' '));
  });
  test('a token moves within its own instance', () => {
    const story = begun(each, { items: [1, 2] });
    story.modify(move('x', 'y'));
    const scopes = Object.values(story.state.elements).filter(({ elementId }) => elementId === 'y');
    expect(scopes.map(({ scope }) => story.state.elements[scope]?.loopCounter)).toEqual([1, 2]);
  });
});

describe('compensation', () => {
  const model = processOf(
    [
      start('s'),
      service('a'),
      boundary('cb', 'a', { type: 'compensation' }, { handler: 'h' }),
      service('h', { isForCompensation: true }),
      throwing('t', { results: [undoes(null)] }),
      user('b'),
      end('e'),
    ],
    [path('s', 'a', 't', 'b', 'e')],
  );
  test('ends with the event that waits for it; what it has not undone can be undone', () => {
    const story = begun(model);
    story.completeJob('a');
    const holder = Object.values(story.state.elements).find(({ type }) => type === 'compensation')?.seq ?? 0;
    expect(story.refused(end0(holder))).toContain('waited for');
    expect(story.modify(move(story.elementOf('t'), 'b'))).toEqual(
      '+b xt jobCanceled xh xt~ userTaskCreated'.split(' '),
    );
    expect(story.active).toEqual(['b']);
  });
  test('a handler that is terminated is passed over', () => {
    const story = begun(model);
    story.completeJob('a');
    expect(story.modify(end0(story.elementOf('h')))).toEqual('jobCanceled xh -t~ -t +b userTaskCreated'.split(' '));
  });
});

describe('a suspended instance', () => {
  test('is modified; nothing moves before it is resumed', () => {
    const story = begun(nested);
    story.send({ type: 'suspendInstance' });
    expect(story.modify(move('a', 'y'))).toEqual('+p +y userTaskCanceled xa stepPaused'.split(' '));
    expect(story.modify(activate('x'))).toEqual(['stepResumed', '+x', 'stepPaused']);
    expect(story.send({ type: 'resumeInstance' })).toEqual(
      'stepResumed instanceResumed timerSet messageSubscriptionOpened userTaskCreated userTaskCreated'.split(' '),
    );
  });
  test('a scope that was about to complete has something to do again', () => {
    const story = begun(nested);
    story.completeTask('a');
    story.completeTask('x');
    story.send({ type: 'suspendInstance' });
    story.modify(move('y', 'pe'));
    story.modify(activate('y'));
    story.send({ type: 'resumeInstance' });
    expect(story.active).toEqual(['p', 'y']);
  });
});

describe('an instance that begins in the middle', () => {
  test('at elements, in scopes as needed', () => {
    const story = new Repair(nested);
    expect(story.start({ x: 1 }, { startAt: ['y', 'a'] })).toEqual(
      'instanceStarted +p +y +a timerSet messageSubscriptionOpened userTaskCreated userTaskCreated'.split(' '),
    );
    expect(story.variables).toEqual({ x: 1 });
  });
  test('refused where that cannot be', () => {
    const story = new Repair(each);
    expect(story.start({}, { startAt: ['x'] })).toEqual(['rejected notActivatable']);
    expect(story.start({}, { startAt: [] })).toEqual(['rejected notActivatable']);
    expect(story.start({}, { startAt: ['s'] })).toEqual(['rejected notActivatable']);
  });
  test('once the listeners of the process have answered', () => {
    const story = new Repair({ ...line, listeners: [listener('start', 'awal')] });
    story.start({}, { startAt: ['b'] });
    expect(story.refused(activate('b'))).toContain('has not begun');
    expect(story.completeJob('proses')).toEqual(['jobCompleted', '+b', 'userTaskCreated']);
  });
});

/** Broken models, each with one fault planted, and what the check has to say of it. */
import type { FeelNode } from '#engine/feel/ast.ts';
import type { FeelExpression, FlowNode, ProcessModel, SendDefinition } from '#engine/model.ts';
import {
  adHoc,
  boundary,
  broadcasts,
  call,
  catching,
  compare,
  complex,
  end,
  error,
  escalates,
  escalation,
  eventBased,
  eventSub,
  feel,
  flow,
  gateway,
  message,
  pass,
  path,
  processOf,
  receive,
  script,
  service,
  start,
  sub,
  throwing,
  throwsError,
  timer,
  transaction,
  user,
  value,
} from '../engine/model-builder.ts';

export interface Planted {
  readonly name: string;
  readonly model: ProcessModel;
  /** Findings other than `info`, as `CODE element`; of an `info` fault the code with its severity. */
  readonly found: readonly string[];
  /** What the example path leads to when the engine follows it; absent: nothing that shows in a run. */
  readonly shows?: 'deadlock' | 'runsTwice' | 'endless' | 'reached';
}

const xor = (id: string, extra: object = {}): FlowNode => gateway(id, 'exclusiveGateway', extra);
const and = (id: string, extra: object = {}): FlowNode => gateway(id, 'parallelGateway', extra);
const or = (id: string, extra: object = {}): FlowNode => gateway(id, 'inclusiveGateway', extra);
/** A flow whose condition is a variable of its own. */
const when = (from: string, to: string) => flow(from, to, feel(`${from}_${to}`));
const literal = (holds: boolean): FeelExpression => feel(String(holds), { type: 'boolean', value: holds });
const publishes = (name: string): { readonly type: 'message'; readonly send: SendDefinition } => ({
  type: 'message',
  send: {
    kind: 'publish',
    message: { name: value(name), correlationKey: value('1') },
    timeToLive: null,
    messageId: null,
  },
});
const increment: FeelNode = {
  type: 'arithmetic',
  op: '+',
  left: { type: 'name', name: 'n' },
  right: { type: 'number', value: 1 },
};

const deadlocks: readonly Planted[] = [
  {
    name: 'exclusive split, parallel join',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>b' }), service('a'), service('b'), and('j'), end('e')],
      [path('s', 'x'), when('x', 'a'), path('x', 'b', 'j'), path('a', 'j'), path('j', 'e')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'exclusive split straight into the parallel join',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>j' }), service('a'), and('j'), end('e')],
      [path('s', 'x'), when('x', 'a'), path('x', 'j'), path('a', 'j', 'e')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'inclusive split, parallel join',
    model: processOf(
      [start('s'), or('x', { defaultFlow: 'x>b' }), user('a'), user('b'), and('j'), end('e')],
      [path('s', 'x'), when('x', 'a'), path('x', 'b', 'j'), path('a', 'j'), path('j', 'e')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'event-based split, parallel join',
    model: processOf(
      [
        start('s'),
        eventBased('x'),
        catching('a', timer('PT1H')),
        catching('b', message('jawab', '1')),
        and('j'),
        end('e'),
      ],
      [path('s', 'x', 'a', 'j'), path('x', 'b', 'j', 'e')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'parallel join at the head of a loop',
    model: processOf(
      [start('s'), and('j'), user('a'), xor('x', { defaultFlow: 'x>e' }), end('e')],
      [path('s', 'j', 'a', 'x', 'e'), when('x', 'j')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'two start events, parallel join',
    model: processOf(
      [start('s'), start('m', { trigger: message('mulai', '1') }), service('a'), and('j'), end('e')],
      [path('s', 'a', 'j'), path('m', 'j', 'e')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'interrupting boundary event leads past the parallel join',
    model: processOf(
      [
        start('s'),
        and('f'),
        user('a'),
        boundary('t', 'a', timer('PT1H')),
        service('late'),
        end('over'),
        user('b'),
        and('j'),
        end('e'),
      ],
      [path('s', 'f', 'a', 'j', 'e'), path('f', 'b', 'j'), path('t', 'late', 'over')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'three ways out, two of them joined by an exclusive gateway first',
    model: processOf(
      [start('s'), and('f'), user('a'), user('b'), user('c'), xor('m'), and('j'), user('d'), end('e')],
      [path('s', 'f', 'a', 'm', 'j', 'd', 'e'), path('f', 'b', 'm'), path('f', 'c', 'j')],
    ),
    found: ['error DEADLOCK j', 'warning LACK_OF_SYNCHRONISATION m'],
    shows: 'deadlock',
  },
  {
    name: 'deadlock two scopes down',
    model: processOf(
      [
        start('s'),
        sub('o'),
        start('os', { parent: 'o' }),
        sub('i', { parent: 'o' }),
        start('is', { parent: 'i' }),
        xor('x', { parent: 'i', defaultFlow: 'x>j' }),
        pass('a', { parent: 'i' }),
        and('j', { parent: 'i' }),
        end('ie', { parent: 'i' }),
        end('oe', { parent: 'o' }),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('os', 'i', 'oe'), path('is', 'x', 'j', 'ie'), when('x', 'a'), path('a', 'j')],
    ),
    found: ['error DEADLOCK j'],
    shows: 'deadlock',
  },
  {
    name: 'join of joins: only the inner one is at fault',
    model: processOf(
      [start('s'), and('f'), xor('x', { defaultFlow: 'x>i' }), pass('a'), and('i'), user('b'), and('j'), end('e')],
      [path('s', 'f', 'x', 'i', 'j', 'e'), when('x', 'a'), path('a', 'i'), path('f', 'b', 'j')],
    ),
    found: ['error DEADLOCK i'],
    shows: 'deadlock',
  },
  {
    name: 'complex join that asks for more tokens than can come',
    model: processOf(
      [start('s'), and('f'), user('a'), user('b'), complex('c', compare('activationCount', '>=', 3)), end('e')],
      [path('s', 'f', 'a', 'c', 'e'), path('f', 'b', 'c')],
    ),
    found: ['warning DEADLOCK c'],
    shows: 'deadlock',
  },
  {
    name: 'decisions over the same variable may exclude the deadlock: a warning',
    model: processOf(
      [
        start('s'),
        and('f'),
        xor('x', { defaultFlow: 'x>b' }),
        xor('y', { defaultFlow: 'y>d' }),
        user('a'),
        user('b'),
        user('c'),
        user('d'),
        and('i'),
        and('j'),
        end('e'),
        end('o'),
      ],
      [
        path('s', 'f', 'x', 'b', 'j', 'o'),
        path('f', 'y', 'd', 'j'),
        flow('x', 'a', compare('n', '>', 5)),
        flow('y', 'c', compare('n', '>', 5)),
        path('a', 'i', 'e'),
        path('c', 'i'),
      ],
    ),
    found: ['warning DEADLOCK i', 'warning DEADLOCK j'],
  },
  {
    name: 'an event may end the scope that is stuck: a warning',
    model: processOf(
      [
        start('s'),
        sub('o'),
        boundary('t', 'o', timer('PT1H')),
        start('os', { parent: 'o' }),
        xor('x', { parent: 'o', defaultFlow: 'x>j' }),
        user('a', {}, { parent: 'o' }),
        and('j', { parent: 'o' }),
        end('oe', { parent: 'o' }),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('t', 'e'), path('os', 'x', 'j', 'oe'), when('x', 'a'), path('a', 'j')],
    ),
    found: ['warning DEADLOCK j'],
    shows: 'deadlock',
  },
];

const multiplications: readonly Planted[] = [
  {
    name: 'parallel split, exclusive join',
    model: processOf(
      [start('s'), and('f'), user('a'), user('b'), xor('m'), service('twice'), end('e')],
      [path('s', 'f', 'a', 'm', 'twice', 'e'), path('f', 'b', 'm')],
    ),
    found: ['warning LACK_OF_SYNCHRONISATION m'],
    shows: 'runsTwice',
  },
  {
    name: 'parallel split of automatic branches, exclusive join',
    model: processOf(
      [start('s'), and('f'), pass('a'), xor('m'), pass('twice'), end('e')],
      [path('s', 'f', 'a', 'm', 'twice', 'e'), path('f', 'm')],
    ),
    found: ['warning LACK_OF_SYNCHRONISATION m'],
    shows: 'runsTwice',
  },
  {
    name: 'inclusive split, exclusive join',
    model: processOf(
      [start('s'), or('x', { defaultFlow: 'x>b' }), user('a'), user('b'), user('c'), xor('m'), user('twice'), end('e')],
      [path('s', 'x', 'b', 'm', 'twice', 'e'), when('x', 'a'), when('x', 'c'), path('a', 'm'), path('c', 'm')],
    ),
    found: ['warning LACK_OF_SYNCHRONISATION m'],
    shows: 'runsTwice',
  },
  {
    name: 'parallel split within a loop',
    model: processOf(
      [start('s'), xor('m'), user('a'), and('f'), end('e')],
      [path('s', 'm', 'a', 'f', 'm'), path('f', 'e')],
    ),
    found: ['warning UNREACHABLE_END m'],
    shows: 'reached',
  },
  {
    name: 'parallel split within a loop whose way on is slow',
    model: processOf(
      [start('s'), xor('m'), user('a'), and('f'), user('twice'), end('e')],
      [path('s', 'm', 'a', 'f', 'm'), path('f', 'twice', 'e')],
    ),
    found: ['warning LACK_OF_SYNCHRONISATION m'],
  },
  {
    name: 'non-interrupting boundary event goes back into the main path',
    model: processOf(
      [
        start('s'),
        user('a'),
        boundary('t', 'a', timer('PT1H'), { interrupting: false }),
        xor('m'),
        user('twice'),
        end('e'),
      ],
      [path('s', 'a', 'm', 'twice', 'e'), path('t', 'm')],
    ),
    found: ['warning LACK_OF_SYNCHRONISATION m'],
    shows: 'runsTwice',
  },
  {
    name: 'implicit merge at an activity: only said',
    model: processOf(
      [start('s'), and('f'), user('a'), user('b'), service('twice'), end('e')],
      [path('s', 'f', 'a', 'twice', 'e'), path('f', 'b', 'twice')],
    ),
    found: ['info LACK_OF_SYNCHRONISATION twice'],
    shows: 'runsTwice',
  },
];

const loops: readonly Planted[] = [
  {
    name: 'automatic loop without exit',
    model: processOf(
      [start('s'), xor('m'), pass('a'), xor('x'), end('e'), xor('y', { defaultFlow: 'y>e' })],
      [path('s', 'y', 'e'), when('y', 'm'), path('m', 'a', 'x', 'm')],
    ),
    found: ['error LIVELOCK m'],
    shows: 'endless',
  },
  {
    name: 'automatic loop whose exit is literally closed',
    model: processOf(
      [start('s'), xor('m'), pass('a'), xor('x', { defaultFlow: 'x>m' }), end('e')],
      [path('s', 'm', 'a', 'x', 'm'), flow('x', 'e', literal(false))],
    ),
    found: ['error LIVELOCK m'],
    shows: 'endless',
  },
  {
    name: 'automatic loop that writes nothing its exit depends on',
    model: processOf(
      [start('s'), xor('m'), script('a', 'other', feel('n')), xor('x', { defaultFlow: 'x>e' }), end('e')],
      [path('s', 'm', 'a', 'x', 'e'), when('x', 'm')],
    ),
    found: ['warning LIVELOCK m'],
    shows: 'reached',
  },
  {
    name: 'loop with a user task and no exit',
    model: processOf(
      [start('s'), xor('m'), user('a'), pass('b'), xor('y', { defaultFlow: 'y>e' }), end('e')],
      [path('s', 'y', 'e'), when('y', 'm'), path('m', 'a', 'b', 'm')],
    ),
    found: ['warning UNREACHABLE_END m'],
    shows: 'reached',
  },
  {
    name: 'loop with a user task whose condition always holds',
    model: processOf(
      [start('s'), xor('m'), user('a'), xor('x', { defaultFlow: 'x>e' }), end('e')],
      [path('s', 'm', 'a', 'x', 'e'), flow('x', 'm', literal(true))],
    ),
    found: ['warning UNREACHABLE_END m'],
    shows: 'reached',
  },
  {
    name: 'endless loop in a sub-process',
    model: processOf(
      [
        start('s'),
        sub('o'),
        start('os', { parent: 'o' }),
        user('a', {}, { parent: 'o' }),
        receive('b', 'lagi', '1', { parent: 'o' }),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('os', 'a', 'b', 'a')],
    ),
    found: ['warning UNREACHABLE_END a'],
    shows: 'reached',
  },
];

const deadOnes: readonly Planted[] = [
  {
    name: 'a branch whose condition is literally false',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>e' }), user('a'), pass('b'), end('e')],
      [path('s', 'x', 'e'), flow('x', 'a', literal(false)), path('a', 'b', 'e')],
    ),
    found: ['warning DEAD_ELEMENT a'],
  },
  {
    name: 'a default branch after a condition that is literally true',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>a' }), user('a'), end('e')],
      [path('s', 'x'), flow('x', 'e', literal(true)), path('x', 'a', 'e')],
    ),
    found: ['warning DEAD_ELEMENT a'],
  },
  {
    name: 'nothing leads to a task',
    model: processOf([start('s'), user('a'), user('lost'), end('e')], [path('s', 'a', 'e'), path('lost', 'e')]),
    found: ['warning DEAD_ELEMENT lost'],
  },
  {
    name: 'a circle that nothing leads to',
    model: processOf([start('s'), user('a'), user('b'), end('e')], [path('s', 'e'), path('a', 'b', 'a')]),
    found: ['warning DEAD_ELEMENT a'],
  },
  {
    name: 'an end event behind a closed branch',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>e' }), end('never'), end('e')],
      [path('s', 'x', 'e'), flow('x', 'never', literal(false))],
    ),
    found: ['warning END_NEVER_REACHED never'],
  },
  {
    name: 'an event sub-process for an error that nothing throws',
    model: processOf(
      [
        start('s'),
        user('a'),
        end('e'),
        eventSub('h'),
        start('hs', { parent: 'h', trigger: error('E1') }),
        end('he', { parent: 'h' }),
      ],
      [path('s', 'a', 'e'), path('hs', 'he')],
    ),
    found: ['info DEAD_ELEMENT h'],
  },
  {
    name: 'a boundary event on an activity that never waits',
    model: processOf(
      [start('s'), pass('a'), boundary('t', 'a', timer('PT1H')), user('late'), end('e')],
      [path('s', 'a', 'e'), path('t', 'late', 'e')],
    ),
    found: ['info DEAD_ELEMENT t'],
  },
  {
    name: 'an error boundary event with another code than is thrown',
    model: processOf(
      [
        start('s'),
        sub('o'),
        start('os', { parent: 'o' }),
        xor('x', { parent: 'o', defaultFlow: 'x>oe' }),
        end('oe', { parent: 'o' }),
        end('bad', { parent: 'o', results: [throwsError('E2')] }),
        boundary('b', 'o', error('E1')),
        end('caught'),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('os', 'x', 'oe'), when('x', 'bad'), path('b', 'caught')],
    ),
    found: ['info DEAD_ELEMENT b', 'info ERROR_UNCAUGHT bad'],
  },
  {
    name: 'a cancel boundary event of a transaction that is never cancelled',
    model: processOf(
      [
        start('s'),
        transaction('o'),
        start('os', { parent: 'o' }),
        user('a', {}, { parent: 'o' }),
        end('oe', { parent: 'o' }),
        boundary('b', 'o', { type: 'cancel' }),
        end('canceled'),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('os', 'a', 'oe'), path('b', 'canceled')],
    ),
    found: ['info DEAD_ELEMENT b'],
  },
  {
    name: 'a dead branch inside an ad-hoc sub-process',
    model: processOf(
      [
        start('s'),
        adHoc('o'),
        user('a', {}, { parent: 'o' }),
        xor('x', { parent: 'o', defaultFlow: 'x>c' }),
        user('b', {}, { parent: 'o' }),
        user('c', {}, { parent: 'o' }),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('a', 'x', 'c'), flow('x', 'b', literal(false))],
    ),
    found: ['warning DEAD_ELEMENT b'],
  },
];

const splits: readonly Planted[] = [
  {
    name: 'exclusive split that leaves values out',
    model: processOf(
      [start('s'), xor('x'), user('a'), user('b'), end('e')],
      [
        path('s', 'x'),
        flow('x', 'a', compare('n', '>', 5)),
        flow('x', 'b', compare('n', '<', 5)),
        path('a', 'e'),
        path('b', 'e'),
      ],
    ),
    found: ['warning DEFAULT_MISSING x'],
    shows: 'reached',
  },
  {
    name: 'inclusive split that leaves values out',
    model: processOf(
      [start('s'), or('x'), user('a'), user('b'), or('j'), end('e')],
      [path('s', 'x'), when('x', 'a'), when('x', 'b'), path('a', 'j', 'e'), path('b', 'j')],
    ),
    found: ['warning DEFAULT_MISSING x'],
    shows: 'reached',
  },
  {
    name: 'conditional flows out of a task',
    model: processOf([start('s'), user('t'), end('a'), end('b')], [path('s', 't'), when('t', 'a'), when('t', 'b')]),
    found: ['warning DEFAULT_MISSING t'],
    shows: 'reached',
  },
];

const throwers: readonly Planted[] = [
  {
    name: 'a message that nobody catches',
    model: processOf([start('s'), throwing('m', { results: [publishes('kabar')] }), end('e')], [path('s', 'm', 'e')]),
    found: ['warning MESSAGE_WITHOUT_SUBSCRIBER m'],
    shows: 'reached',
  },
  {
    name: 'a message that is caught by another name',
    model: processOf(
      [start('s'), user('a'), end('m', { results: [publishes('kabar')] }), receive('r', 'kabr', '1'), and('f')],
      [path('s', 'f', 'a', 'm'), path('f', 'r')],
    ),
    found: ['warning MESSAGE_WITHOUT_SUBSCRIBER m'],
    shows: 'reached',
  },
  {
    name: 'a signal that nobody catches: only said',
    model: processOf([start('s'), end('m', { results: [broadcasts('kabar')] })], [path('s', 'm')]),
    found: ['info SIGNAL_WITHOUT_SUBSCRIBER m'],
    shows: 'reached',
  },
  {
    name: 'an escalation that nobody catches: only said',
    model: processOf(
      [
        start('s'),
        sub('o'),
        start('os', { parent: 'o' }),
        throwing('m', { parent: 'o', results: [escalates('naik')] }),
        end('oe', { parent: 'o' }),
        boundary('b', 'o', escalation('lain')),
        call('c', 'other'),
        end('e'),
      ],
      [path('s', 'o', 'e'), path('os', 'm', 'oe'), path('b', 'c', 'e')],
    ),
    found: ['info ESCALATION_UNCAUGHT m', 'info DEAD_ELEMENT b'],
    shows: 'reached',
  },
];

export const planted: readonly Planted[] = [
  ...deadlocks,
  ...multiplications,
  ...loops,
  ...deadOnes,
  ...splits,
  ...throwers,
];

/** Sound models that resemble the broken ones. */
export const sound: readonly { readonly name: string; readonly model: ProcessModel }[] = [
  {
    name: 'exclusive split and join',
    model: processOf(
      [start('s'), xor('x', { defaultFlow: 'x>b' }), service('a'), service('b'), xor('j'), user('c'), end('e')],
      [path('s', 'x', 'b', 'j', 'c', 'e'), when('x', 'a'), path('a', 'j')],
    ),
  },
  {
    name: 'inclusive split whose conditions exclude each other, exclusive join',
    model: processOf(
      [start('s'), or('x', { defaultFlow: 'x>c' }), user('a'), user('b'), user('c'), xor('j'), user('d'), end('e')],
      [
        path('s', 'x', 'c', 'j', 'd', 'e'),
        flow('x', 'a', compare('n', '>', 5)),
        flow('x', 'b', compare('n', '<', 5)),
        path('a', 'j'),
        path('b', 'j'),
      ],
    ),
  },
  {
    name: 'a split that leaves nothing out needs no default',
    model: processOf(
      [start('s'), xor('x'), user('a'), user('b'), user('c'), end('e')],
      [
        path('s', 'x'),
        flow('x', 'a', compare('n', '>', 5)),
        flow('x', 'b', compare('n', '<', 5)),
        flow('x', 'c', compare('n', '=', 5)),
        path('a', 'e'),
        path('b', 'e'),
        path('c', 'e'),
      ],
    ),
  },
  {
    name: 'automatic loop that counts',
    model: processOf(
      [start('s'), xor('m'), script('a', 'n', feel('n + 1', increment)), xor('x', { defaultFlow: 'x>e' }), end('e')],
      [path('s', 'm', 'a', 'x', 'e'), flow('x', 'm', compare('n', '<', 10))],
    ),
  },
  {
    name: 'reminders beside a task in a loop',
    model: processOf(
      [
        start('s'),
        user('a'),
        boundary('t', 'a', timer('R/PT1H', 'cycle'), { interrupting: false }),
        service('remind'),
        end('reminded'),
        xor('x', { defaultFlow: 'x>e' }),
        end('e'),
      ],
      [path('s', 'a', 'x', 'e'), when('x', 'a'), path('t', 'remind', 'reminded')],
    ),
  },
  {
    name: 'terminate end event leaves a parallel join waiting',
    model: processOf(
      [
        start('s'),
        and('f'),
        user('a'),
        user('b'),
        xor('x', { defaultFlow: 'x>j' }),
        end('stop', { results: [{ type: 'terminate' }] }),
        and('j'),
        end('e'),
      ],
      [path('s', 'f', 'a', 'j', 'e'), path('f', 'b', 'x', 'j'), when('x', 'stop')],
    ),
  },
  {
    name: 'parallel paths that end at one end event',
    model: processOf(
      [start('s'), and('f'), user('a'), user('b'), xor('m'), end('e')],
      [path('s', 'f', 'a', 'm', 'e'), path('f', 'b', 'm')],
    ),
  },
  {
    name: 'an inclusive join within a loop',
    model: processOf(
      [
        start('s'),
        xor('m'),
        or('x', { defaultFlow: 'x>b' }),
        user('a'),
        user('b'),
        or('j'),
        xor('y', { defaultFlow: 'y>e' }),
        end('e'),
      ],
      [path('s', 'm', 'x', 'b', 'j', 'y', 'e'), when('x', 'a'), path('a', 'j'), when('y', 'm')],
    ),
  },
  {
    name: 'an endless loop beside a branch that ends the process',
    model: processOf(
      [
        start('s'),
        and('f'),
        user('a'),
        catching('t', timer('P1D')),
        end('stop', { results: [{ type: 'terminate' }] }),
        xor('m'),
      ],
      [path('s', 'f', 'm', 'a', 'm'), path('f', 't', 'stop')],
    ),
  },
];

/** Complex gateways, ad-hoc sub-processes and standard loops. */
import { describe, expect, test } from '@jest/globals';
import type { AdHocSubProcess, FlowNode, StandardLoop } from '#engine/model.ts';
import {
  adHoc,
  compare,
  complex,
  end,
  feel,
  flow,
  gateway,
  path,
  processOf,
  rounds,
  script,
  service,
  start,
  value,
} from './model-builder.ts';
import { Story } from './story.ts';
import { jsonBytes } from '#engine/size.ts';

describe('a complex gateway', () => {
  const firstOf = (n: number, conditional: boolean): Story =>
    new Story(
      processOf(
        [
          start('s'),
          gateway('f', 'parallelGateway'),
          ...['a', 'b', 'c'].map((id) => service(id)),
          complex('g', compare('activationCount', '>=', n)),
          service('z'),
          service('late'),
          end('e'),
        ],
        [
          path('s', 'f', 'a', 'g', 'z', 'e'),
          path('f', 'b', 'g'),
          path('f', 'c', 'g'),
          flow('g', 'late', conditional ? feel('not waiting', notWaiting) : compare('activationCount', '<', 0)),
        ],
      ),
    );
  const notWaiting = {
    type: 'compare',
    op: '=',
    left: { type: 'name', name: 'waitingForStart' },
    right: { type: 'boolean', value: false },
  } as const;

  test('lets one token through for the first two of three, then resets', () => {
    const story = firstOf(2, true);
    story.start();
    expect(story.completeJob('a')).not.toContain('+g');
    expect(story.completeJob('b')).toEqual(expect.arrayContaining(['tokensConsumed', '+g', '-g', '+z']));
    expect(story.state.elements[0]?.detail?.received).toEqual({ g: ['a>g', 'b>g'] });
    const words = story.completeJob('c');
    expect(words).toEqual(expect.arrayContaining(['gatewayPhaseChanged', '+g', '+late']));
    expect(words).not.toContain('+z');
    expect(story.state.elements[0]?.detail?.received).toEqual({});
    story.completeJob('late');
    expect(story.completeJob('z').at(-1)).toBe('instanceCompleted');
  });
  test('resets without the flows on which no token can come any more', () => {
    const story = new Story(
      processOf(
        [
          start('s'),
          gateway('f', 'inclusiveGateway', { defaultFlow: 'f>b' }),
          service('a'),
          service('b'),
          complex('g', compare('activationCount', '>=', 1)),
          end('e'),
        ],
        [path('s', 'f'), flow('f', 'a', compare('n', '>', 0)), flow('f', 'b'), path('a', 'g', 'e'), path('b', 'g')],
      ),
    );
    story.start({ n: 1 });
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
});

describe('an ad-hoc sub-process', () => {
  const around = (
    extra: Partial<AdHocSubProcess>,
    inner: FlowNode[] = ['a', 'b', 'c'].map((id) => service(id, { parent: 'h' })),
  ): Story => new Story(processOf([start('s'), adHoc('h', extra), end('e'), ...inner], [path('s', 'h', 'e')]));
  const activate = (story: Story, ids: string[], cancelRemainingInstances = false): string[] =>
    story.send({
      type: 'activateAdHocElements',
      element: story.elementOf('h'),
      elements: ids.map((elementId) => ({ elementId, variables: { for: elementId } })),
      cancelRemainingInstances,
    });

  test('does what the collection names, and is complete', () => {
    const story = around({ activeElements: feel('which') });
    story.start({ which: ['a', 'c'] });
    story.completeJob('a');
    expect(story.completeJob('c')).toEqual('jobCompleted -c -h +e -e instanceCompleted'.split(' '));
  });
  test('an element it does not have is an incident', () => {
    expect(
      around({ activeElements: feel('which') })
        .start({ which: ['z'] })
        .at(-1),
    ).toBe('!h EXTRACT_VALUE_ERROR');
  });
  test('waits for somebody to decide, again and again, until its condition holds', () => {
    const story = around({ completionCondition: feel('enough') });
    story.start({ enough: false });
    expect(activate(story, ['z'])).toEqual(['rejected notActivatable']);
    activate(story, ['a']);
    expect(story.state.elements[story.elementOf('a')]?.variables).toEqual({ for: 'a' });
    story.completeJob('a');
    activate(story, ['a', 'b']);
    expect(story.completeJob('a', { enough: true })).toEqual(expect.arrayContaining(['xb', '-h', 'instanceCompleted']));
  });
  test('waits for what is active when it must not be cancelled', () => {
    const story = around({
      activeElements: feel('which'),
      completionCondition: feel('enough'),
      cancelRemainingInstances: false,
    });
    story.start({ which: ['a', 'b'], enough: true });
    expect(story.completeJob('a')).toContain('adHocClosed');
    expect(activate(story, ['c'])).toEqual(['rejected notActivatable']);
    expect(story.completeJob('b').at(-1)).toBe('instanceCompleted');
  });
  test('one at a time when sequential', () => {
    const story = around({ activeElements: feel('which'), sequential: true });
    story.start({ which: ['a', 'b'] });
    expect(story.elementOf('b')).toBe(-1);
    expect(story.completeJob('a')).toContain('+b');
    expect(story.completeJob('b').at(-1)).toBe('instanceCompleted');
  });
  test('collects an output of each', () => {
    const story = around({ activeElements: feel('which'), outputCollection: 'all', outputElement: feel('r') });
    story.start({ which: ['a', 'b'], r: 0 });
    story.completeJob('a', { r: 1 });
    story.completeJob('b', { r: 2 });
    expect(story.variables).toMatchObject({ all: [1, 2] });
    const { elements, variableBytes } = story.state;
    expect(Object.values(elements)).toHaveLength(1);
    const left = { all: [1, 2], which: ['a', 'b'], r: 2 };
    expect(variableBytes).toBe(
      Object.entries(left).reduce((sum, [name, json]) => sum + name.length + jsonBytes(json), 0),
    );
  });
});

describe('a standard loop', () => {
  const looping = (loop: Partial<StandardLoop>): Story =>
    new Story(processOf([start('s'), service('a', rounds(loop)), end('e')], [path('s', 'a', 'e')]));
  test('goes on while its condition holds, which is looked at after each round', () => {
    const story = looping({ condition: compare('loopCounter', '<', 2) });
    expect(story.start()).toContain('+a*');
    expect(story.completeJob('a')).toContain('+a');
    expect(story.completeJob('a')).toEqual('jobCompleted -a -a* +e -e instanceCompleted'.split(' '));
  });
  test('looked at before the first round', () => {
    const story = looping({ condition: compare('n', '<', 2), testBefore: true });
    expect(story.start({ n: 2 })).toEqual(expect.arrayContaining(['-a*', 'instanceCompleted']));
  });
  test('a maximum of rounds', () => {
    const story = looping({ maximum: value(2) });
    story.start();
    story.completeJob('a');
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
  test('one that never waits and never ends is an incident', () => {
    const story = new Story(
      processOf(
        [start('s'), script('a', 'n', feel('m'), rounds({ condition: compare('m', '<', 5) })), end('e')],
        [path('s', 'a', 'e')],
      ),
    );
    expect(story.start({ m: 1 }).at(-1)).toBe('!a LIMIT_EXCEEDED');
  });
});

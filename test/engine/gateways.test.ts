import { describe, expect, test } from '@jest/globals';
import { compare, end, flow, gateway, pass, path, processOf, service, start } from './model-builder.ts';
import { Story } from './story.ts';

describe('exclusive gateway', () => {
  const model = processOf(
    [start('s'), gateway('g', 'exclusiveGateway', { defaultFlow: 'g>c' }), end('a'), end('b'), end('c')],
    [path('s', 'g'), flow('g', 'a', compare('x', '>', 5)), flow('g', 'b', compare('x', '>', 2)), flow('g', 'c')],
  );
  test('takes the first flow in document order whose condition holds', () => {
    const story = new Story(model);
    expect(story.start({ x: 9 })).toEqual('instanceStarted +s -s +g -g +a -a instanceCompleted'.split(' '));
    expect(story.last('instanceCompleted')?.endElements).toEqual(['a']);
  });
  test('takes the default flow when none holds', () => {
    const story = new Story(model);
    story.start({ x: 1 });
    expect(story.state.endElements).toEqual(['c']);
  });
  test('a condition that gives no boolean is an incident; after mending the variable the gateway goes on', () => {
    const story = new Story(model);
    expect(story.start({ x: 'lima' })).toEqual(['instanceStarted', '+s', '-s', '+g', '!g EXTRACT_VALUE_ERROR']);
    expect(story.resolve()).toEqual(['incidentResolved', '!g EXTRACT_VALUE_ERROR']);
    story.send({ type: 'setVariables', scope: 0, variables: { x: 3 }, local: false });
    expect(story.resolve()).toEqual(['incidentResolved', '-g', '+b', '-b', 'instanceCompleted']);
  });
  test('no flow and no default is an incident', () => {
    const narrow = processOf(
      [start('s'), gateway('g', 'exclusiveGateway'), end('a')],
      [path('s', 'g'), flow('g', 'a', compare('x', '>', 5))],
    );
    expect(new Story(narrow).start({ x: 1 }).at(-1)).toBe('!g CONDITION_ERROR');
  });
});

describe('parallel gateway', () => {
  const model = processOf(
    [
      start('s'),
      gateway('f', 'parallelGateway'),
      service('a'),
      service('b'),
      gateway('j', 'parallelGateway'),
      end('e'),
    ],
    [path('s', 'f', 'a', 'j', 'e'), path('f', 'b', 'j')],
  );
  test('joins one token of each incoming flow', () => {
    const story = new Story(model);
    story.start();
    expect(story.completeJob('a')).toEqual(['jobCompleted', '-a']);
    expect(story.completeJob('b')).toEqual('jobCompleted -b tokensConsumed +j -j +e -e instanceCompleted'.split(' '));
  });
  test('a token that waits for ever keeps the instance open', () => {
    const stuck = processOf(
      [start('s'), gateway('g', 'exclusiveGateway'), pass('a'), pass('b'), gateway('j', 'parallelGateway'), end('e')],
      [path('s', 'g', 'a', 'j', 'e'), path('b', 'j')],
    );
    const story = new Story(stuck);
    story.start();
    expect(story.state.status).toBe('active');
  });
});

describe('inclusive gateway', () => {
  const model = processOf(
    [
      start('s'),
      gateway('f', 'inclusiveGateway', { defaultFlow: 'f>d' }),
      service('a'),
      service('b'),
      service('d'),
      gateway('j', 'inclusiveGateway'),
      end('e'),
    ],
    [
      path('s', 'f'),
      flow('f', 'a', compare('x', '>', 1)),
      flow('f', 'b', compare('x', '>', 2)),
      flow('f', 'd'),
      path('a', 'j', 'e'),
      path('b', 'j'),
      path('d', 'j'),
    ],
  );
  test('waits for exactly the tokens that can still come', () => {
    const story = new Story(model);
    story.start({ x: 5 });
    expect(story.completeJob('b')).toEqual(['jobCompleted', '-b']);
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
  test('does not wait for branches without a token', () => {
    const story = new Story(model);
    story.start({ x: 2 });
    expect(story.completeJob('a')).toEqual('jobCompleted -a tokensConsumed +j -j +e -e instanceCompleted'.split(' '));
  });
  test('the default flow only when no condition holds', () => {
    const story = new Story(model);
    story.start({ x: 0 });
    expect(story.completeJob('d').at(-1)).toBe('instanceCompleted');
  });
  test('does not wait for a token that only reaches it through a flow that has one already', () => {
    // a loops back to itself before the join: its second token comes by the flow on which the first one waits
    const looping = processOf(
      [
        start('s'),
        gateway('f', 'parallelGateway'),
        gateway('m', 'exclusiveGateway'),
        service('a'),
        service('b'),
        gateway('j', 'inclusiveGateway'),
        end('e'),
      ],
      [path('s', 'f', 'a', 'm', 'j', 'e'), path('f', 'b', 'm'), path('f', 'j')],
    );
    const story = new Story(looping);
    story.start();
    expect(story.state.status).toBe('active');
    // both incoming flows have a token once a is done; b can only reach the one by m
    expect(story.completeJob('a')).toContain('+j');
    expect(story.completeJob('b').at(-1)).toBe('instanceCompleted');
  });
});

/** The bound: large models stay within it by the reductions, and where it is hit the report says so. */
import { describe, expect, it } from '@jest/globals';
import { checkSoundness } from '#bpmn/soundness/check.ts';
import { limits } from '#bpmn/soundness/limits.ts';
import { soundnessProblems } from '#bpmn/soundness/problems.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { end, feel, flow, gateway, path, processOf, start, user, type FlowLiteral } from '../engine/model-builder.ts';

/** A split into so many branches, each with a decision of its own when `decides`, and the join. */
function branches(type: 'parallelGateway' | 'inclusiveGateway', count: number, decides: boolean): ProcessModel {
  const nodes: FlowNode[] = [
    start('s'),
    gateway('f', type, { defaultFlow: 'f>d' }),
    user('d'),
    gateway('j', type),
    end('e'),
  ];
  const flows: (FlowLiteral | FlowLiteral[])[] = [path('s', 'f', 'd', 'j', 'e')];
  for (let index = 0; index < count; index += 1) {
    const [x, a, b, y] = ['x', 'a', 'b', 'y'].map((name) => `${name}${index}`) as [string, string, string, string];
    nodes.push(user(a));
    flows.push(decides ? path(x, a, y, 'j') : path(a, 'j'));
    flows.push(flow('f', decides ? x : a, type === 'inclusiveGateway' ? feel(`f_${index}`) : null));
    if (!decides) continue;
    nodes.push(gateway(x, 'exclusiveGateway', { defaultFlow: `${x}>${a}` }), user(b), gateway(y, 'exclusiveGateway'));
    flows.push(flow(x, b, feel(`${x}_${b}`)), path(b, y));
  }
  return processOf(nodes, flows);
}

describe('reductions', () => {
  it('parallel branches with decisions cost their sum, not their product', () => {
    const { complete, states, findings } = checkSoundness([branches('parallelGateway', 30, true)]);
    expect({ complete, findings }).toEqual({ complete: true, findings: [] });
    expect(states).toBeLessThan(250);
  });

  it('a chain of thousands of tasks costs a state each', () => {
    const ids = Array.from({ length: 3_000 }, (_, index) => `t${index}`);
    const model = processOf([start('s'), ...ids.map((id) => user(id)), end('e')], [path('s', ...ids, 'e')]);
    expect(checkSoundness([model])).toMatchObject({ complete: true, findings: [] });
  });
});

describe('what is not looked at is said', () => {
  it('too many combinations of an inclusive split', () => {
    const model = branches('inclusiveGateway', limits.combinedFlows + 8, false);
    expect(checkSoundness([model])).toMatchObject({ complete: false, findings: [] });
    expect(soundnessProblems([model], [model]).map(({ code, severity }) => [code, severity])).toEqual([
      ['SOUNDNESS_INCOMPLETE', 'warning'],
    ]);
  });

  it('tokens without bound', () => {
    const nodes = [start('s'), gateway('m', 'exclusiveGateway'), user('a'), gateway('f', 'parallelGateway'), user('b')];
    const model = processOf(nodes, [path('s', 'm', 'a', 'f', 'm'), path('f', 'b', 'm')]);
    const { complete, states, findings } = checkSoundness([model]);
    expect({ complete, codes: findings.map(({ code }) => code) }).toEqual({
      complete: false,
      codes: ['LACK_OF_SYNCHRONISATION'],
    });
    expect(states).toBeLessThan(limits.states);
  });
});

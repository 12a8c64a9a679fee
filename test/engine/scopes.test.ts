/** Sub-processes, terminate end events, multi-instance. */
import { describe, expect, test } from '@jest/globals';
import { advance, initialState } from '#engine/step.ts';
import { draftOf, stateOf } from '#engine/draft.ts';
import { applyAll } from '#engine/apply.ts';
import type { Fact } from '#engine/fact.ts';
import type { Command } from '#engine/command.ts';
import { compare, end, feel, forEach, gateway, path, processOf, service, start, sub, user } from './model-builder.ts';
import { startMs, Story } from './story.ts';

describe('sub-process', () => {
  test('is a scope: its inputs stay in it, its outputs decide what leaves', () => {
    const model = processOf(
      [
        start('s'),
        sub('d', {
          inputs: [{ source: feel('a'), target: 'lokal' }],
          outputs: [{ source: feel('r'), target: 'hasil' }],
        }),
        start('ds', { parent: 'd' }),
        service('t', {
          parent: 'd',
          outputs: [
            { source: feel('n'), target: 'lokal' },
            { source: feel('n'), target: 'r' },
          ],
        }),
        end('e'),
      ],
      [path('s', 'd', 'e'), path('ds', 't')],
    );
    const story = new Story(model);
    story.start({ a: 1 });
    expect(story.completeJob('t', { n: 5 })).toEqual('jobCompleted -t -d +e -e instanceCompleted'.split(' '));
    // `r` was nowhere, so it went to the process; `lokal` belongs to the sub-process and went with it
    expect(story.variables).toEqual({ a: 1, r: 5, hasil: 5 });
  });
  test('a terminate end event ends its scope only', () => {
    const model = processOf(
      [
        start('s'),
        sub('d'),
        start('ds', { parent: 'd' }),
        gateway('f', 'parallelGateway', { parent: 'd' }),
        service('a', { parent: 'd' }),
        service('b', { parent: 'd' }),
        end('stop', { parent: 'd', results: [{ type: 'terminate' }] }),
        user('u'),
        end('e'),
      ],
      [path('s', 'd', 'u', 'e'), path('ds', 'f', 'a', 'stop'), path('f', 'b')],
    );
    const story = new Story(model);
    story.start();
    expect(story.completeJob('a')).toEqual(
      'jobCompleted -a +stop jobCanceled xb -stop -d +u userTaskCreated'.split(' '),
    );
  });
  test('a terminate end event of the process ends tokens that wait before a join', () => {
    const model = processOf(
      [
        start('s'),
        gateway('f', 'parallelGateway'),
        service('a'),
        service('b'),
        gateway('j', 'parallelGateway'),
        service('c'),
        end('stop', { results: [{ type: 'terminate' }] }),
      ],
      [path('s', 'f', 'a', 'j'), path('f', 'b', 'j'), path('f', 'c', 'stop')],
    );
    const story = new Story(model);
    story.start();
    story.completeJob('a');
    expect(story.completeJob('c').slice(-2)).toEqual(['-stop', 'instanceCompleted']);
  });
});

describe('multi-instance', () => {
  const collecting = { outputCollection: 'semua', outputElement: feel('r') };
  const model = (extra: object) =>
    processOf([start('s'), service('t', forEach(extra)), end('e')], [path('s', 't', 'e')]);
  const complete = (story: Story, index: number, r: number): string[] => {
    const element = story.elementOf('t', index);
    const [job = '0'] = Object.entries(story.state.jobs).find(([, state]) => state.element === element) ?? [];
    return story.send({ type: 'completeJob', job: Number(job), variables: { r } });
  };

  test('parallel: outputs in the order of the items, whatever the order of completion', () => {
    const story = new Story(model(collecting));
    expect(story.start({ items: ['a', 'b'] }).filter((word) => word.startsWith('+'))).toEqual(
      '+s +t* +t +t'.split(' '),
    );
    expect(
      Object.values(story.state.elements).flatMap(({ variables }) =>
        variables['item'] === undefined ? [] : [variables],
      ),
    ).toEqual([
      { loopCounter: 1, r: null, item: 'a' },
      { loopCounter: 2, r: null, item: 'b' },
    ]);
    expect(complete(story, 2, 20)).toEqual(['jobCompleted', 'loopOutputCollected', '-t']);
    expect(complete(story, 1, 10)).toEqual(
      'jobCompleted loopOutputCollected -t -t* +e -e instanceCompleted'.split(' '),
    );
    expect(story.variables).toEqual({ items: ['a', 'b'], semua: [10, 20] });
  });
  test('sequential: one at a time', () => {
    const story = new Story(model({ ...collecting, sequential: true }));
    story.start({ items: [1, 2] });
    expect(complete(story, 1, 1)).toEqual('jobCompleted loopOutputCollected -t +t jobCreated'.split(' '));
    expect(complete(story, 1, 2).at(-1)).toBe('instanceCompleted');
    expect(story.variables['semua']).toEqual([1, 2]);
  });
  test('the completion condition sees the counters and what is collected', () => {
    const story = new Story(
      model({ ...collecting, completionCondition: compare('numberOfCompletedInstances', '=', 2) }),
    );
    story.start({ items: [1, 2, 3] });
    complete(story, 1, 1);
    expect(complete(story, 2, 3).slice(2, 6)).toEqual(['-t', 'jobCanceled', 'xt', '-t*']);
    expect(story.variables['semua']).toEqual([1, null, 3]);
    const active = new Story(model({ completionCondition: compare('numberOfActiveInstances', '<', 2) }));
    active.start({ items: [1, 2] });
    expect(complete(active, 1, 0).at(-1)).toBe('instanceCompleted');
  });
  test('nothing to do completes at once', () => {
    const story = new Story(model(collecting));
    expect(story.start({ items: [] }).at(-1)).toBe('instanceCompleted');
    expect(story.variables['semua']).toEqual([]);
  });
  test('what is no list is an incident on the body', () => {
    const story = new Story(model({}));
    expect(story.start({ items: 'satu' }).slice(-2)).toEqual(['+t*', '!t EXTRACT_VALUE_ERROR']);
    story.send({ type: 'setVariables', scope: 0, variables: { items: [1] }, local: false });
    expect(story.resolve()).toEqual('incidentResolved loopStarted +t jobCreated'.split(' '));
  });
  test('a failing output leaves nothing behind and is done again', () => {
    const outputs = [{ source: feel('n'), target: 'n2' }];
    const broken = processOf(
      [start('s'), service('t', { ...forEach({ completionCondition: feel('cukup') }), outputs }), end('e')],
      [path('s', 't', 'e')],
    );
    const story = new Story(broken);
    story.start({ items: [1] });
    expect(story.completeJob('t', { n: 4 })).toEqual(['jobCompleted', '!t EXTRACT_VALUE_ERROR']);
    expect(story.variables).toEqual({ items: [1] });
    story.send({ type: 'setVariables', scope: 0, variables: { cukup: false }, local: false });
    expect(story.resolve().at(-1)).toBe('instanceCompleted');
    expect(story.variables).toMatchObject({ n2: 4 });
  });
  test('more items than allowed is an incident', () => {
    const story = new Story(model({}));
    expect(story.start({ items: Array.from({ length: 10_001 }, () => 1) }).at(-1)).toBe('!t LIMIT_EXCEEDED');
  });
  test('10,000 items in parallel cost no more each than 1,000 do', () => {
    const perItem = (count: number): number => {
      const process = model(collecting);
      const draft = draftOf(initialState());
      const facts: Fact[] = [];
      const send = (command: Command): void => {
        const result = advance(process, draft, command, { nowMs: startMs, actor: 'x' });
        if (!result.ok) throw new Error(result.rejection.message);
        for (const fact of result.facts) facts.push(fact);
        if (draft.state.paused) send({ type: 'continue' });
      };
      const began = performance.now();
      const identity = { instanceKey: '1048576', definitionKey: '1', version: 1, startElement: null };
      const items = Array.from({ length: count }, (_, index) => index);
      send({ type: 'startInstance', ...identity, variables: { items }, businessKey: null, region: null, parent: null });
      for (const job of Object.keys(draft.state.jobs))
        send({ type: 'completeJob', job: Number(job), variables: { r: 1 } });
      const cost = (performance.now() - began) / count;
      expect(draft.state.status).toBe('completed');
      expect(applyAll(initialState(), facts)).toEqual(stateOf(draft));
      return cost;
    };
    perItem(1_000);
    const [few, many] = [perItem(1_000), perItem(10_000)];
    process.stdout.write(
      `multi-instance: ${(few * 1000).toFixed(0)} µs an item of 1,000, ${(many * 1000).toFixed(0)} µs of 10,000\n`,
    );
    expect(many).toBeLessThan(few * 6 + 0.05);
  });
});

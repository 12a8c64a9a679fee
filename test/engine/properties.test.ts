/** Random block-structured processes, driven in random order, against the naive reference model. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, step, initialState, earliestDueMs } from '#engine/step.ts';
import { draftOf, stateOf } from '#engine/draft.ts';
import { apply } from '#engine/apply.ts';
import type { Command } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import { blocks, modelOf } from './block-process.ts';
import { begin, end, waiting } from './reference-model.ts';
import { check } from './seeded.ts';
import { startMs } from './story.ts';

const hour = 3_600_000;

/** `task@place` of the open jobs, with the job of each. */
function openJobs(state: InstanceState): Map<string, number> {
  const found = new Map<string, number>();
  for (const [seq, { element }] of Object.entries(state.jobs)) {
    let place = '';
    for (let at = state.elements[element]; at && at.seq !== 0; at = state.elements[at.scope]) {
      if (at.loopCounter !== null) place = `.${at.loopCounter}${place}`;
    }
    found.set(`${state.elements[element]?.elementId ?? ''}@${place}`, Number(seq));
  }
  return found;
}

const startOf = (variables: object): Command => ({
  type: 'startInstance',
  instanceKey: '1048576',
  definitionKey: '1',
  version: 1,
  startElement: null,
  variables: variables as never,
  businessKey: null,
  region: null,
  parent: null,
});

describe('random processes', () => {
  test('have the tokens of the reference model at every moment, and end when it does', () => {
    check(
      fc.property(blocks, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 }), (block, choices) => {
        const { model, variables } = modelOf(block);
        let rest = begin(block);
        let state = initialState();
        let nowMs = startMs;
        let facts = 0;
        const draft = draftOf(initialState());
        const send = (command: Command): void => {
          const context = { nowMs, actor: 'x' };
          const first = step(model, state, command, context);
          const second = step(model, JSON.parse(JSON.stringify(state)) as InstanceState, command, context);
          // deterministic, and a state survives JSON
          expect(second).toEqual(first);
          if (!first.ok) throw new Error(first.rejection.message);
          // state is the fold of facts, one by one
          expect(first.facts.reduce(apply, state)).toEqual(first.state);
          // a draft kept over all steps says the same
          const advanced = advance(model, draft, command, context);
          expect(advanced).toEqual({ ok: true, facts: first.facts });
          expect(stateOf(draft)).toEqual(first.state);
          facts += first.facts.length;
          expect(first.state.factNumber).toBe(facts);
          state = first.state;
        };
        send(startOf(variables));
        for (let turn = 0; rest !== null && turn < 400; turn++) {
          const jobs = openJobs(state);
          expect([...jobs.keys()].toSorted()).toEqual(waiting(rest).toSorted());
          expect(state.status).toBe('active');
          const choice = choices[turn % choices.length] ?? 0;
          if (choice % 10 === 0 && earliestDueMs(state) !== null) {
            nowMs += hour;
            // only what has waited the whole hour is late: everything, as time passes in no other way
            send({ type: 'fireDue' });
            rest = end(rest, (_, timeout) => (timeout === null ? null : 'late'));
          } else {
            const tokens = [...jobs.keys()].toSorted();
            const token = tokens[choice % tokens.length] ?? '';
            send({ type: 'completeJob', job: jobs.get(token) ?? 0, variables: {} });
            rest = end(rest, (candidate) => (candidate === token ? 'completed' : null));
          }
        }
        expect(rest).toBeNull();
        expect(state.status).toBe('completed');
        expect(Object.keys(state.elements)).toEqual(['0']);
        expect([state.jobs, state.timers, state.elements[0]?.waitingTokens, state.elements[0]?.children]).toEqual([
          {},
          {},
          {},
          0,
        ]);
      }),
      200,
    );
  });

  test('a cancelled instance leaves nothing open', () => {
    check(
      fc.property(blocks, fc.nat(5), (block, steps) => {
        const { model, variables } = modelOf(block);
        const draft = draftOf(initialState());
        const context = { nowMs: startMs, actor: 'x' };
        advance(model, draft, startOf(variables), context);
        for (let turn = 0; turn < steps; turn++) {
          const [job] = Object.keys(draft.state.jobs);
          if (job !== undefined)
            advance(model, draft, { type: 'completeJob', job: Number(job), variables: {} }, context);
        }
        advance(model, draft, { type: 'cancelInstance', reason: '' }, context);
        expect(Object.keys(draft.state.elements)).toEqual(['0']);
        expect([draft.state.jobs, draft.state.timers, draft.state.elements[0]?.children]).toEqual([{}, {}, 0]);
      }),
    );
  });
});

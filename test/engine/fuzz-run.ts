/** One instance under random commands, with every promise of `step` looked at after each. */
import { applyAll, initialState } from '#engine/apply.ts';
import type { Command } from '#engine/command.ts';
import { draftOf, stateOf } from '#engine/draft.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { advance, earliestDueMs, refusal, step } from '#engine/step.ts';
import type { Step, StepContext } from '#engine/step.ts';
import { oddCommand } from './fuzz-commands.ts';
import type { Chance } from './seeded.ts';
import { startMs } from './story.ts';
import { promise, promiseWhole } from './whole-state.ts';

export interface Subject {
  readonly model: ProcessModel;
  readonly variables: Variables;
}
export interface Fuzzed {
  readonly sent: number;
  /** The commands and what went wrong with the last of them; null: nothing. */
  readonly problem: string | null;
}

/** `variables`: what an instance of the model should be started with. `most`: commands at most. */
export function fuzz({ model, variables }: Subject, chance: Chance, most: number): Fuzzed {
  const text = JSON.stringify(model);
  const names = [...new Set([...text.matchAll(/"type":"name","name":"(\w+)"/g)].map(([, name = '']) => name))];
  const codes = [
    ...new Set([...text.matchAll(/"code":\{"kind":"static","value":"(\w+)"/g)].map(([, code = '']) => code)),
  ];
  const watched = new Watched(model);
  const commands: Command[] = [];
  let nowMs = startMs;
  // a few commands more after the end
  for (let after = 0; commands.length < most && after < 4;) {
    const { state } = watched;
    if (state.status !== 'new' && state.status !== 'active') after += 1;
    const command = oddCommand(chance, { model, state, variables, names, codes });
    if (command.type === 'fireDue' && !chance.once(4)) nowMs = Math.max(nowMs, earliestDueMs(state) ?? nowMs);
    commands.push(command);
    const problem = problemOf(() => watched.send(command, { nowMs, actor: chance.of(['ani', 'budi', '__proto__']) }));
    if (problem !== null) return { sent: commands.length, problem: `${shown(commands)}\n${problem}` };
  }
  return { sent: commands.length, problem: null };
}

const shown = (commands: readonly Command[]): string =>
  commands.map((command) => JSON.stringify(command).slice(0, 500)).join('\n');

function problemOf(send: () => void): string | null {
  try {
    send();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** An instance whose every step is checked; throws with what does not hold. */
export class Watched {
  state: InstanceState = initialState();
  /** The state as JSON. */
  #text = JSON.stringify(this.state);
  /** Kept from command to command, as a host does. */
  readonly #kept = draftOf(initialState());
  /** Another after a migration. */
  #model: ProcessModel;

  constructor(model: ProcessModel) {
    this.#model = model;
  }

  send(command: Command, context: StepContext): Step {
    const before = this.state;
    const given = JSON.stringify(command);
    const refused = refusal(this.#model, draftOf(before), command, context);
    const result = step(this.#model, before, command, context);
    const again = step(this.#model, JSON.parse(this.#text) as InstanceState, JSON.parse(given) as Command, context);
    const kept = advance(this.#model, this.#kept, command, context);
    promise('the state that a step is given stays as it is', JSON.stringify(before) === this.#text);
    promise('a command stays as it is', JSON.stringify(command) === given);
    promise('a step is refused when, and as, `refusal` says', sameJson(refused, result.ok ? null : result.rejection));
    if (!result.ok || !again.ok || !kept.ok) {
      promise('a refusal is the same each time', sameJson(again, result) && sameJson(kept, result));
    } else {
      const text = JSON.stringify(result.state);
      promise(
        'a step is deterministic, from a state that was written down as well',
        JSON.stringify(again.state) === text,
      );
      promise('its facts are, too', sameJson(again.facts, result.facts) && sameJson(kept.facts, result.facts));
      promise('the state is the fold of the facts', JSON.stringify(applyAll(before, result.facts)) === text);
      promise(
        'the facts are numbered without gaps',
        result.state.factNumber === before.factNumber + result.facts.length,
      );
      this.state = result.state;
      if (command.type === 'migrateInstance') this.#model = command.target;
      this.#text = text;
    }
    promise('a draft kept over all steps is the state', JSON.stringify(stateOf(this.#kept)) === this.#text);
    promiseWhole(this.state, this.#model);
    return result;
  }
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

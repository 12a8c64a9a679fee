/**
 * Random processes, a random edit of each, a random state: where the preview says safe the instance migrates, nothing of it is left hanging,
 * its state is the fold of its facts, and it comes to rest nowhere but at its end or where it could before.
 */
import { describe, expect, test } from '@jest/globals';
import { Impacts } from '#bpmn/migration/impact.ts';
import type { Command } from '#engine/command.ts';
import { earliestDueMs } from '#engine/step.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Variables } from '#engine/json.ts';
import { drawProcess } from './block-process-random.ts';
import { messageKey, modelOf } from './block-process-model.ts';
import { edit, nextCommand } from './migrate-random.ts';
import type { Edited } from './migrate-random.ts';
import { MigratingStory } from './migrating.ts';
import { Chance, seedOf } from './seeded.ts';

const processes = Number(process.env['ALUR_MIGRATIONS'] ?? 400);
const longest = 60;

function act(story: MigratingStory, command: Command): void {
  if (command.type === 'fireDue') story.nowMs = Math.max(story.nowMs, earliestDueMs(story.state) ?? 0);
  story.send(command);
}
const isRunning = (story: MigratingStory): boolean => story.state.status === 'active';

/** Whether it came to its end, or still moves after many steps, or waits for what only data can bring. */
function drive(story: MigratingStory, chance: Chance): 'ended' | 'moves' | 'stands' {
  for (let turn = 0; turn < 4 * longest; turn++) {
    if (!isRunning(story)) return 'ended';
    const command = nextCommand(chance, story.state);
    if (command === null) return 'stands';
    act(story, command);
  }
  return isRunning(story) ? 'moves' : 'ended';
}

interface Drawn {
  readonly model: ProcessModel;
  readonly edited: Edited;
  readonly story: MigratingStory;
}
function drawnAt(seed: number, index: number): Drawn {
  const chance = new Chance(seed, index);
  const drawn = drawProcess(chance);
  const { model, variables } = modelOf(drawn);
  const names = [...new Set(JSON.stringify(drawn).match(/"[fc]\d+"/g))].map((name) => name.slice(1, -1));
  const flags: Variables = Object.fromEntries(names.map((name) => [name, name.startsWith('c') ? 0 : chance.below(2)]));
  const edited = edit(chance, model);
  const story = new MigratingStory(model);
  story.start({ [messageKey]: 'k', ...variables, ...flags });
  for (let turn = chance.below(longest / 4); turn > 0 && isRunning(story); turn--) {
    const command = nextCommand(chance, story.state);
    if (command === null) break;
    act(story, command);
  }
  return { model, edited, story };
}

function problemOf(seed: number, index: number, seen: Record<string, number>): string | null {
  const { model, edited, story } = drawnAt(seed, index);
  if (!isRunning(story)) return null;
  const { target, mapping, what } = edited;
  const impact = new Impacts(model, target, mapping).of(story.state.elements);
  seen[impact.class] = (seen[impact.class] ?? 0) + 1;
  const pairs = Object.fromEntries(mapping.map((pair) => [pair.source, pair.target]));
  const before = { facts: story.facts.length, standing: story.standing.join(' ') };
  const told = story.migrate(target, pairs);
  const isRefused = told[0]?.startsWith('rejected') === true;
  if (impact.class === 'needsMapping') return isRefused ? null : `${what}: not refused at ${before.standing}`;
  if (impact.class === 'blocked') return null;
  if (isRefused) return `${what}: refused at ${before.standing}: ${told.join(' ')}`;
  const incidents = Object.keys(story.state.incidents).length;
  const end = drive(story, new Chance(seed, index, 1));
  const { incidents: raised, conditions, elements } = story.state;
  // a complex gateway may be left with a token that its condition does not take, an ad-hoc sub-process is told what to do
  const asks = Object.values(elements).some(
    ({ type, waitingTokens }) =>
      type === 'adHocSubProcess' ||
      Object.keys(waitingTokens).some((id) => target.nodes[target.flows[id]?.target ?? '']?.type === 'complexGateway'),
  );
  const waits = incidents > 0 || asks || Object.keys({ ...raised, ...conditions }).length > 0;
  seen[end] = (seen[end] ?? 0) + 1;
  return end !== 'stands' || waits ? null : `${what}: stands at ${story.standing.join(' ')}, was at ${before.standing}`;
}

describe('random migrations', () => {
  test(`of ${processes} processes: what is safe comes to its end`, () => {
    const seed = seedOf('migrations');
    const seen: Record<string, number> = {};
    const problems: string[] = [];
    for (let index = 0; index < processes && problems.length < 5; index++) {
      try {
        const problem = problemOf(seed, index, seen);
        if (problem !== null) problems.push(`${index}: ${problem}`);
      } catch (error) {
        const { edited } = drawnAt(seed, index);
        problems.push(`${index}: ${edited.what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      }
    }
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    expect(problems).toEqual([]);
    expect(seen['safe'] ?? 0).toBeGreaterThan(processes / 8);
  }, 300_000);
});

/**
 * `step` withstands every sequence of commands, and what it promises holds after each: ALUR_COMMANDS says how many (100,000), ALUR_SEED
 * repeats a run. The models are random ones and those of the open suite, where it is at hand.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compile } from '#bpmn/compile.ts';
import type { ProcessModel } from '#engine/model.ts';
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import { fuzz } from './fuzz-run.ts';
import { Chance, seedOf } from './seeded.ts';

const commands = Number(process.env['ALUR_COMMANDS'] ?? 100_000);
/** Of one instance, at most. */
const longestSequence = 60;
/** Open suite; third-party files, so not part of this repository. */
const suite = join(process.cwd(), '../shared/suites/open/models');

const suiteModels: ProcessModel[] = [];
beforeAll(async () => {
  if (!existsSync(suite)) return;
  const files = readdirSync(suite, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bpmn'));
  for (const file of files.toSorted()) {
    const compiled = await compile(readFileSync(join(suite, file), 'utf8'));
    if (compiled.ok) suiteModels.push(...compiled.processes);
  }
});

describe('the engine', () => {
  test(`keeps its promises through ${commands} commands`, () => {
    const seed = seedOf('fuzz');
    let done = 0;
    for (let index = 0; done < commands; index++) {
      const chance = new Chance(seed, index);
      // one in three from the suite
      const ofSuite =
        suiteModels.length > 0 && index % 3 === 0 ? suiteModels[(index / 3) % suiteModels.length] : undefined;
      const subject = ofSuite ? { model: ofSuite, variables: {} } : modelOf(drawProcess(chance));
      const { sent, problem } = fuzz(subject, chance, longestSequence);
      expect(problem && `ALUR_SEED=${seed}, instance ${index} of ${subject.model.processId}\n${problem}`).toBeNull();
      done += sent;
    }
    process.stdout.write(`${done} commands, ${suiteModels.length} models of the open suite\n`);
  }, 600_000);
});

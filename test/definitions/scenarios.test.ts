/** The acceptance scenarios as stories, in memory. */
import { describe, expect, test } from '@jest/globals';
import { modelReader } from '#cli/case/files.ts';
import { readCase } from '#cli/case/format.ts';
import type { CaseStep, StepOf, TestCase } from '#cli/case/format.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runCase } from '#cli/case/run-case.ts';
import { runSuite } from '#cli/case/suite.ts';
import { compile, folder, read } from './dtks.ts';
import { loadScenario, scenarios } from './scenarios.ts';

const fileOf = (story: string): string => `${folder}/cases/${story}.json`;
const played = scenarios.filter(({ number }) => number !== loadScenario);
type Work = StepOf<'completeJob' | 'completeTask'>;

test('each of the 21 is listed once, and has a story unless it is a load', () => {
  expect(scenarios.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  expect(played.filter(({ stories }) => stories.length === 0)).toEqual([]);
});

test.each(played)('$number: $told', async ({ stories }) => {
  const results = await runSuite(stories.map(fileOf), { open: () => Promise.resolve(new MemoryEngine(compile)) });
  expect(results.map(({ case: story, reason }) => [story, reason])).toEqual(stories.map((story) => [story, '']));
});

describe('16 with its forty rows', () => {
  const story = (name: string): TestCase => readCase(read(`cases/${name}.json`));
  const isWork = (step: CaseStep): step is Work => step.type === 'completeJob' || step.type === 'completeTask';
  const workOf = (name: string): Work[] => story(name).steps.filter(isWork);
  const { model, variables } = story('pemetaan-digantikan');
  const givenUp = workOf('pemetaan-digantikan').slice(1);
  const addressed = workOf('pemetaan-alamat-dilengkapi').slice(-7);
  const completedAgain = addressed.slice(0, 2);
  const returned = workOf('pemetaan-dua-kali-kurang').slice(4, 5);

  const row = (index: number) => {
    const warga = String(4_503_599_627_370_500 + index);
    const nomor = `3215012001-202611-${String(index).padStart(6, '0')}`;
    const isRepaired = index < 35;
    const work = isRepaired
      ? [...returned, ...addressed]
      : [...returned, ...completedAgain, ...returned, ...completedAgain, ...returned, ...givenUp];
    const begin = { ...variables, warga, usulan: { ...Object(variables?.['usulan']), nomor } };
    return { begin, steps: work.map((step): CaseStep => ({ ...step, where: { warga } })) };
  };

  test('35 are repaired, 5 replaced, none is lost', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => row(index));
    const created = rows.map(({ begin }): CaseStep => ({
      type: 'createInstance',
      processId: 'pemetaan-pos',
      variables: begin,
    }));
    const engine = new MemoryEngine(compile);
    const forty: TestCase = {
      id: 'forty-rows',
      model,
      processId: null,
      steps: [...created, ...rows.flatMap(({ steps }) => steps)],
      expect: { otherInstances: rows.slice(1).map(() => ({ endState: 'completed' })) },
    };
    expect(await runCase(forty, engine, modelReader(fileOf('pemetaan-digantikan')))).toEqual([]);
    const ends = (await engine.instances()).map(({ variables: { pemetaan, pengganti } }) => ({ pemetaan, pengganti }));
    const mapped = ends.filter(({ pemetaan }) => Object(pemetaan).hasil === 'TERPETA');
    const replaced = ends.filter(({ pengganti }) => typeof Object(pengganti).nomor === 'string');
    expect([mapped.length, replaced.length]).toEqual([35, 5]);
  });
});

/** R12: one case with thousands of task completions in loops. */
import type { CaseKind } from '../load/case-kinds.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';
import { runsOf } from './histories.ts';

const lanes = 10;
const eventsMost = 10_240;

export const longCase: Experiment = {
  id: 'R12',
  title: 'long case: thousands of task completions, loops',
  full: { cases: 5, completions: 15_000 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const cases = countOf(counts, 'cases');
    const rounds = Math.ceil(countOf(counts, 'completions') / cases / lanes);
    let completions = 0;
    let longest = 0;
    const long: CaseKind = async (subject) => {
      const numbers = Array.from({ length: lanes }, (_, index) => index + 1);
      subject.expects('long', { tasks: lanes * rounds, variables: { counts: numbers.map(() => rounds) } });
      await subject.start('chaos-long', { lanes: numbers, rounds });
      const lane = async (): Promise<void> => {
        for (let round = 0; round < rounds; round++) {
          await subject.complete(await subject.nextTask());
          completions += 1;
        }
      };
      await Promise.all(numbers.map(lane));
      await subject.ended();
      const runs = await runsOf(lab, 'chaos-long', subject.instanceKey);
      longest = Math.max(longest, ...runs.map(({ events }) => events));
    };
    const from = Date.now();
    const drive = await lab.load.drive({
      experiment: 'R12',
      kinds: [long],
      atOnce: 1,
      goesOn: (begun) => begun < cases,
    });
    const rate = (completions * 1_000) / (Date.now() - from);
    return {
      counts: { cases: drive.ended, completions },
      figures: { eventsOfLongestRun: longest, completionsPerSecond: rate.toFixed(1) },
      misses: [...missesOf(drive), ...(longest > eventsMost ? [`a run has ${String(longest)} events`] : [])],
    };
  },
};

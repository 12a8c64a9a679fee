/** N1: two nodes of Temporal, two workers, two APIs; one of each is killed at the same moment, and the others carry on. */
import { mixed } from '../load/case-kinds.ts';
import { pick } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

export const oneOfEach: Experiment = {
  id: 'N1',
  title: 'kill -9 one node, one worker and one API at once',
  full: { kills: 50, cases: 400 },
  recoveryP99Ms: 60_000,
  needsCluster: true,
  run: async (lab, counts) => {
    const random = lab.random('N1 targets');
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'N1',
      kinds: mixed,
      atOnce: 12,
      isEnough: (begun) => begun >= countOf(counts, 'cases'),
      faults: countOf(counts, 'kills'),
      pauseMs: [6_000, 12_000],
      inject: () => {
        const { servers, workers, apis } = lab.installation;
        const killed = [servers, workers, apis].map((some) => pick(random, some)).filter((target) => target.kill());
        for (const { name } of killed) lab.faults.note('kill -9', name);
        return killed.length > 0;
      },
    });
    return { counts: { kills: faults, cases: drive.ended }, figures: {}, misses: missesOf(drive) };
  },
};

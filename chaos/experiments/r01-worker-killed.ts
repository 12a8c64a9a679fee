/** R1: workers are killed at random points; the cases they held go on elsewhere. */
import { mixed } from '../load/case-kinds.ts';
import { pick } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

export const workerKilled: Experiment = {
  id: 'R1',
  title: 'kill -9 worker at random points',
  full: { kills: 200, cases: 1_000 },
  // 10 s of a workflow task and 10 s of a sticky queue, and what the tasks wait for on top.
  recoveryP99Ms: 25_000,
  run: async (lab, counts) => {
    const random = lab.random('R1 targets');
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'R1',
      kinds: mixed,
      atOnce: 12,
      isEnough: (begun) => begun >= countOf(counts, 'cases'),
      faults: countOf(counts, 'kills'),
      pauseMs: [1_500, 4_000],
      inject: () => {
        const worker = pick(random, lab.installation.workers);
        if (!worker.kill()) return false;
        lab.faults.note('kill -9', worker.name);
        return true;
      },
    });
    return { counts: { kills: faults, cases: drive.ended }, figures: {}, misses: missesOf(drive) };
  },
};

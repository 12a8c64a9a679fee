/** R3: the Temporal server is killed; nobody lends a hand. */
import { mixed } from '../load/case-kinds.ts';
import { pick } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

export const temporalKilled: Experiment = {
  id: 'R3',
  title: 'kill -9 Temporal server',
  full: { kills: 50 },
  recoveryP99Ms: 30_000,
  run: async (lab, counts) => {
    const random = lab.random('R3 targets');
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'R3',
      kinds: mixed,
      atOnce: 12,
      isEnough: () => true,
      faults: countOf(counts, 'kills'),
      pauseMs: [4_000, 9_000],
      inject: () => {
        const server = pick(random, lab.installation.servers);
        if (!server.kill()) return false;
        lab.faults.note('kill -9', server.name);
        return true;
      },
    });
    return { counts: { kills: faults }, figures: { cases: drive.ended }, misses: missesOf(drive) };
  },
};

/** R4: PostgreSQL is stopped at once every few seconds and stays down for some, as in the chaos tests of DBOS. */
import { mixed } from '../load/case-kinds.ts';
import { between } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

const longestDownMs = 5_000;

export const postgresStopped: Experiment = {
  id: 'R4',
  title: 'PostgreSQL immediate stop each 5-20 s, down 0-5 s',
  full: { restarts: 40, cases: 1_000 },
  recoveryP99Ms: 60_000,
  run: async (lab, counts) => {
    const random = lab.random('R4 downtimes');
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'R4',
      kinds: mixed,
      atOnce: 12,
      isEnough: (begun) => begun >= countOf(counts, 'cases'),
      faults: countOf(counts, 'restarts'),
      pauseMs: [5_000, lab.profile === 'night' ? 20_000 : 12_000],
      inject: () => {
        const downMs = Math.round(between(random, 0, longestDownMs));
        // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start.
        if (!lab.installation.postgres.kill('SIGQUIT', downMs)) return false;
        lab.faults.note('immediate stop', 'postgres', `down ${String(downMs)} ms`);
        return true;
      },
    });
    return { counts: { restarts: faults, cases: drive.ended }, figures: {}, misses: missesOf(drive) };
  },
};

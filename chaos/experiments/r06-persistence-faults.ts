/** R6: Temporal's own stores fail at the rates of its own tests; for a server that the harness has built. */
import { setTimeout as delay } from 'node:timers/promises';
import { mixed } from '../load/case-kinds.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';

const downMs = 500;
const startMs = 120_000;

async function restartServers({ installation }: Lab, hasFaults: boolean): Promise<void> {
  installation.hasPersistenceFaults = hasFaults;
  for (const server of installation.servers) {
    server.kill('SIGKILL', downMs);
    await delay(2 * downMs);
    await installation.untilServing(startMs);
  }
}

export const persistenceFaults: Experiment = {
  id: 'R6',
  title: "server persistence faults at Temporal's own rates",
  full: { cases: 500 },
  recoveryP99Ms: null,
  needsCluster: true,
  run: async (lab, counts) => {
    await restartServers(lab, true);
    lab.faults.note('persistence faults', 'temporal', 'from here on');
    const due = countOf(counts, 'cases');
    const drive = await lab.load.drive({ experiment: 'R6', kinds: mixed, atOnce: 12, goesOn: (begun) => begun < due });
    await restartServers(lab, false);
    return { counts: { cases: drive.ended }, figures: {}, misses: missesOf(drive) };
  },
};

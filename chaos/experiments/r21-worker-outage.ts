/** R21: no worker for a while; what is started meanwhile waits, is worked off, and does not starve what comes after. */
import { setTimeout as delay } from 'node:timers/promises';
import { caseKinds } from '../load/case-kinds.ts';
import { percentile } from '../load/owed.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

const outageMs = { ci: 30_000, cluster: 30_000, night: 600_000 } as const;
const drainFactor = 2;
/** After the outage and all the time there is to work the backlog off, so that nobody gives up before. */
const patienceMs = 150_000;
const newCases = 10;
const kinds = [caseKinds.service, caseKinds.task, caseKinds.multi];

export const workerOutage: Experiment = {
  id: 'R21',
  title: 'worker outage with a backlog',
  full: { outages: 5, queued: 2_500 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const { installation, load, faults, profile } = lab;
    const outages = countOf(counts, 'outages');
    const perOutage = Math.ceil(countOf(counts, 'queued') / outages);
    const downMs = outageMs[profile];
    const misses: string[] = [];
    const drains: number[] = [];
    const fresh: number[] = [];
    let queued = 0;
    for (let outage = 0; outage < outages; outage++) {
      for (const worker of installation.workers) {
        if (worker.kill('SIGKILL', downMs)) faults.note('outage', worker.name, `${String(downMs)} ms`);
      }
      const backAt = Date.now() + downMs;
      const backlog = load.drive({
        experiment: 'R21',
        kinds,
        atOnce: perOutage,
        patienceMs: downMs * (1 + drainFactor) + patienceMs,
        goesOn: (begun) => begun < perOutage && Date.now() < backAt,
      });
      await delay(downMs);
      const drainFrom = Date.now();
      const later = load.drive({
        experiment: 'R21new',
        kinds: [
          async (subject) => {
            const from = Date.now();
            await caseKinds.service(subject);
            fresh.push(Date.now() - from);
          },
        ],
        atOnce: 2,
        goesOn: (begun) => begun < newCases,
      });
      const drive = await backlog;
      drains.push(Date.now() - drainFrom);
      queued += drive.ended;
      misses.push(...missesOf(drive), ...missesOf(await later));
    }
    const slowest = Math.max(...drains);
    if (slowest > drainFactor * downMs) misses.push(`the backlog took ${String(Math.round(slowest / 1_000))} s`);
    const newP50 = percentile(fresh, 0.5);
    if (newP50 > slowest) misses.push('new work had to wait for the whole backlog');
    return {
      counts: { outages, queued },
      figures: { outageSeconds: downMs / 1_000, drainMs: slowest, newCaseP50Ms: newP50 },
      misses,
    };
  },
};

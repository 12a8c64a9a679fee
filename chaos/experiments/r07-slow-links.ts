/** R7: 100 ms and jitter on the links to PostgreSQL and Temporal. */
import { mixed } from '../load/case-kinds.ts';
import type { Drive } from '../load/load.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';
import { taskTimeoutsOf } from './histories.ts';

/** Of our processes; a built server has a link to its store as well. */
const ours = /^(api|worker)-\d+-(postgres|temporal)$/;
const slow = { latencyMs: 50, jitterMs: 30, cut: null } as const;
const atOnce = 40;
const leastShare = 0.3;
/** The base is measured for this share of the time. */
const baseShare = 0.5;

const during = (lab: Lab, experiment: string, ms: number): Promise<Drive> => {
  const until = Date.now() + ms;
  return lab.load.drive({ experiment, kinds: mixed, atOnce, goesOn: () => Date.now() < until });
};

export const slowLinks: Experiment = {
  id: 'R7',
  // Each piece of data waits 50 ms in each direction: a turn takes 100 ms and the jitter more.
  title: '100 ms + jitter on PG and Temporal links',
  full: { seconds: 600 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const ms = countOf(counts, 'seconds') * 1_000;
    const base = await during(lab, 'R7base', ms * baseShare);
    for (const link of lab.installation.linksOf(ours)) link.weather = slow;
    lab.faults.note('latency', 'our links', `${String(2 * slow.latencyMs)} ms`);
    const from = Date.now();
    const drive = await during(lab, 'R7', ms);
    const slowedMs = Date.now() - from;
    const timeouts = await taskTimeoutsOf(lab, 'R7');
    const share = drive.perSecond / base.perSecond;
    return {
      counts: { seconds: Math.round(slowedMs / 1_000) },
      figures: {
        basePerSecond: base.perSecond.toFixed(2),
        perSecond: drive.perSecond.toFixed(2),
        share: share.toFixed(2),
        taskTimeouts: timeouts,
      },
      misses: [
        ...missesOf(base),
        ...missesOf(drive),
        ...(timeouts > 0 ? [`${String(timeouts)} workflow tasks timed out`] : []),
        ...(share < leastShare ? [`throughput is ${share.toFixed(2)} of the base`] : []),
      ],
    };
  },
};

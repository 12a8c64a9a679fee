/** R10: fifty people complete their tasks of one case at the same moment; Temporal takes ten at once. */
import type { CaseKind } from '../load/case-kinds.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

const people = 50;
const isAllowed = (status: number): boolean => (status >= 200 && status < 300) || status === 409 || status === 429;

export const crowd: Experiment = {
  id: 'R10',
  title: '50 concurrent commands on one case',
  full: { rounds: 100 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const caller = lab.caller.copied(1);
    const rush: CaseKind = async (subject) => {
      const items = Array.from({ length: people }, (_, index) => index + 1);
      subject.expects('crowd', { tasks: people });
      await subject.start('chaos-crowd', { items });
      const tasks = await subject.openTasks(people);
      await Promise.all(tasks.map((task) => subject.complete(task, {}, caller)));
      await subject.ended();
    };
    const due = countOf(counts, 'rounds');
    const drive = await lab.load.drive({ experiment: 'R10', kinds: [rush], atOnce: 1, goesOn: (begun) => begun < due });
    const others = [...caller.statuses].filter(([status]) => !isAllowed(status));
    const tooMany = caller.statuses.get(429) ?? 0;
    return {
      counts: { rounds: drive.ended },
      figures: {
        answers: [...caller.statuses].map(([status, count]) => `${String(status)}×${String(count)}`).join(' '),
      },
      misses: [
        ...missesOf(drive),
        ...others.map(([status, count]) => `${String(count)} answers ${String(status)}`),
        ...(caller.retryAfters < tooMany ? ['429 without Retry-After'] : []),
      ],
    };
  },
};

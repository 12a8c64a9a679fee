/** R2: APIs are killed in the middle of requests; the client sends each command again under its key, to whichever API answers. */
import { caseKinds } from '../load/case-kinds.ts';
import { pick } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

/** Kinds that send many commands. */
const kinds = [caseKinds.loop, caseKinds.multi, caseKinds.task, caseKinds.message, caseKinds.loop];

export const apiKilled: Experiment = {
  id: 'R2',
  title: 'kill -9 API mid request, client retries same key',
  full: { kills: 100, commands: 5_000 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const random = lab.random('R2 targets');
    const before = lab.ledger.acknowledged;
    const commands = countOf(counts, 'commands');
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'R2',
      kinds,
      atOnce: 16,
      isEnough: () => lab.ledger.acknowledged - before >= commands,
      faults: countOf(counts, 'kills'),
      pauseMs: [1_000, 4_000],
      inject: () => {
        const api = pick(random, lab.installation.apis);
        if (!api.kill()) return false;
        lab.faults.note('kill -9', api.name);
        return true;
      },
    });
    return {
      counts: { kills: faults, commands: lab.ledger.acknowledged - before },
      figures: {},
      misses: missesOf(drive),
    };
  },
};

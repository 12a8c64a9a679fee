/** R8: each command is sent three times at once under one key. */
import { caseKinds } from '../load/case-kinds.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

const copies = 3;
const kinds = [caseKinds.loop, caseKinds.task, caseKinds.message, caseKinds.call];

export const sentThrice: Experiment = {
  id: 'R8',
  title: 'each command sent 3x at once, same key',
  full: { commands: 2_000 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const caller = lab.caller.copied(copies);
    const commands = countOf(counts, 'commands');
    const drive = await lab.load.drive({
      experiment: 'R8',
      kinds,
      atOnce: 10,
      caller,
      goesOn: () => caller.sent < commands,
    });
    const { sent, unequal } = caller;
    return {
      counts: { commands: sent },
      figures: { cases: drive.ended, unequalAnswers: unequal },
      misses: [...missesOf(drive), ...(unequal > 0 ? [`${String(unequal)} commands had unequal answers`] : [])],
    };
  },
};

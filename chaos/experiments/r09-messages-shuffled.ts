/** R9: ten messages for one case, in any order, some before anybody subscribes. */
import type { CaseKind } from '../load/case-kinds.ts';
import { shuffled, whole } from '../random.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment } from './experiment.ts';

const messagesPerCase = 10;
const lifeMs = 30 * 60_000;

const inbox: CaseKind = async (subject) => {
  const numbers = Array.from({ length: messagesPerCase }, (_, index) => index + 1);
  subject.expects('inbox', { messages: messagesPerCase, variables: { received: numbers } });
  const order = shuffled(subject.random, numbers);
  const early = order.splice(0, whole(subject.random, 0, messagesPerCase - 1));
  const send = (number: number): Promise<void> =>
    subject.publish('chaos.letter', `letter-${String(number)}`, lifeMs, { number });
  await Promise.all([...early.map(send), subject.start('chaos-inbox', { items: numbers })]);
  await Promise.all(order.map(send));
  await subject.ended();
};

export const messagesShuffled: Experiment = {
  id: 'R9',
  title: '10 messages shuffled, some before their subscription',
  full: { cases: 500 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const due = countOf(counts, 'cases');
    const drive = await lab.load.drive({ experiment: 'R9', kinds: [inbox], atOnce: 6, goesOn: (begun) => begun < due });
    return {
      counts: { cases: drive.ended },
      figures: { messages: drive.ended * messagesPerCase },
      misses: missesOf(drive),
    };
  },
};

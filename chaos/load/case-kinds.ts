/** The mixed load: what each kind of case does from its start to its end, and what must be true of it then. */
import { setTimeout as delay } from 'node:timers/promises';
import { between, whole } from '../random.ts';
import type { Case } from './case.ts';
import { newsMessage } from './definitions.ts';

/** Drives one case to its end. */
export type CaseKind = (subject: Case) => Promise<void>;

const messageLifeMs = 30 * 60_000;
/** One task of so many is taken before it is completed. */
const takenShare = 0.3;

const service: CaseKind = async (subject) => {
  subject.expects('service', { effects: { notify: 1, effect: 1 } });
  await subject.start('chaos-service');
  await subject.ended();
};

const task: CaseKind = async (subject) => {
  subject.expects('task', { effects: { effect: 1 }, tasks: 1, variables: { verdict: subject.ref } });
  await subject.start('chaos-task');
  const open = await subject.nextTask();
  if (subject.random() < takenShare) await subject.assign(open);
  await subject.complete(open, { verdict: subject.ref });
  await subject.ended();
};

/** The news comes before its subscription, or after. */
const message: CaseKind = async (subject) => {
  subject.expects('message', { effects: { effect: 1 }, messages: 1, variables: { news: subject.ref } });
  const isEarly = subject.random() < 0.5;
  if (isEarly) {
    await Promise.all([
      subject.start('chaos-message'),
      subject.publish(newsMessage, 'news', messageLifeMs, { news: subject.ref }),
    ]);
  } else {
    await subject.start('chaos-message');
    await delay(between(subject.random, 0, 500));
    await subject.publish(newsMessage, 'news', messageLifeMs, { news: subject.ref });
  }
  await subject.ended();
};

const timer: CaseKind = async (subject) => {
  const seconds = whole(subject.random, 1, 4);
  subject.expects('timer', { effects: { effect: 1 } });
  await subject.start('chaos-timer', { wait: `PT${String(seconds)}S` });
  // Until then nothing is owed.
  await delay(seconds * 1_000);
  await subject.ended();
};

const multi: CaseKind = async (subject) => {
  const items = Array.from({ length: whole(subject.random, 2, 5) }, (_, index) => index + 1);
  subject.expects('multi', { effects: { each: items.length }, variables: { done: items } });
  await subject.start('chaos-multi', { items });
  await subject.ended();
};

const call: CaseKind = async (subject) => {
  subject.expects('call', { effects: { notify: 1, effect: 1 }, tasks: 1 });
  await subject.start('chaos-call');
  await subject.complete(await subject.nextTask());
  await subject.ended();
};

const loop: CaseKind = async (subject) => {
  const rounds = whole(subject.random, 3, 8);
  subject.expects('loop', { tasks: rounds, variables: { n: rounds } });
  await subject.start('chaos-loop', { n: 0, rounds });
  for (let round = 0; round < rounds; round++) await subject.complete(await subject.nextTask());
  await subject.ended();
};

export const caseKinds = { service, task, message, timer, multi, call, loop } satisfies Record<string, CaseKind>;
export const mixed: readonly CaseKind[] = Object.values(caseKinds);

/**
 * R11: Temporal suggests to continue as new after some fifty events, and gets what it asks for under traffic. A command of an earlier run
 * that comes again is known still: it is sent past the API, whose own memory would answer it first.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { commandUpdate, workflowIdOf } from '#workflows/messages.ts';
import { isKey, sequenceOf } from '#engine/keys.ts';
import type { CaseKind } from '../load/case-kinds.ts';
import { account } from '../stack/installation.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';
import { runsOf } from './histories.ts';

const setting = 'limit.historyCount.suggestContinueAsNew';
const suggestAfter = 50;
const rounds = 64;
const leastContinuations = 5;
const downMs = 300;
const startMs = 60_000;

async function restartTemporal({ installation, faults }: Lab): Promise<void> {
  for (const server of installation.servers) {
    server.kill('SIGKILL', downMs);
    faults.note('kill -9', server.name, 'for another setting');
    await delay(2 * downMs);
    await installation.untilServing(startMs);
  }
}

/** Sends a command that was answered before to the workflow itself; true: it was known. */
async function isKnown(lab: Lab, processId: string, instanceKey: string, taskKey: string): Promise<boolean> {
  if (!isKey(taskKey)) return false;
  const key = `${account}/task-${taskKey}`;
  const command = { type: 'completeUserTask', task: sequenceOf(taskKey), variables: {} } as const;
  const handle = lab.installation.client.workflow.getHandle(workflowIdOf(processId, instanceKey));
  const before = await factsOf(lab, instanceKey);
  // Another update id: Temporal's own memory of this run would answer it otherwise.
  const answer = await handle.executeUpdate(commandUpdate, {
    args: [{ key, actor: account, command }],
    updateId: `${key}/again/${String(Date.now())}`,
  });
  return answer.accepted && answer.factNumber <= before;
}
async function factsOf({ installation }: Lab, instanceKey: string): Promise<number> {
  const { rows } = await installation.owner.query<{ last: number }>(
    'select last_fact as last from instance where key = $1',
    [instanceKey],
  );
  return rows[0]?.last ?? 0;
}

export const continued: Experiment = {
  id: 'R11',
  title: 'forced continue-as-new each ~50 events under traffic',
  full: { cases: 300, continuations: 1_500 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    lab.installation.temporalSettings[setting] = suggestAfter;
    await restartTemporal(lab);
    let continuations = 0;
    let few = 0;
    let forgotten = 0;
    const long: CaseKind = async (subject) => {
      subject.expects('loop', { tasks: rounds, variables: { n: rounds } });
      await subject.start('chaos-loop', { n: 0, rounds });
      let first = '';
      for (let round = 0; round < rounds; round++) {
        const task = await subject.nextTask();
        if (first === '') first = task.key;
        // One round before the last: many runs lie between.
        if (round === rounds - 1 && !(await isKnown(lab, 'chaos-loop', subject.instanceKey, first))) forgotten += 1;
        await subject.complete(task);
      }
      await subject.ended();
      const runs = (await runsOf(lab, 'chaos-loop', subject.instanceKey)).length;
      continuations += runs - 1;
      if (runs - 1 < leastContinuations) few += 1;
    };
    const due = countOf(counts, 'cases');
    const drive = await lab.load.drive({
      experiment: 'R11',
      kinds: [long],
      atOnce: 10,
      goesOn: (begun) => begun < due,
    });
    delete lab.installation.temporalSettings[setting];
    await restartTemporal(lab);
    return {
      counts: { cases: drive.ended, continuations },
      figures: { forgottenKeys: forgotten },
      misses: [
        ...missesOf(drive),
        ...(few > 0 ? [`${String(few)} cases had fewer than ${String(leastContinuations)} continuations`] : []),
        ...(forgotten > 0 ? [`${String(forgotten)} keys of earlier runs were not known`] : []),
      ],
    };
  },
};

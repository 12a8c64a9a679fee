/** R13: variables, messages and files that are too large are refused with 413, and nothing has changed. */
import { ProblemError } from '#contract/client.ts';
import { deploymentEndpoints, deploymentLimits } from '#contract/deployment.ts';
import { limits } from '#engine/limits.ts';
import type { Case } from '../load/case.ts';
import type { CaseKind } from '../load/case-kinds.ts';
import { newsMessage } from '../load/definitions.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';

const tooLarge = 413;
const lifeMs = 60_000;
const oversized = 'x'.repeat(limits.variableBytes + 1);

async function statusOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 200;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.status;
    throw error;
  }
}

function uploads({ caller }: Lab): Promise<unknown> {
  const form = new FormData();
  form.append('resources', new Blob(['x'.repeat(deploymentLimits.fileBytes + 1)]), 'large.bpmn');
  return caller.upload(deploymentEndpoints.createDeployment, form);
}

export const oversize: Experiment = {
  id: 'R13',
  title: 'oversized variable, file, message',
  full: { attempts: 50 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const due = countOf(counts, 'attempts');
    let attempts = 0;
    const others: string[] = [];
    const attempt = async (what: string, work: Promise<unknown>): Promise<void> => {
      const status = await statusOf(work);
      attempts += 1;
      if (status !== tooLarge) others.push(`${what} was answered ${String(status)}`);
    };
    const trial: CaseKind = async (subject: Case) => {
      subject.expects('task', { effects: { effect: 1 }, tasks: 1, variables: { verdict: subject.ref } });
      await subject.start('chaos-task');
      const task = await subject.nextTask();
      await attempt('a variable', subject.complete(task, { oversized }));
      await attempt('a message', subject.publish(newsMessage, 'large', lifeMs, { oversized }));
      await attempt('a file', uploads(lab));
      await attempt('a start', lab.load.newCase('R13x').start('chaos-task', { oversized }));
      await subject.complete(task, { verdict: subject.ref });
      await subject.ended();
    };
    const drive = await lab.load.drive({
      experiment: 'R13',
      kinds: [trial],
      atOnce: 2,
      goesOn: () => attempts < due,
    });
    return {
      counts: { attempts },
      figures: { cases: drive.ended },
      misses: [...missesOf(drive), ...others.slice(0, 3)],
    };
  },
};

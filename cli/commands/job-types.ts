/** `alur job-types`: job types on hold. */
import { Command } from 'commander';
import { jobTypeEndpoints } from '#contract/job-type.ts';
import { answerWith, onServer, withReason } from '../on-server.ts';
import type { ServerOptions } from '../on-server.ts';
import { text } from '../texts.ts';

interface Reasoned extends ServerOptions {
  readonly reason: string;
}
const done = (): readonly string[] => [text('done')];

const commands = (): readonly Command[] => [
  onServer('list', 'jobTypesList').action((options: ServerOptions) =>
    answerWith(
      options,
      (client) => client(jobTypeEndpoints.listJobTypes, {}),
      ({ items }) =>
        items.map(({ type, openJobs, waitingJobs, suspendedReason }) =>
          [type, openJobs, waitingJobs, suspendedReason ?? ''].join('\t').trimEnd(),
        ),
    ),
  ),
  withReason(onServer('suspend', 'jobTypesSuspend'))
    .argument('<type>')
    .action((jobType: string, { reason, ...options }: Reasoned) => {
      const input = { params: { jobType }, body: { reason } };
      return answerWith(options, (client) => client(jobTypeEndpoints.suspendJobType, input), done);
    }),
  withReason(onServer('resume', 'jobTypesResume'))
    .argument('<type>')
    .action((jobType: string, { reason, ...options }: Reasoned) => {
      const input = { params: { jobType }, body: { reason } };
      return answerWith(options, (client) => client(jobTypeEndpoints.resumeJobType, input), done);
    }),
];

export const jobTypesCommand = (): Command =>
  commands().reduce(
    (parent, child) => parent.addCommand(child),
    new Command('job-types').description(text('jobTypes')),
  );

/** `alur definitions`: which version of a process starts, and what becomes of the others. */
import { Command } from 'commander';
import type { Client } from '#contract/client.ts';
import { deploymentEndpoints } from '#contract/deployment.ts';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import type { ProcessDefinition } from '#contract/process-definition.ts';
import { catchUps } from '#contract/start-schedule.ts';
import { answerWith, onServer, withReason } from '../on-server.ts';
import type { ServerOptions } from '../on-server.ts';
import { text } from '../texts.ts';

interface Reasoned extends ServerOptions {
  readonly reason: string;
}
interface Resuming extends Reasoned {
  readonly catchUp: (typeof catchUps)[number];
}

function lineOf({
  processDefinitionKey,
  processDefinitionId,
  version,
  versionTag,
  lifecycle,
  statistics,
}: ProcessDefinition): string {
  const state = lifecycle?.suspendedAt ? 'SUSPENDED' : lifecycle?.isLatestVersion === true ? 'LATEST' : '';
  const reason = lifecycle?.suspendedReason ?? '';
  return [processDefinitionKey, processDefinitionId, version, versionTag ?? '', state, statistics?.active ?? 0, reason]
    .join('\t')
    .trimEnd();
}
const done = (): readonly string[] => [text('done')];
const named = (processDefinitionKey: string) => ({ params: { processDefinitionKey } });

const commands = (): readonly Command[] => [
  onServer('list', 'definitionsList').action((options: ServerOptions) => {
    const body = { include: ['statistics' as const, 'lifecycle' as const] };
    const call = (client: Client) => client(processDefinitionEndpoints.searchProcessDefinitions, { body });
    return answerWith(options, call, ({ items }) => items.map(lineOf));
  }),
  withReason(onServer('latest', 'definitionsLatest'))
    .argument('<key>')
    .action((key: string, { reason, ...options }: Reasoned) => {
      const input = { ...named(key), body: { reason } };
      return answerWith(
        options,
        (client) => client(processDefinitionEndpoints.declareLatestProcessDefinition, input),
        done,
      );
    }),
  withReason(onServer('suspend', 'definitionsSuspend'))
    .argument('<key>')
    .action((key: string, { reason, ...options }: Reasoned) => {
      const input = { ...named(key), body: { reason } };
      return answerWith(options, (client) => client(processDefinitionEndpoints.suspendProcessDefinition, input), done);
    }),
  withReason(onServer('resume', 'definitionsResume'))
    .argument('<key>')
    .option(`--catch-up <${catchUps.join('|')}>`, text('schedulesCatchUp'), 'none')
    .action((key: string, { reason, catchUp, ...options }: Resuming) => {
      const input = { ...named(key), body: { reason, catchUp } };
      return answerWith(options, (client) => client(processDefinitionEndpoints.resumeProcessDefinition, input), done);
    }),
  withReason(onServer('delete', 'definitionsDelete'))
    .argument('<key>')
    .action((resourceKey: string, { reason, ...options }: Reasoned) => {
      const input = { params: { resourceKey }, body: { reason } };
      return answerWith(options, (client) => client(deploymentEndpoints.deleteResource, input), done);
    }),
];

export const definitionsCommand = (): Command =>
  commands().reduce(
    (parent, child) => parent.addCommand(child),
    new Command('definitions').description(text('definitions')),
  );

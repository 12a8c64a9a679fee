/**
 * The audit rows of changes by hand. They are written with the facts, in one transaction: a change that is recorded has its row, and
 * whoever asked for it may die at any time. A command has one row, also when its workflow task is done again after a worker died.
 */
import type { ClientBase } from 'pg';
import type { Command, Seq } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import { instanceOf, keyWithin } from '#engine/keys.ts';
import type { JsonObject } from '#engine/json.ts';
import { appendAudit, isAudited } from './audit.ts';
import type { FactOfCommand } from './projections/projection.ts';

/** What a change by hand is called in the audit. */
export const interventionActions = {
  cancelInstance: 'case.cancel',
  suspendInstance: 'case.suspend',
  resumeInstance: 'case.resume',
  modifyInstance: 'case.modify',
  sendBack: 'case.sendBack',
  migrateInstance: 'case.migrate',
  setVariables: 'case.setVariables',
  resolveIncident: 'incident.resolve',
  updateTimer: 'timer.update',
  fireTimer: 'timer.trigger',
  updateJob: 'job.update',
  retryJob: 'job.retry',
  completeJob: 'job.skip',
} as const satisfies Partial<Record<Command['type'], string>>;
const actionOf = (command: Command['type']): string =>
  (interventionActions as Partial<Record<Command['type'], string>>)[command] ?? `case.${command}`;

/** What the first fact after it says the change is about; null: the instance as a whole. */
function subjectOf(fact: Fact | undefined): Seq | null {
  switch (fact?.type) {
    case 'timerRescheduled':
    case 'timerFired':
      return fact.timer;
    case 'jobRetried':
    case 'jobRetriesChanged':
    case 'jobCompleted':
      return fact.job;
    case 'incidentResolved':
      return fact.incident;
    case 'commandKept':
      return fact.command.type === 'completeJob' ? fact.command.job : null;
    default:
      return null;
  }
}
const about = new Set<Fact['type']>([
  'timerRescheduled',
  'timerFired',
  'jobRetried',
  'jobRetriesChanged',
  'jobCompleted',
  'incidentResolved',
  'commandKept',
]);
const commandsOfOne = new Set<Command['type']>([
  'resolveIncident',
  'updateTimer',
  'fireTimer',
  'updateJob',
  'retryJob',
  'completeJob',
]);

export const hasInterventions = (facts: readonly FactOfCommand[]): boolean =>
  facts.some(({ fact }) => fact.type === 'interventionMade');

/** @param region of the instance, '' when it has none */
export async function auditInterventions(
  db: Pick<ClientBase, 'query'>,
  { instanceKey, region }: { readonly instanceKey: string; readonly region: string },
  facts: readonly FactOfCommand[],
): Promise<void> {
  for (const [index, { actor, number, commandKey, fact }] of facts.entries()) {
    if (fact.type !== 'interventionMade') continue;
    const { command, reason, before, after } = fact;
    if (commandKey !== null && (await isAudited(db, instanceKey, commandKey))) continue;
    const next = facts.slice(index + 1).find((later) => about.has(later.fact.type) && later.commandKey === commandKey);
    const subject = commandsOfOne.has(command) ? subjectOf(next?.fact) : null;
    const detail: JsonObject = {
      command,
      reason,
      before,
      after,
      fact: number,
      ...(commandKey === null ? {} : { commandKey }),
      ...(subject === null ? {} : { entityKey: keyWithin(instanceOf(instanceKey), subject) }),
    };
    await appendAudit(db, { actor, action: actionOf(command), target: instanceKey, region, detail });
  }
}

/**
 * The audit rows of changes by hand. They are written with the facts, in one transaction: a change that is recorded has its row, and
 * whoever asked for it may die at any time. A command has one row, also when its workflow task is done again after a worker died.
 */
import type { ClientBase } from 'pg';
import type { Command, Seq } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import { keyWithin } from '#engine/keys.ts';
import type { JsonObject } from '#engine/json.ts';
import { appendAudit, isAudited } from './audit.ts';
import type { FactOfCommand } from './projections/projection.ts';

/** What a change by hand is called in the audit. */
const interventionActions = {
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

/** What a fact that a change by hand makes says it is about; null: not this fact. */
type Subject = (fact: Fact) => Seq | null;
const timer: Subject = (fact) => (fact.type === 'timerRescheduled' || fact.type === 'timerFired' ? fact.timer : null);
const incident: Subject = (fact) => (fact.type === 'incidentResolved' ? fact.incident : null);
const job: Subject = (fact) => {
  if (fact.type === 'jobRetried' || fact.type === 'jobRetriesChanged' || fact.type === 'jobCompleted') return fact.job;
  return fact.type === 'commandKept' && fact.command.type === 'completeJob' ? fact.command.job : null;
};
/** Commands about one thing within the instance; all others are about the whole. */
const subjects: Partial<Record<Command['type'], Subject>> = {
  resolveIncident: incident,
  updateTimer: timer,
  fireTimer: timer,
  updateJob: job,
  retryJob: job,
  completeJob: job,
};
function subjectOf(command: Command['type'], later: readonly FactOfCommand[]): Seq | null {
  const subject = subjects[command];
  if (subject === undefined) return null;
  for (const { fact } of later) {
    const seq = subject(fact);
    if (seq !== null) return seq;
  }
  return null;
}

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
    const subject = subjectOf(command, facts.slice(index + 1));
    const detail: JsonObject = {
      command,
      reason,
      before,
      after,
      fact: number,
      ...(commandKey === null ? {} : { commandKey }),
      ...(subject === null ? {} : { entityKey: keyWithin(instanceKey, subject) }),
    };
    await appendAudit(db, { actor, action: actionOf(command), target: instanceKey, region, detail });
  }
}

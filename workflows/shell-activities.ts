/** The Activities of the shell itself, as workflows call them. Job types are Activities as well; `alur.` keeps the two apart. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BroadcastSignal } from '#activities/broadcast-signal.ts';
import type { DeliverMessage } from '#activities/deliver-message.ts';
import type { DeliverSignal } from '#activities/deliver-signal.ts';
import type { Escalate } from '#activities/escalate.ts';
import type { ExchangeMessages, MessageExchange } from '#activities/exchange-messages.ts';
import type { RecordFacts } from '#activities/record-facts.ts';
import type { ReleaseJobs } from '#activities/release-jobs.ts';
import type { ReleaseStart } from '#activities/release-start.ts';
import type { ReportOutcome } from '#activities/report-outcome.ts';
import type { ResolveDefinition } from '#activities/resolve-definition.ts';
import type { RunBatch } from '#activities/run-batch.ts';
import type { StartInstance } from '#activities/start-instance.ts';
import type { JobActivityResult, JobRequest } from '#activities/job-handler.ts';
import type { Marked } from '#activities/marked.ts';
import { asking } from './asking.ts';

type WithMark<F> = F extends (question: infer Q) => Promise<infer A>
  ? (question: Q, mark: string) => Promise<Marked<A>>
  : never;
const locals = proxyLocalActivities<{
  'alur.recordFacts': WithMark<RecordFacts>;
  'alur.resolveDefinition': WithMark<ResolveDefinition>;
  'alur.exchangeMessages': WithMark<ExchangeMessages>;
}>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
function exchangeName(exchange: MessageExchange): string {
  if (exchange.type === 'publish') return `publish ${exchange.message.messageKey}`;
  const { type, name, correlationKey, subscription } = exchange;
  return JSON.stringify([type, name, correlationKey, subscription.subscription]);
}
/** Local activities: one marker each, tried until they succeed. What they return is stored unencrypted: keys only. */
export const local = {
  'alur.recordFacts': asking(locals['alur.recordFacts'], ({ facts }) =>
    facts.map(({ number, commandKey }) => `${number} ${commandKey}`).join(),
  ),
  'alur.resolveDefinition': asking(locals['alur.resolveDefinition'], JSON.stringify),
  'alur.exchangeMessages': asking(locals['alur.exchangeMessages'], (exchanges) => exchanges.map(exchangeName).join()),
};

/** Calls that wait for another workflow; tried until they succeed. */
export const remote = proxyActivities<{
  'alur.broadcastSignal': BroadcastSignal;
  'alur.deliverMessage': DeliverMessage;
  'alur.deliverSignal': DeliverSignal;
  'alur.escalate': Escalate;
  'alur.releaseJobs': ReleaseJobs;
  'alur.releaseStart': ReleaseStart;
  'alur.reportOutcome': ReportOutcome;
  'alur.startInstance': StartInstance;
}>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Walks a part of a batch operation; one whose worker died is soon gone on with. */
export const batches = proxyActivities<{ 'alur.runBatch': RunBatch }>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/**
 * One attempt of a job. Retries are the engine's; Temporal repeats only what ended without a word (a worker that died or hangs), and
 * gives up after some times, so that a job which kills its workers ends as an incident.
 */
const jobs = proxyActivities<Record<string, (request: JobRequest) => Promise<JobActivityResult>>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  // An instance that closed while an attempt is ending would lose the command that closed it (see isQuiet in process-instance.ts).
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
});

const isReserved = (jobType: string): boolean => jobType === 'default' || jobType.startsWith('alur.');

export function runJob(jobType: string, request: JobRequest): Promise<JobActivityResult> {
  const run = isReserved(jobType) ? undefined : jobs[jobType];
  if (run === undefined)
    return Promise.resolve({ outcome: 'failed', message: `The job type ${jobType} is reserved.`, retries: 0 });
  return run(request);
}

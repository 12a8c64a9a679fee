/** Every Activity of a worker, by name: the shell's own, one per connector, and the default that parks a job. */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { parkSuspendedJob, SuspendedJobTypes } from '#db/job-types.ts';
import { createBroadcastSignal } from './broadcast-signal.ts';
import { createDeliverMessage } from './deliver-message.ts';
import { createDeliverSignal } from './deliver-signal.ts';
import { createEscalate } from './escalate.ts';
import { createExchangeMessages } from './exchange-messages.ts';
import type { JobHandler, JobLogger, JobRequest } from './job-handler.ts';
import { marked } from './marked.ts';
import { createReleaseJobs } from './release-jobs.ts';
import { createParkJob } from './park-job.ts';
import { createRecordFacts } from './record-facts.ts';
import type { RecordTroubles } from './record-trouble.ts';
import { createReleaseStart } from './release-start.ts';
import { createReportOutcome } from './report-outcome.ts';
import { createResolveDefinition } from './resolve-definition.ts';
import { createRunBatch } from './run-batch.ts';
import { createRunJob } from './run-job.ts';
import { createStartInstance } from './start-instance.ts';
import { createRepair } from './verification/repair.ts';
import { createVerify } from './verification/verify.ts';

export interface ActivityDeps {
  /** Role alur_worker. */
  readonly pool: Pool;
  readonly client: Client;
  readonly logger: JobLogger;
  /** Connectors by job type. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** How far the engine's time is ahead of the clock: 0 but on test stacks. */
  readonly clockOffsetMs: () => Promise<number>;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly troubles: RecordTroubles;
  /** Stored facts are not replaced by those of a workflow that knows less. */
  readonly afterRestore: boolean;
  /** Folder with the audit's anchors. */
  readonly home: string;
}

export function createActivities(deps: ActivityDeps) {
  const { pool, client, logger, handlers, clockOffsetMs } = deps;
  const suspended = new SuspendedJobTypes(pool);
  const putAside = async (jobType: string, request: JobRequest): Promise<boolean> =>
    (await suspended.has(jobType)) && (await parkSuspendedJob(pool, jobType, request));
  const jobs = Object.entries(handlers).map(
    ([jobType, handler]) => [jobType, createRunJob({ jobType, handler, logger, putAside })] as const,
  );
  const starting = { pool, client, clockOffsetMs };
  const parkJob = createParkJob(pool);
  return {
    ...Object.fromEntries(jobs),
    'alur.recordFacts': marked(createRecordFacts(deps)),
    'alur.resolveDefinition': marked(createResolveDefinition(pool)),
    'alur.exchangeMessages': marked(createExchangeMessages(client)),
    'alur.deliverMessage': createDeliverMessage(starting),
    'alur.broadcastSignal': createBroadcastSignal(client),
    'alur.deliverSignal': createDeliverSignal({ ...starting, logger }),
    'alur.escalate': createEscalate(client),
    'alur.releaseStart': createReleaseStart(pool, client),
    'alur.reportOutcome': createReportOutcome(client),
    'alur.startInstance': createStartInstance(starting),
    'alur.releaseJobs': createReleaseJobs(pool, client),
    'alur.runBatch': createRunBatch({ pool, client, logger }),
    'alur.verify': createVerify(deps),
    'alur.repair': createRepair(deps),
    default: (request: JobRequest) => parkJob(Context.current().info.activityType, request),
  };
}

/** A worker from its parts; used by main.ts and by tests. */
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { DataConverter, NativeConnection } from '@temporalio/worker';
import type { Pool } from 'pg';
import { createActivities } from '#activities/all.ts';
import type { JobHandler, JobLogger } from '#activities/job-handler.ts';
import { RecordTroubles } from '#activities/record-trouble.ts';
import { clockOffsetMs } from '#db/test-clock.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { taskQueue } from '#workflows/messages.ts';
import { failureConverterPath } from './bundle.ts';
import type { WorkflowBundle } from './bundle.ts';
import { withLeanSandbox } from './sandbox.ts';
import { deploymentOptions } from './versioning.ts';
import type { Deployment } from './versioning.ts';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Role alur_worker. */
  readonly pool: Pool;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly bundle: WorkflowBundle;
  readonly logger: JobLogger;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Facts that cannot be recorded are told there. */
  readonly troubles?: RecordTroubles;
  /** ALUR_AFTER_RESTORE. */
  readonly afterRestore?: boolean;
  /** Folder with the audit's anchors (ALUR_HOME). */
  readonly home?: string;
  /** The engine's time can be moved (ALUR_TEST_CLOCK). */
  readonly hasTestClock?: boolean;
  readonly identity: string;
  /** Default: versioning is off. */
  readonly deployment?: Omit<Deployment, 'buildId'>;
  /** Cached instances; 0: every task replays from the start. */
  readonly maxCachedWorkflows: number;
  readonly workflowSlots?: number;
  readonly activitySlots?: number;
  /** The sandbox hangs: the process should end (sandbox.ts). */
  readonly onStuck?: () => void;
}

/** What every client and worker of ours converts payloads with. Failures are encrypted too: their texts can quote variables. */
export const createDataConverter = (pool: Pool, masterKey: Buffer): DataConverter => ({
  payloadCodecs: [createPayloadCodec({ pool, masterKey })],
  failureConverterPath,
});

export async function createWorker(parts: WorkerParts): Promise<Worker> {
  const { connection, namespace, pool, bundle, logger, handlers, identity, maxCachedWorkflows } = parts;
  const dataConverter = createDataConverter(pool, parts.masterKey);
  const client = new Client({ connection, namespace, dataConverter });
  const create = (): Promise<Worker> =>
    Worker.create({
      connection,
      namespace,
      taskQueue,
      identity,
      dataConverter,
      workflowBundle: { code: bundle.code },
      activities: createActivities({
        pool,
        client,
        logger,
        handlers,
        masterKey: parts.masterKey,
        afterRestore: parts.afterRestore ?? false,
        troubles: parts.troubles ?? new RecordTroubles(),
        home: parts.home ?? '.alur',
        clockOffsetMs: parts.hasTestClock === true ? () => clockOffsetMs(pool) : () => Promise.resolve(0),
      }),
      workerDeploymentOptions: deploymentOptions({
        ...(parts.deployment ?? { name: 'alur', versioning: 'off' }),
        buildId: bundle.buildId,
      }),
      maxCachedWorkflows,
      maxConcurrentWorkflowTaskExecutions: parts.workflowSlots ?? 20,
      maxConcurrentActivityTaskExecutions: parts.activitySlots ?? 50,
      maxConcurrentLocalActivityExecutions: 50,
      shutdownGraceTime: '8s',
      shutdownForceTime: '20s',
    });
  return withLeanSandbox(create, parts.onStuck ?? (() => undefined));
}

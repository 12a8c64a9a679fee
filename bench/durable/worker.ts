/**
 * A worker process of one side: Alur's as the product makes it, or that of the hand-written workflows with the same payload codec, the same
 * limits and the SDK's defaults. Tells its parent when it is ready, and what it has used when asked.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { readMasterKey } from '#db/case-keys.ts';
import { createPool } from '#db/pool.ts';
import { failureConverterPath, workflowBundle } from '#worker/bundle.ts';
import { createDataConverter, createWorker } from '#worker/create-worker.ts';
import { createLogger, temporalLogger } from '#worker/logging.ts';
import { handTaskQueue } from './hand/messages.ts';
import { createRecordStep } from './hand/rows.ts';

/** Set by worker-process.ts. */
interface Settings {
  readonly side: 'alur' | 'hand';
  readonly databaseUrl: string;
  readonly address: string;
  readonly namespace: string;
  readonly masterKey: string;
  readonly cacheDir: string;
  readonly maxCachedWorkflows: number;
}
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const slots = { workflow: 20, activity: 50 } as const;

async function main(): Promise<void> {
  const settings = JSON.parse(process.env['BENCH_WORKER'] ?? '{}') as Settings;
  const { side, address, namespace, maxCachedWorkflows, cacheDir } = settings;
  const logger = createLogger('error');
  Runtime.install({ logger: temporalLogger(logger) });
  const connection = await NativeConnection.connect({ address });
  const pool = createPool({ connectionString: settings.databaseUrl, role: 'alur_worker', max: 20 });
  const masterKey = readMasterKey(settings.masterKey);
  const identity = `bench-${side}-${process.pid}`;
  const worker =
    side === 'alur'
      ? await createWorker({
          connection,
          namespace,
          pool,
          masterKey,
          identity,
          maxCachedWorkflows,
          logger,
          bundle: await workflowBundle({ cacheDir: path.join(cacheDir, 'bundles') }),
          handlers: { bench: () => Promise.resolve({ outcome: 'completed', variables: { checked: true } }) },
          workflowSlots: slots.workflow,
          activitySlots: slots.activity,
        })
      : await Worker.create({
          connection,
          namespace,
          taskQueue: handTaskQueue,
          identity,
          dataConverter: createDataConverter(pool, masterKey),
          workflowsPath: path.join(import.meta.dirname, 'hand', 'workflows.ts'),
          bundlerOptions: { failureConverterPath } as object,
          activities: {
            recordStep: createRecordStep(pool),
            service: () => Promise.resolve({ checked: true }),
          },
          maxCachedWorkflows,
          maxConcurrentWorkflowTaskExecutions: slots.workflow,
          maxConcurrentActivityTaskExecutions: slots.activity,
          maxConcurrentLocalActivityExecutions: 50,
          shutdownGraceTime: '5s',
        });
  const running = worker.run();
  process.on('message', (message: 'usage' | 'stop') => {
    if (message === 'stop') worker.shutdown();
    else process.send?.(usage());
  });
  process.on('disconnect', () => process.exit(1));
  while (worker.getState() !== 'RUNNING') await delay(10);
  process.send?.('ready');
  await running;
  await connection.close();
  await pool.end();
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}

await main();
process.exit(0);

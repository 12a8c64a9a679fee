/**
 * Tells PostgreSQL that this worker polls, and gives up when it does not. That it polls is said by Temporal, which knows when each
 * poller was last seen: a worker can look alive while its pollers are dead (sdk-core gives up silently on some errors).
 */
// The package is CommonJS whose names Node cannot see: only the default import works outside a bundler.
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { taskQueue } from '#workflows/messages.ts';
import type { Trouble } from './logging.ts';

const everyMs = 5_000;
/** A long poll lasts a minute; Temporal notes its begin. */
const pollSeenMs = 80_000;
const giveUpMs = 150_000;
const callMs = 5_000;
/** Rows of workers that are gone for good. */
const forgottenAfter = '1 day';

export interface HeartbeatOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly pool: Pool;
  readonly identity: string;
  readonly buildId: string;
  readonly logger: Logger;
  readonly trouble: Trouble;
  /** Called once when no poll has succeeded for too long. */
  readonly onDead: () => void;
}

/** The newest poll that Temporal has told of, and when we learnt of it: a clock of ours that is wrong, or is put right, is no dead poller. */
interface LastPoll {
  seconds: number;
  knownSinceMs: number;
}

/** Returns a function that ends it. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const lastPoll: LastPoll = { seconds: 0, knownSinceMs: performance.now() };
  let aliveMs = performance.now();
  let isBusy = false;
  let isDead = false;
  const beat = async (): Promise<void> => {
    if (isBusy || isDead) return;
    isBusy = true;
    try {
      await report(options);
      if (await polls(options, lastPoll)) {
        aliveMs = performance.now();
        await note(options);
      }
    } catch (error) {
      options.logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'heartbeat failed');
    } finally {
      isBusy = false;
    }
    if (performance.now() - aliveMs < giveUpMs) return;
    isDead = true;
    options.onDead();
  };
  const timer = setInterval(() => void beat(), everyMs);
  void beat();
  return () => clearInterval(timer);
}

async function polls({ connection, namespace, identity }: HeartbeatOptions, last: LastPoll): Promise<boolean> {
  const { pollers } = await connection.withDeadline(Date.now() + callMs, () =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    }),
  );
  const mine = pollers.find((poller) => poller.identity === identity);
  const seconds = Number(mine?.lastAccessTime?.seconds ?? 0);
  if (seconds === 0) return false;
  if (seconds !== last.seconds) Object.assign(last, { seconds, knownSinceMs: performance.now() });
  return performance.now() - last.knownSinceMs < pollSeenMs;
}

/** What this process could not do is told even when Temporal is too busy to say whether it polls. */
async function report({ pool, identity, trouble: { tasks, lastMs } }: HeartbeatOptions): Promise<void> {
  if (lastMs === null) return;
  await pool.query(
    'update worker_heartbeat set nondeterministic_tasks = $2, nondeterministic_at = to_timestamp($3::float8 / 1000) where identity = $1',
    [identity, tasks, lastMs],
  );
}

async function note({ pool, identity, buildId }: HeartbeatOptions): Promise<void> {
  await pool.query(
    `insert into worker_heartbeat (identity, build_id, last_poll_at) values ($1, $2, now())
     on conflict (identity) do update set build_id = excluded.build_id, last_poll_at = excluded.last_poll_at`,
    [identity, buildId],
  );
  await pool.query(`delete from worker_heartbeat where last_poll_at < now() - interval '${forgottenAfter}'`);
}

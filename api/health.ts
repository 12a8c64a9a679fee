/** Readiness: the database answers, Temporal answers, a worker polled lately. And whether a build of the engine cannot go on with cases. */
import type { z } from 'zod';
import type { healthReport } from '#contract/topology.ts';
import { secondsSincePoll, unfitBuilds } from '#db/queries/health.ts';
import type { Dependencies } from './dependencies.ts';

type Report = z.output<typeof healthReport>;
type Check = Report['checks'][number];
/** A worker reports its polls every few seconds. */
const pollAgeMostSeconds = 60;
const unfitWithinSeconds = 120;
const checkTimeoutMs = 3_000;

async function check(name: Check['name'], work: () => Promise<string>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  try {
    return { name, up: true, detail: await Promise.race([work(), late]) };
  } catch (error) {
    return { name, up: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

export async function healthOf({ pool, temporal }: Dependencies): Promise<Report> {
  const checks = await Promise.all([
    check('database', async () => {
      await pool.query('select 1');
      return 'ok';
    }),
    check('temporal', async () => {
      await temporal.ping();
      return 'ok';
    }),
    check('worker', async () => {
      const seconds = await secondsSincePoll(pool);
      if (seconds === null) throw new Error('no worker has polled yet');
      if (seconds > pollAgeMostSeconds) throw new Error(`the last poll was ${Math.round(seconds)} s ago`);
      return `polled ${Math.round(seconds)} s ago`;
    }),
    check('engine', async () => {
      const [unfit] = await unfitBuilds(pool, unfitWithinSeconds);
      if (unfit === undefined) return 'ok';
      throw new Error(`build ${unfit.buildId} cannot go on with running cases: ${unfit.tasks} tasks; roll back`);
    }),
  ]);
  const isUp = checks.every(({ name, up }) => up || name === 'engine');
  return { status: isUp ? 'up' : 'down', checks };
}

/** A worker's sign of life does not hang on the clock of its machine. */
import { expect, jest, test } from '@jest/globals';
import type { NativeConnection } from '@temporalio/worker';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { startHeartbeat } from '#worker/heartbeat.ts';
import { noTrouble } from '#worker/logging.ts';

const hourMs = 3_600_000;

test.each([-hourMs, hourMs])('a clock that is wrong by %d ms is no dead poller', async (offsetMs) => {
  const realNow = Date.now;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + offsetMs);
  const statements: string[] = [];
  const noted = new Promise<void>((resolve) => {
    const pollers = [{ identity: 'me', lastAccessTime: { seconds: Math.floor(realNow() / 1_000) } }];
    const connection = {
      withDeadline: (_: number, work: () => unknown) => work(),
      workflowService: { describeTaskQueue: () => Promise.resolve({ pollers }) },
    } as unknown as NativeConnection;
    const pool = {
      query: (statement: string) => {
        statements.push(statement);
        if (statement.includes('insert into worker_heartbeat')) resolve();
        return Promise.resolve({ rows: [] });
      },
    } as unknown as Pool;
    const stop = startHeartbeat({
      connection,
      pool,
      namespace: 'default',
      identity: 'me',
      buildId: 'b',
      logger: pino({ level: 'silent' }),
      trouble: noTrouble(),
      onDead: () => undefined,
    });
    setTimeout(stop, 0);
  });
  await noted;
  clock.mockRestore();
  expect(statements.some((statement) => statement.includes('insert into worker_heartbeat'))).toBe(true);
});

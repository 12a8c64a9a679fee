/**
 * The engine's time. It is the machine's, but on test stacks (ALUR_TEST_CLOCK) an administrator may move it: the distance is kept in
 * PostgreSQL for whatever starts later, and told to everything that runs.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Pool, PoolClient } from 'pg';
import { newestWithTimers } from '#db/queries/definitions.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { activityMark, clockOffsetMs, openInstances, setClockOffset } from '#db/test-clock.ts';
import { messageWorkflowType, setClockUpdate, workflowIdOf } from '#workflows/messages.ts';
import type { ModelCache } from './models.ts';
import { Refusal } from './refusal.ts';
import { timerWorkflowsOf } from './timer-starts.ts';

export interface Clock {
  /** How far the engine's time is ahead of the machine's, in milliseconds. */
  readonly offsetMs: () => Promise<number>;
  /** Moves it and waits until what is due by then has happened; null: this is no test stack. */
  readonly move: ((offsetMs: number) => Promise<void>) | null;
}
export const machineClock: Clock = { offsetMs: () => Promise.resolve(0), move: null };

const limits = {
  /** Workflows told at once. */
  atOnce: 10,
  tellMs: 15_000,
  /** Nothing has happened for so long: all is settled. */
  quietMs: 400,
  settleMs: 120_000,
} as const;

export interface TestClockParts {
  readonly pool: Pool;
  readonly client: Client;
  readonly models: ModelCache;
}
export function createTestClock({ pool, client, models }: TestClockParts): Clock {
  const everywhere = <T>(work: (db: PoolClient) => Promise<T>): Promise<T> => inRegion(pool, wholeCountry, work);

  const inDatabase = (): Promise<string[]> =>
    everywhere(async (db) => {
      const ids = (await openInstances(db)).map(({ processId, instanceKey }) => workflowIdOf(processId, instanceKey));
      for (const definitionKey of await newestWithTimers(db)) {
        const model = await models.get(db, definitionKey);
        if (model !== null) ids.push(...timerWorkflowsOf(definitionKey, model));
      }
      return ids;
    });
  /** With the message entities: what has ended in them is to be gone before time is moved back. */
  const running = async (): Promise<string[]> => {
    const ids = await inDatabase();
    const query = `WorkflowType = '${messageWorkflowType}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };
  /** false: it is not known whether it was told. */
  const tell = async (workflowId: string, offsetMs: number): Promise<boolean> => {
    try {
      await client.withDeadline(Date.now() + limits.tellMs, () =>
        client.workflow.getHandle(workflowId).executeUpdate(setClockUpdate, { args: [offsetMs] }),
      );
      return true;
    } catch (error) {
      // Not found: it has ended. Whatever else went wrong, it is told again in the next round.
      return error instanceof WorkflowNotFoundError;
    }
  };
  const tellAll = async (offsetMs: number): Promise<boolean> => {
    const waiting = await running();
    let all = true;
    const work = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) all = (await tell(id, offsetMs)) && all;
    };
    await Promise.all(Array.from({ length: limits.atOnce }, work));
    return all;
  };

  return {
    offsetMs: () => everywhere(clockOffsetMs),
    move: async (offsetMs) => {
      await everywhere((db) => setClockOffset(db, offsetMs));
      const untilMs = Date.now() + limits.settleMs;
      for (let before: string | null = null; Date.now() < untilMs;) {
        const told = await tellAll(offsetMs);
        const now = await everywhere(activityMark);
        if (told && now === before) return;
        before = now;
        await delay(limits.quietMs);
      }
      throw new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 2 });
    },
  };
}

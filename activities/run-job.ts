/** Makes an Activity of a connector: heartbeats by itself, and turns whatever the connector throws into a failed attempt. */
import { Context } from '@temporalio/activity';
import type { JobActivityResult, JobHandler, JobLogger, JobRequest } from './job-handler.ts';

const heartbeatMs = 4_000;
const messageLength = 500;

export interface RunJobOptions {
  readonly jobType: string;
  readonly handler: JobHandler;
  readonly logger: JobLogger;
  /** Puts the job aside when its type is on hold, and says whether it did. */
  readonly putAside: (jobType: string, request: JobRequest) => Promise<boolean>;
}
export type JobActivity = (request: JobRequest) => Promise<JobActivityResult>;

export const createRunJob =
  ({ jobType, handler, logger, putAside }: RunJobOptions): JobActivity =>
  async (request) => {
    const context = Context.current();
    const { jobKey, instanceKey } = request;
    const about = { jobType, jobKey, instanceKey, attempt: context.info.attempt };
    const beat = setInterval(() => context.heartbeat(), heartbeatMs);
    try {
      if (await putAside(jobType, request)) return { outcome: 'parked' };
      const outcome = await handler(request, { signal: context.cancellationSignal, logger });
      logger.info({ ...about, outcome: outcome.outcome }, 'job done');
      return outcome;
    } catch (error) {
      // Canceled, or the worker drains: Temporal knows which, and repeats the attempt elsewhere where needed.
      if (context.cancellationSignal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      logger.warn({ ...about, error: error instanceof Error ? error.name : 'unknown' }, 'job failed');
      return { outcome: 'failed', message: message.slice(0, messageLength) };
    } finally {
      clearInterval(beat);
    }
  };

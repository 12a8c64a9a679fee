/** What a connector is: one function per job type, given the job and answering with an outcome. */
import type { Variables } from '#engine/json.ts';

/** Input of an Activity that executes a job. Personal data is not in it: `variables` carry a subject key. */
export interface JobRequest {
  readonly instanceKey: string;
  /** Idempotency key of every call outside: the same for each attempt of this job. */
  readonly jobKey: string;
  readonly processId: string;
  readonly elementId: string;
  readonly businessKey: string | null;
  readonly region: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Variables;
}

/** `failed` uses up one attempt of the model (`retries` overrides what is left); `error` is a BPMN error to be caught by the diagram. */
export type JobOutcome =
  | { readonly outcome: 'completed'; readonly variables: Variables }
  | { readonly outcome: 'failed'; readonly message: string; readonly retries?: number; readonly retryAfterMs?: number }
  | { readonly outcome: 'error'; readonly code: string; readonly message: string; readonly variables?: Variables };

/** Structured log: object first, as pino takes it. Never given personal data. */
export interface JobLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
export interface JobContext {
  /** Aborted when the job is canceled or the worker drains. */
  readonly signal: AbortSignal;
  readonly logger: JobLogger;
}

export type JobHandler = (request: JobRequest, context: JobContext) => Promise<JobOutcome>;

/** What the Activity of a job answers: its outcome, or that the job waits for an outside worker. */
export type JobActivityResult = JobOutcome | { readonly outcome: 'parked' };

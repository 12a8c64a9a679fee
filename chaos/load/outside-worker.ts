/** The outside worker of the load: takes jobs over HTTP, does their effect and completes them, each under keys of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '#contract/client.ts';
import type { z } from 'zod';
import { jobEndpoints } from '#contract/job.ts';
import type { activatedJob } from '#contract/job.ts';
import type { Caller } from './caller.ts';
import { effectJobType } from './models.ts';
import type { Sink } from './sink.ts';

const lockMs = 8_000;
const pollMs = 3_000;
const jobsPerPoll = 40;
const pauseMs = 250;
/** One job of so many fails at its first attempt. */
const failsOneOf = 20;
const failureBackOffMs = 500;
const retriesAfterFailure = 4;

type ActivatedJob = z.output<typeof activatedJob>;

export class OutsideWorker {
  readonly #caller: Caller;
  readonly #sink: Sink;
  readonly #failed = new Set<string>();
  readonly #atWork = new Set<string>();
  #loops: Promise<void>[] = [];
  #isStopping = false;

  constructor(caller: Caller, sink: Sink) {
    this.#caller = caller;
    this.#sink = sink;
  }

  start(loops: number): void {
    this.#loops = Array.from({ length: loops }, () => this.#loop());
  }
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#isStopping) {
      try {
        const { jobs } = await this.#caller.query(jobEndpoints.activateJobs, {
          body: { type: effectJobType, timeout: lockMs, maxJobsToActivate: jobsPerPoll, requestTimeout: pollMs },
        });
        await Promise.all(jobs.map((job) => this.#do(job)));
      } catch {
        await delay(pauseMs);
      }
    }
  }

  async #do(job: ActivatedJob): Promise<void> {
    const { jobKey, elementId, processInstanceKey: instanceKey } = job;
    // Offered again because its answer is late: that answer is on its way still.
    if (this.#atWork.has(jobKey)) return;
    this.#atWork.add(jobKey);
    const ref = typeof job.variables['ref'] === 'string' ? job.variables['ref'] : '';
    const params = { jobKey };
    try {
      if (Number(BigInt(jobKey) % BigInt(failsOneOf)) === 0 && !this.#failed.has(jobKey)) {
        this.#failed.add(jobKey);
        const body = { retries: retriesAfterFailure, errorMessage: 'planted', retryBackOff: failureBackOffMs };
        const order = { key: `fail-${jobKey}`, ref, kind: 'jobFailure', instanceKey } as const;
        await this.#caller.command(order, jobEndpoints.failJob, { params, body });
        return;
      }
      this.#sink.record({ key: jobKey, ref, element: elementId });
      const order = { key: `job-${jobKey}`, ref, kind: 'job', instanceKey } as const;
      await this.#caller.command(order, jobEndpoints.completeJob, { params, body: {} });
    } catch (error) {
      // Refused: it was completed by an attempt whose answer was lost, or its case was canceled. The ledger has it.
      if (!(error instanceof ProblemError)) await delay(pauseMs);
    } finally {
      this.#atWork.delete(jobKey);
    }
  }
}

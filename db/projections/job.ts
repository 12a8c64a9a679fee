/** Table `job`, and the rows of `parked_job` that are over: a job that is not CREATED is not offered to outside workers. */
import type { JobPurpose } from '#engine/fact.ts';
import type { JsonObject } from '#engine/json.ts';
import { insertion, movedTo, timestamp, timestampOrNull } from './projection.ts';
import type { Projection } from './projection.ts';

const listenerKinds = { executionListener: 'EXECUTION_LISTENER', taskListener: 'TASK_LISTENER' } as const;
function purposeOf(purpose: JobPurpose): JsonObject {
  return purpose.kind === 'element'
    ? { kind: 'BPMN_ELEMENT', listener_event: 'UNSPECIFIED' }
    : { kind: listenerKinds[purpose.kind], listener_event: purpose.event.toUpperCase() };
}

export const job = {
  handlers: {
    jobCreated: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.job), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        type: fact.jobType,
        ...purposeOf(fact.purpose),
        headers: fact.headers,
        state: 'CREATED',
        retries: fact.retries,
        created_at: at,
      });
    },
    jobCompleted: (fact, { fold, key, at }) => {
      fold.change(key(fact.job), { state: 'COMPLETED', ended_at: at });
    },
    jobFailed: (fact, { fold, key }) => {
      fold.change(key(fact.job), {
        state: fact.retries > 0 ? 'RETRY' : 'FAILED',
        retries: fact.retries,
        error_message: fact.message,
        retry_at: timestampOrNull(fact.retryAtMs),
        retry_changed: true,
      });
    },
    jobRetried: (fact, { fold, key }) => {
      fold.change(key(fact.job), { state: 'CREATED', retries: fact.retries, retry_at: null, retry_changed: true });
    },
    jobRescheduled: (fact, { fold, key }) => {
      fold.change(key(fact.job), { retry_at: timestamp(fact.retryAtMs), retry_changed: true });
    },
    jobRetriesChanged: (fact, { fold, key }) => {
      fold.change(key(fact.job), { retries: fact.retries });
    },
    waitMigrated: (fact, { fold, key }) => {
      if (fact.kind === 'jobs') fold.change(key(fact.wait), movedTo(fact, key));
    },
    jobErrorThrown: (fact, { fold, key, at }) => {
      fold.change(key(fact.job), { state: 'ERROR_THROWN', error_message: fact.message, ended_at: at });
    },
    jobCanceled: (fact, { fold, key, at }) => {
      fold.change(key(fact.job), { state: 'CANCELED', ended_at: at });
    },
  },
  changes: (fold) => [
    insertion(
      'job',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, type text, kind text, listener_event text, headers jsonb, state text, retries integer, error_message text, retry_at timestamptz, created_at timestamptz, ended_at timestamptz',
    ),
    {
      columns:
        'key bigint, state text, retries integer, error_message text, retry_changed boolean, retry_at timestamptz, ended_at timestamptz, element_key bigint, element_id text',
      sql: (source) => `update job t set state = coalesce(r.state, t.state), retries = coalesce(r.retries, t.retries),
          retry_at = case when r.retry_changed or r.state is not null then r.retry_at else t.retry_at end,
          element_key = coalesce(r.element_key, t.element_key), element_id = coalesce(r.element_id, t.element_id),
          error_message = coalesce(r.error_message, t.error_message), ended_at = r.ended_at from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
    {
      columns: 'key bigint',
      sql: (source) => `delete from parked_job t using ${source} where t.job_key = r.key`,
      rows: fold.changed.filter(({ state = 'CREATED' }) => state !== 'CREATED'),
    },
  ],
} satisfies Projection;

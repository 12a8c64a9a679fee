/**
 * Cases whose history the SDK itself can no longer go on with (docs/adr/0019): their workflows are left behind and started again from their
 * facts. A build that does otherwise than the history says is another matter: it has to go.
 */
// The package is CommonJS whose names Node cannot see: only the default import works outside a bundler.
import proto from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { findCases } from '#db/verification/cases.ts';
import { workflowIdOf } from '#workflows/messages.ts';
import { restart } from './restart.ts';
import type { StuckFinding } from './stuck.ts';

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
const callMs = 10_000;
/** Events from the end of a history, among which the last failure of a workflow task is. */
const eventsLooked = 20;
/** In one sweep; the others wait for the next. */
const casesMost = 20;
/** One that fails again after its restart is not restarted again so soon. */
const againMs = 600_000;
const brokenMachines = 'Fatal error in workflow machines';

/** Whether the last workflow task that failed did so because of the SDK's own state of the history. */
async function isSpoilt(client: Client, workflowId: string): Promise<boolean> {
  const { history } = await client.withDeadline(Date.now() + callMs, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: eventsLooked,
    }),
  );
  const failed = history?.events?.find(
    ({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  )?.workflowTaskFailedEventAttributes;
  if (failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE)
    return true;
  return (
    failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE &&
    failed.failure?.message?.startsWith(brokenMachines) === true
  );
}

export class SpoiltWorkflows {
  readonly #pool: Pool;
  readonly #client: Client;
  /** When each was last restarted. */
  readonly #doneMs = new Map<string, number>();

  constructor(pool: Pool, client: Client) {
    this.#pool = pool;
    this.#client = client;
  }

  /** Restarts those among cases whose workflow tasks fail. Returns how many there were; one that cannot be is left to the next sweep. */
  async restart(found: readonly StuckFinding[]): Promise<number> {
    const nowMs = Date.now();
    for (const [key, atMs] of this.#doneMs) if (atMs < nowMs - againMs) this.#doneMs.delete(key);
    const suspects = found
      .filter(({ cause, instanceKey }) => cause === 'WORKFLOW_TASK_FAILS' && !this.#doneMs.has(instanceKey))
      .slice(0, casesMost);
    const cases = await findCases(
      this.#pool,
      suspects.map(({ instanceKey }) => instanceKey),
    );
    let restarted = 0;
    for (const { instanceKey } of suspects) {
      const processId = cases.get(instanceKey)?.processId ?? null;
      if (processId === null) continue;
      if (!(await isSpoilt(this.#client, workflowIdOf(processId, instanceKey)).catch(() => false))) continue;
      this.#doneMs.set(instanceKey, nowMs);
      restarted += await restart(this.#pool, this.#client, instanceKey).then(
        () => 1,
        () => 0,
      );
    }
    return restarted;
  }
}

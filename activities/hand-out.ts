/**
 * Has Temporal hand out workflow tasks anew that lie in its matching service. When the server's database was away, such a task can stay
 * where no poll finds it, and nothing else wakes that workflow: no timer stands behind a task that waits for its first worker.
 */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

const callMs = 10_000;
/** Each time adds an event to the history, and when no worker serves the build of a case they are all in vain. */
const againMs = 300_000;
/** What a workflow weighs that says nothing. Said and unsaid by turns, it is a change that means nothing. */
const usualWeight = 1;
/** PENDING_WORKFLOW_TASK_STATE_SCHEDULED */
const scheduled = 1;

export class HandOut {
  readonly #client: Client;
  /** When each was last handed out anew. */
  readonly #doneMs = new Map<string, number>();

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Does so when the workflow's task has waited for a worker longer than `seconds`, and says whether it did. Throws what Temporal
   * throws, such as `WorkflowNotFoundError`.
   */
  async again(workflowId: string, seconds: number): Promise<boolean> {
    const nowMs = Date.now();
    for (const [id, atMs] of this.#doneMs) if (atMs < nowMs - againMs) this.#doneMs.delete(id);
    if (this.#doneMs.has(workflowId)) return false;
    return this.#client.withDeadline(nowMs + callMs, async () => {
      const description = await this.#client.workflow.getHandle(workflowId).describe();
      const task = description.raw.pendingWorkflowTask;
      const isLate = Number(task?.scheduledTime?.seconds ?? Infinity) * 1_000 < nowMs - seconds * 1_000;
      if (description.status.name !== 'RUNNING' || Number(task?.state) !== scheduled || !isLate) return false;
      await this.#reschedule(workflowId, description);
      this.#doneMs.set(workflowId, nowMs);
      return true;
    });
  }

  /** Any change of priority makes a new task of one that no worker has yet; key and fairness key stay as they are. */
  async #reschedule(workflowId: string, { raw }: WorkflowExecutionDescription): Promise<void> {
    const isSaid = (raw.workflowExecutionInfo?.priority?.fairnessWeight ?? 0) !== 0;
    await this.#client.workflowService.updateWorkflowExecutionOptions({
      namespace: this.#client.options.namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: { priority: { fairnessWeight: isSaid ? 0 : usualWeight } },
      updateMask: { paths: ['priority.fairness_weight'] },
    });
  }
}

/** What the demo reads beside lists of tasks: which cases wait at a step, and variables of a task. */
import type { Client } from '#contract/client.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import { searchAll } from '../client.ts';
import { regency } from '../generate/generate.ts';

const pageSize = 1_000;

/** Keys of the instances that wait at a step. */
export async function waitingAt(client: Client, elementId: string, process = 'usulan-dtks'): Promise<Set<string>> {
  const found = await searchAll(
    (after) =>
      client(processInstanceEndpoints.searchProcessInstances, {
        body: {
          filter: { processDefinitionId: process, state: 'ACTIVE', elementId, region: regency },
          page: after === null ? { limit: pageSize } : { limit: pageSize, after },
        },
      }),
    pageSize,
  );
  return new Set(found.map((instance) => instance.processInstanceKey));
}

/** null: the task sees no such variable. */
export async function taskVariable(client: Client, userTaskKey: string, name: string): Promise<unknown> {
  const { items } = await client(userTaskEndpoints.searchUserTaskVariables, {
    params: { userTaskKey },
    query: { truncateValues: 'false' },
    body: { filter: { name } },
  });
  return JSON.parse(items[0]?.value ?? 'null');
}

/** What the API tells of a case's instances: the read model, page by page. */
import { searchAll } from '../../client.ts';
import type { Client } from '#contract/client.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { jobEndpoints } from '#contract/job.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { ProcessInstance } from '#contract/process-instance.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import type { UserTask } from '#contract/user-task.ts';
import { variableEndpoints } from '#contract/variable.ts';
import type { Answer } from '#contract/endpoint.ts';
import type { Json, Variables } from '#engine/json.ts';
import type { CaseIncident } from '../engine.ts';

const pageSize = 1_000;
const pageFrom = (after: string | null) => ({ limit: pageSize, ...(after === null ? {} : { after }) });

export type FoundJob = Answer<(typeof jobEndpoints)['searchJobs']>['items'][number];
export type FoundElement = Answer<(typeof processInstanceEndpoints)['searchElementInstances']>['items'][number];

/** Of these definitions, oldest first. */
export const instancesOf = (client: Client, definitionKeys: readonly string[]): Promise<ProcessInstance[]> =>
  searchAll(
    (after) =>
      client(processInstanceEndpoints.searchProcessInstances, {
        body: {
          filter: { processDefinitionKey: { $in: [...definitionKeys] } },
          sort: [{ field: 'processInstanceKey', order: 'ASC' }],
          page: pageFrom(after),
        },
      }),
    pageSize,
  );

export const elementsOf = (client: Client, processInstanceKey: string): Promise<FoundElement[]> =>
  searchAll(
    (after) =>
      client(processInstanceEndpoints.searchElementInstances, {
        body: {
          filter: { processInstanceKey },
          sort: [{ field: 'elementInstanceKey', order: 'ASC' }],
          page: pageFrom(after),
        },
      }),
    pageSize,
  );

/** In the state CREATED, oldest first. */
export const openJobsOf = (client: Client, instanceKeys: readonly string[]): Promise<FoundJob[]> =>
  searchAll(
    (after) =>
      client(jobEndpoints.searchJobs, {
        body: {
          filter: { processInstanceKey: { $in: [...instanceKeys] }, state: 'CREATED' },
          sort: [{ field: 'jobKey', order: 'ASC' }],
          page: pageFrom(after),
        },
      }),
    pageSize,
  );

/** Open, oldest first. */
export const openTasksOf = (client: Client, instanceKeys: readonly string[]): Promise<UserTask[]> =>
  searchAll(
    (after) =>
      client(userTaskEndpoints.searchUserTasks, {
        body: {
          filter: { processInstanceKey: { $in: [...instanceKeys] }, state: 'CREATED' },
          sort: [{ field: 'creationDate', order: 'ASC' }],
          page: pageFrom(after),
        },
      }),
    pageSize,
  );

/** Open, oldest first. */
export async function openIncidentsOf(client: Client, processInstanceKey: string): Promise<CaseIncident[]> {
  const { items } = await client(incidentEndpoints.searchIncidents, {
    body: {
      filter: { processInstanceKey, state: 'ACTIVE' },
      sort: [{ field: 'creationTime', order: 'ASC' }],
      page: pageFrom(null),
    },
  });
  return items.map(({ incidentKey: key, elementId, errorType }) => ({ key, elementId, errorType }));
}

interface NamedValue {
  readonly name: string;
  /** JSON text. */
  readonly value: string;
}
const valuesOf = (items: readonly NamedValue[]): Variables =>
  Object.fromEntries(items.map(({ name, value }) => [name, JSON.parse(value) as Json]));

/** Of the instance's own scope. */
export async function processVariablesOf(client: Client, processInstanceKey: string): Promise<Variables> {
  const { items } = await client(variableEndpoints.searchVariables, {
    query: { truncateValues: 'false' },
    body: { filter: { processInstanceKey, scopeKey: processInstanceKey }, page: pageFrom(null) },
  });
  return valuesOf(items);
}

/** All that the task sees. */
export async function taskVariablesOf(client: Client, userTaskKey: string): Promise<Variables> {
  const { items } = await client(userTaskEndpoints.searchUserTaskVariables, {
    params: { userTaskKey },
    query: { truncateValues: 'false' },
    body: { page: pageFrom(null) },
  });
  return valuesOf(items);
}

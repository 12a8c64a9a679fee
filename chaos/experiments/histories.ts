/** What Temporal's histories say about the cases of an experiment. */
import type { Lab } from './experiment.ts';
import { workflowIdOf } from '#workflows/messages.ts';

/** temporal.api.enums.v1.EventType */
const workflowTaskTimedOut = 8;
const workflowTaskFailed = 9;
const readAtOnce = 8;

export async function instancesOf(lab: Lab, experiment: string): Promise<{ key: string; processId: string }[]> {
  const { rows } = await lab.installation.owner.query<{ key: string; processId: string }>(
    `select key, process_id as "processId" from instance where business_key like $1 and process_id like 'chaos-%'`,
    [`%.${experiment.toLowerCase()}.%`],
  );
  return rows;
}

export const taskTimeoutsOf = (lab: Lab, experiment: string): Promise<number> =>
  eventsOf(lab, experiment, workflowTaskTimedOut);
export const failedTasksOf = (lab: Lab, experiment: string): Promise<number> =>
  eventsOf(lab, experiment, workflowTaskFailed);

/** How many events of a type the cases of an experiment have. */
async function eventsOf(lab: Lab, experiment: string, type: number): Promise<number> {
  const queue = await instancesOf(lab, experiment);
  let found = 0;
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { events } = await lab.installation.client.workflow
        .getHandle(workflowIdOf(next.processId, next.key))
        .fetchHistory();
      found += (events ?? []).filter(({ eventType }) => Number(eventType) === type).length;
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, lane));
  return found;
}

export interface RunSeen {
  readonly runId: string;
  readonly events: number;
}
/** Every run of an instance's workflow. */
export async function runsOf(lab: Lab, processId: string, key: string): Promise<RunSeen[]> {
  const runs: RunSeen[] = [];
  const query = `WorkflowId = '${workflowIdOf(processId, key)}'`;
  for await (const { runId, historyLength } of lab.installation.client.workflow.list({ query })) {
    runs.push({ runId, events: historyLength });
  }
  return runs;
}

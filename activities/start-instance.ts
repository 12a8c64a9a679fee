/** Starts an instance because of a message or a due time, once per source however often it is repeated. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { latestDefinition, startedInstanceKey } from '#db/queries/start-definition.ts';
import type { StartDefinition } from '#db/queries/start-definition.ts';
import type { Variables } from '#engine/json.ts';
import { startArguments, taskQueue, workflowIdOf } from '#workflows/messages.ts';

export interface StartRequest {
  /** What causes the start, such as `message/<key>`: the same source starts one instance of a process. */
  readonly source: string;
  readonly processId: string;
  readonly startElement: string;
  readonly variables: Variables;
}
/** The instance's key; null: the process is not published. */
export type StartInstance = (request: StartRequest) => Promise<string | null>;

export async function startOnce(
  pool: Pool,
  client: Client,
  request: StartRequest,
  definition: StartDefinition,
): Promise<string> {
  const { source, processId, startElement, variables } = request;
  const instanceKey = await startedInstanceKey(pool, source, processId);
  const { definitionKey, version, modelSha256 } = definition;
  const start = {
    instanceKey,
    definitionKey,
    version,
    startElement,
    variables,
    businessKey: null,
    region: null,
    parent: null,
    actor: 'system',
  };
  try {
    await client.workflow.start(processId, {
      workflowId: workflowIdOf(processId, instanceKey),
      taskQueue,
      args: startArguments(modelSha256, start),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    // An earlier attempt started it, and it has ended.
    if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
  }
  return instanceKey;
}

export const createStartInstance =
  (pool: Pool, client: Client): StartInstance =>
  async (request) => {
    const definition = await latestDefinition(pool, request.processId);
    return definition === null ? null : startOnce(pool, client, request, definition);
  };

/** Starts an instance because of a message, a signal or a due time, once per source however often it is repeated. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { takeStartLock } from '#db/message-start-locks.ts';
import { hasStarted, newestDefinition, startedInstanceKey } from '#db/queries/start-definition.ts';
import type { StartDefinition } from '#db/queries/start-definition.ts';
import type { Variables } from '#engine/json.ts';
import { startArguments, taskQueue, workflowIdOf } from '#workflows/messages.ts';

export interface StartDeps {
  readonly pool: Pool;
  readonly client: Client;
  /** How far the engine's time is ahead of the clock: 0 but on test stacks. */
  readonly clockOffsetMs: () => Promise<number>;
}
export interface StartOrder {
  /** What causes the start, such as `message/<key>`: the same source starts one instance of a process. */
  readonly source: string;
  readonly processId: string;
  readonly startElement: string;
  /** Place among the triggers of a multiple start event; 0 for the only one. */
  readonly startPart: number;
  readonly variables: Variables;
  /** At most one instance of the process that was started with this correlation key is active. */
  readonly lock?: string;
}
export interface StartRequest extends StartOrder {
  readonly definitionKey: string;
}
/** The instance's key; null: the version is not the newest of its process any more. */
export type StartInstance = (request: StartRequest) => Promise<string | null>;

/** The instance's key; null: another one has the lock. */
export async function startOnce(
  deps: StartDeps,
  order: StartOrder,
  definition: StartDefinition,
): Promise<string | null> {
  const { pool, client } = deps;
  const { source, processId, startElement, startPart, variables, lock } = order;
  const instanceKey = await startedInstanceKey(pool, source, processId);
  if (await hasStarted(pool, instanceKey)) return instanceKey;
  if (lock !== undefined && !(await takeStartLock(pool, { processId, correlationKey: lock, instanceKey }))) return null;
  const { definitionKey, version, modelSha256 } = definition;
  const start = {
    instanceKey,
    definitionKey,
    version,
    startElement,
    startPart,
    variables,
    businessKey: null,
    region: null,
    parent: null,
    actor: 'system',
  };
  const clockOffsetMs = await deps.clockOffsetMs();
  const more = {
    ...(clockOffsetMs === 0 ? {} : { clockOffsetMs }),
    ...(lock === undefined ? {} : { startLock: lock }),
  };
  try {
    await client.workflow.start(processId, {
      workflowId: workflowIdOf(processId, instanceKey),
      taskQueue,
      args: startArguments(modelSha256, start, more),
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
  (deps: StartDeps): StartInstance =>
  async ({ definitionKey, ...order }) => {
    const definition = await newestDefinition(deps.pool, definitionKey);
    return definition === null ? null : startOnce(deps, order, definition);
  };

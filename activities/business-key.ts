/** Starts that nobody waits for (messages, signals, timers) and business keys that are unique. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { appendAudit } from '#db/audit.ts';
import { freeBusinessKey, takeBusinessKey } from '#db/business-keys.ts';
import { loadModel } from '#db/payload-store.ts';
import { transaction } from '#db/pool.ts';
import { evaluateKey } from '#engine/expression.ts';
import type { Variables } from '#engine/json.ts';
import { fenceWorkflowType, idleTaskQueue, workflowIdOf } from '#workflows/messages.ts';

interface Start {
  readonly processId: string;
  readonly instanceKey: string;
  /** Name of the compiled model, hexadecimal. */
  readonly modelSha256: string;
  readonly variables: Variables;
  readonly source: string;
}

/** Whether the instance may start; a start that is refused leaves a trace in the audit. Repeating it changes nothing. */
export async function takesBusinessKey(
  { pool, client }: { readonly pool: Pool; readonly client: Client },
  { processId, instanceKey, modelSha256, variables, source }: Start,
): Promise<boolean> {
  const model = await loadModel(pool, modelSha256);
  if (model.businessKey === null) return true;
  const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const evaluated = evaluateKey(model.businessKey, { lookup, nowMs: Date.now() });
  // The engine raises an incident for what cannot be evaluated.
  if (!evaluated.ok) return true;
  const lock = { processId, businessKey: evaluated.value, instanceKey };
  let taking = await takeBusinessKey(pool, lock);
  if (!taking.isTaken && taking.isDoubtful && (await neverStarts(client, processId, taking.holder))) {
    await freeBusinessKey(pool, { ...lock, instanceKey: taking.holder });
    taking = await takeBusinessKey(pool, lock);
  }
  if (taking.isTaken) return true;
  const { holder } = taking;
  await transaction(pool, (db) =>
    appendAudit(db, {
      actor: 'system',
      action: 'case.startRefused',
      target: instanceKey,
      region: '*',
      detail: { processDefinitionId: processId, source, holder },
    }),
  );
  return false;
}

/** Takes the workflow id of an instance that does not run, so that it never will; false: it runs or ran. */
async function neverStarts(client: Client, processId: string, instanceKey: string): Promise<boolean> {
  try {
    const fence = await client.workflow.start(fenceWorkflowType, {
      workflowId: workflowIdOf(processId, instanceKey),
      taskQueue: idleTaskQueue,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    await fence.terminate('its start was given up');
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return false;
    throw error;
  }
}

/** Commands of a request to an instance, repeated safely: a request that took effect before is answered as done. */
import type { PoolClient } from 'pg';
import { commandFact, findInstance } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import type { Call } from './handler.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Endpoint } from '#contract/endpoint.ts';

type AnyCall = Pick<Call<Endpoint>, 'caller' | 'commandKey' | 'deps'>;

export interface Target {
  readonly processId: string;
  readonly instanceKey: string;
}

/** Sends the command under the request's key. @throws Refusal */
export async function sendCommand(
  { caller, commandKey, deps }: AnyCall,
  { processId, instanceKey }: Target,
  command: InstanceCommand,
): Promise<void> {
  await deps.temporal.command({ processId, instanceKey, key: commandKey, actor: caller.account.name, command });
}
/**
 * Whether this very request has taken effect already: its first answer was lost. Facts alone do not say so: a worker and a Temporal node that
 * die together leave facts of a task that Temporal never had. @throws Refusal when that is not known yet
 */
export async function wasDone(
  db: PoolClient,
  { commandKey: key, deps }: AnyCall,
  instanceKey: string,
): Promise<boolean> {
  const found = await commandFact(db, instanceKey, key);
  if (found === null) return false;
  const { processId, factNumber } = found;
  if (await deps.temporal.isSettled({ processId, instanceKey, key }, factNumber)) return true;
  throw new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 1 });
}

/** The instance, if it is in the caller's region. @throws Refusal */
export async function visibleInstance(db: PoolClient, instanceKey: string): Promise<InstanceRow> {
  const instance = await findInstance(db, instanceKey);
  if (instance === null) throw notFound();
  return instance;
}
/** @throws Refusal when the instance has ended. */
export function assertRunning(instance: InstanceRow): void {
  if (instance.state !== 'ACTIVE') throw new Refusal('wrongState', 'caseEnded');
}
export const targetOf = (instance: InstanceRow): Target => ({
  processId: instance.processDefinitionId,
  instanceKey: instance.processInstanceKey,
});

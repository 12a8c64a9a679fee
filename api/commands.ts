/** Commands of a request to an instance, repeated safely: a request that took effect before is answered as done. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { commandFact, findInstance } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import type { Call } from './handler.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import type { Reason } from './texts.ts';

type AnyCall = Pick<Call<Endpoint>, 'caller' | 'commandKey' | 'deps'>;
/** Of a command about something that the read model shows. */
export type CallWithDatabase = AnyCall & Pick<Call<Endpoint>, 'db'>;

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
/** How often a command is sent again that the workflow does not understand yet, and after how long each time. */
const again = { tries: 6, pauseMs: 500 } as const;
const gone: ReadonlySet<Reason> = new Set(['taskEnded', 'jobGone']);

/**
 * Sends a command about a task or job that the read model shows as open. A workflow task that was lost is done again, and meets the
 * commands that have come meanwhile before what had opened the task (docs/adr/0008): for a moment the workflow does not know what people see.
 * @param isOpen whether they still do
 * @throws Refusal
 */
export async function sendAboutOpen(
  call: AnyCall,
  target: Target,
  command: InstanceCommand,
  isOpen: () => Promise<boolean>,
): Promise<void> {
  for (let left: number = again.tries; ; left -= 1) {
    try {
      await sendCommand(call, target, command);
      return;
    } catch (error) {
      if (!(error instanceof Refusal) || !gone.has(error.reason) || !(await isOpen())) throw error;
      if (left === 0) throw new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 1 });
      await delay(again.pauseMs);
    }
  }
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

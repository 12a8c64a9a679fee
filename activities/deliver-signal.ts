/**
 * Works off the deliveries of a broadcast for a while. The command key is signal and subscription, the start's source is signal and start
 * event, so a repetition changes nothing; a delivery is struck off only when its receiver has answered.
 */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { deliveryDone, deliveryFailed, pendingDeliveries } from '#db/signals.ts';
import type { Delivery } from '#db/signals.ts';
import { instanceOf, sequenceOf } from '#engine/keys.ts';
import type { SignalBroadcast } from '#workflows/messages.ts';
import type { JobLogger } from './job-handler.ts';
import { sendCommand } from './send-command.ts';
import { startOnce } from './start-instance.ts';
import type { StartDeps } from './start-instance.ts';

const limits = {
  /** Deliveries looked up at a time, and instances that get theirs at once. */
  page: 200,
  atOnce: 10,
  /** Time for one delivery, and for one call of this Activity. */
  deliveryMs: 8_000,
  callMs: 30_000,
} as const;

export interface SignalProgress {
  readonly delivered: number;
  /** At least so many still wait for it. */
  readonly left: number;
}
export type DeliverSignal = (broadcast: SignalBroadcast) => Promise<SignalProgress>;

export interface DeliverSignalDeps extends StartDeps {
  readonly logger: JobLogger;
}

export const createDeliverSignal =
  (deps: DeliverSignalDeps): DeliverSignal =>
  async (broadcast) => {
    const { pool } = deps;
    const untilMs = Date.now() + limits.callMs;
    let delivered = 0;
    for (;;) {
      const page = await pendingDeliveries(pool, broadcast.signalKey, limits.page);
      if (page.length === 0) return { delivered, left: 0 };
      const done = await deliverPage(deps, broadcast, page, untilMs);
      delivered += done;
      Context.current().cancellationSignal.throwIfAborted();
      if (done === 0 || Date.now() >= untilMs) return { delivered, left: page.length };
    }
  };

/** Several instances at a time, the subscriptions of one instance one after another. Returns how many have got it. */
async function deliverPage(
  deps: DeliverSignalDeps,
  broadcast: SignalBroadcast,
  page: readonly Delivery[],
  untilMs: number,
): Promise<number> {
  const queues = new Map<string, Delivery[]>();
  for (const delivery of page) {
    const receiver = delivery.kind === 'subscription' ? instanceOf(delivery.target) : delivery.target;
    queues.set(receiver, [...(queues.get(receiver) ?? []), delivery]);
  }
  const waiting = [...queues.values()];
  let delivered = 0;
  const work = async (): Promise<void> => {
    for (let queue = waiting.shift(); queue !== undefined; queue = waiting.shift()) {
      for (const delivery of queue) {
        if (Date.now() >= untilMs) return;
        if (await deliverOne(deps, broadcast, delivery)) delivered += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, work));
  return delivered;
}

/** false: it is to be tried again. */
async function deliverOne(deps: DeliverSignalDeps, broadcast: SignalBroadcast, delivery: Delivery): Promise<boolean> {
  const { pool, client, logger } = deps;
  const { signalKey } = broadcast;
  try {
    await client.withDeadline(Date.now() + limits.deliveryMs, () =>
      delivery.kind === 'start' ? startFor(deps, broadcast, delivery) : tell(client, broadcast, delivery, logger),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    logger.warn({ signalKey, target: delivery.target, error: reason }, 'a signal was not delivered, it is tried again');
    await deliveryFailed(pool, signalKey, delivery);
    return false;
  }
  await deliveryDone(pool, signalKey, delivery);
  return true;
}

async function tell(
  client: Client,
  { signalKey, variables }: SignalBroadcast,
  { target, processId }: Delivery,
  logger: JobLogger,
): Promise<void> {
  const command = { type: 'receiveSignal', subscription: sequenceOf(target), signalKey, variables } as const;
  const instanceKey = instanceOf(target);
  const result = await sendCommand(client, { instanceKey, processId, key: `${signalKey}/${target}`, command });
  // Whoever does not wait any more is not met; a signal that is too large for an instance stays too large.
  if (result.outcome === 'rejected') {
    const { code } = result.rejection;
    logger.info({ signalKey, target, code }, 'a signal was refused');
  }
}

async function startFor(
  deps: { readonly pool: Pool } & StartDeps,
  { signalKey, variables }: SignalBroadcast,
  delivery: Extract<Delivery, { kind: 'start' }>,
): Promise<void> {
  const { processId, elementId: startElement, part } = delivery;
  const source = `signal/${signalKey}/${startElement}`;
  const request = { source, processId, startElement, startPart: part, variables };
  await startOnce(deps, request, delivery.definition);
}

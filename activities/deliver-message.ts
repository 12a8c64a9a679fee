/**
 * Delivers one message: to the first subscription per process that takes it, then to start events of processes it has not met. The
 * command key is message and subscription, the start's source is the message, so a repetition changes nothing.
 */
import { messageStarts } from '#db/queries/start-definition.ts';
import type { OpenSubscription, PublishedMessage } from '#workflows/messages.ts';
import { sendCommand } from './send-command.ts';
import { startOnce } from './start-instance.ts';
import type { StartDeps } from './start-instance.ts';

export interface Delivery {
  readonly message: PublishedMessage;
  /** Open subscriptions, the one that has waited longest first. */
  readonly subscriptions: readonly OpenSubscription[];
  /** Processes the message was correlated to before. */
  readonly processIds: readonly string[];
  readonly startsInstances: boolean;
}
export interface Delivered {
  readonly correlated: readonly {
    readonly processId: string;
    readonly instanceKey: string;
    /** null: a start event. */
    readonly subscription: number | null;
  }[];
  /** A start event waits: for the end of another instance that was started with this correlation key, or until its version is resumed. */
  readonly isBlocked: boolean;
  /** Subscriptions that exist no more. */
  readonly gone: readonly Pick<OpenSubscription, 'instanceKey' | 'subscription'>[];
}
export type DeliverMessage = (delivery: Delivery) => Promise<Delivered>;

export const createDeliverMessage =
  (deps: StartDeps): DeliverMessage =>
  async ({ message, subscriptions, processIds, startsInstances }) => {
    const { pool, client } = deps;
    const { messageKey, variables, name, correlationKey } = message;
    const met = new Set(processIds);
    const correlated: Delivered['correlated'][number][] = [];
    const gone: Delivered['gone'][number][] = [];
    for (const { processId, instanceKey, subscription } of subscriptions) {
      if (met.has(processId)) continue;
      const command = { type: 'correlateMessage', subscription, messageKey, variables } as const;
      const result = await sendCommand(client, {
        instanceKey,
        processId,
        key: `${messageKey}/${subscription}`,
        command,
      });
      const isRefused = result.outcome === 'rejected' && result.rejection.code === 'tooLarge';
      if (result.outcome === 'accepted') correlated.push({ processId, instanceKey, subscription });
      else if (!isRefused) gone.push({ instanceKey, subscription });
      // Too large for the instance it was meant for: it is too large for the next as well.
      if (result.outcome === 'accepted' || isRefused) met.add(processId);
    }
    let isBlocked = false;
    for (const start of startsInstances ? await messageStarts(pool, name) : []) {
      const { processId, startElement, startPart } = start;
      if (met.has(processId)) continue;
      const order = { source: `message/${messageKey}`, processId, startElement, startPart, variables };
      const lock = correlationKey === '' ? {} : { lock: correlationKey };
      const started = await startOnce(deps, { ...order, ...lock }, start);
      if (started.outcome === 'blocked') isBlocked = true;
      else if (started.outcome === 'started')
        correlated.push({ processId, instanceKey: started.instanceKey, subscription: null });
    }
    return { correlated, gone, isBlocked };
  };

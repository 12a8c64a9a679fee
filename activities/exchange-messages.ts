/** Local activity: what a step of an instance tells the message entities, in order. Each of them recognises a repetition. */
import type { Client } from '@temporalio/client';
import {
  messageWorkflowId,
  messageWorkflowType,
  publishSignal,
  subscribeSignal,
  taskQueue,
  unsubscribeSignal,
} from '#workflows/messages.ts';
import type { OpenSubscription, PublishedMessage } from '#workflows/messages.ts';

interface Address {
  readonly name: string;
  readonly correlationKey: string;
}
export type MessageExchange =
  | (Address & { readonly type: 'subscribe'; readonly subscription: OpenSubscription })
  | (Address & {
      readonly type: 'unsubscribe';
      readonly subscription: Pick<OpenSubscription, 'instanceKey' | 'subscription'>;
    })
  | { readonly type: 'publish'; readonly message: PublishedMessage };
export type ExchangeMessages = (exchanges: readonly MessageExchange[]) => Promise<void>;

export const createExchangeMessages =
  (client: Client): ExchangeMessages =>
  async (exchanges) => {
    for (const exchange of exchanges) await exchangeOne(client, exchange);
  };

async function exchangeOne(client: Client, exchange: MessageExchange): Promise<void> {
  const { name, correlationKey } = exchange.type === 'publish' ? exchange.message : exchange;
  const options = { taskQueue, workflowId: messageWorkflowId(name, correlationKey), args: [] };
  switch (exchange.type) {
    case 'subscribe':
      await client.workflow.signalWithStart(messageWorkflowType, {
        ...options,
        signal: subscribeSignal,
        signalArgs: [exchange.subscription],
      });
      return;
    case 'unsubscribe':
      try {
        await client.workflow.getHandle(options.workflowId).signal(unsubscribeSignal, exchange.subscription);
      } catch (error) {
        // It ended: so it has no subscription of ours.
        if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
      }
      return;
    case 'publish':
      await client.workflow.signalWithStart(messageWorkflowType, {
        ...options,
        signal: publishSignal,
        signalArgs: [exchange.message],
      });
  }
}

/** Table `message_subscription`. */
import type { Projection } from './projection.ts';
import { waitRows } from './wait.ts';

const rows = waitRows({
  kind: 'subscriptions',
  table: 'message_subscription',
  columns: ['message_name text', 'correlation_key text'],
  closes: 'closes_on_correlation',
  occurred: 'CORRELATED',
});

export const messageSubscription = {
  handlers: {
    messageSubscriptionOpened: (fact, context) => {
      const { messageName: message_name, correlationKey: correlation_key, closesOnCorrelation } = fact;
      const own = { message_name, correlation_key, closes_on_correlation: closesOnCorrelation };
      rows.open(fact.subscription, fact, own, context);
    },
    messageCorrelated: ({ subscription }, context) => rows.occur(subscription, context),
    messageSubscriptionClosed: ({ subscription }, context) => rows.close(subscription, context),
    waitMigrated: rows.migrate,
  },
  changes: rows.changes,
} satisfies Projection;

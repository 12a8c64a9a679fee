/** Table `signal_subscription`: who waits for which signal; a broadcast reads it (signals.ts). */
import type { Projection } from './projection.ts';
import { waitRows } from './wait.ts';

const rows = waitRows({
  kind: 'signalSubscriptions',
  table: 'signal_subscription',
  columns: ['signal_name text'],
  closes: 'closes_on_signal',
  occurred: 'RECEIVED',
});

export const signalSubscription = {
  handlers: {
    signalSubscriptionOpened: (fact, context) => {
      const own = { signal_name: fact.signalName, closes_on_signal: fact.closesOnSignal };
      rows.open(fact.subscription, fact, own, context);
    },
    signalReceived: ({ subscription }, context) => rows.occur(subscription, context),
    signalSubscriptionClosed: ({ subscription }, context) => rows.close(subscription, context),
    waitMigrated: rows.migrate,
  },
  changes: rows.changes,
} satisfies Projection;

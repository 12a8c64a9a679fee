/** Table `message_subscription`. */
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const messageSubscription: Projection = {
  handlers: {
    messageSubscriptionOpened: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.subscription), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        message_name: fact.messageName,
        correlation_key: fact.correlationKey,
        closes_on_correlation: fact.closesOnCorrelation,
        state: 'OPEN',
        created_at: at,
      });
    },
    messageCorrelated: (fact, { fold, key, at }) => {
      if (fold.madeRow(key(fact.subscription))?.['closes_on_correlation'] !== false) {
        fold.change(key(fact.subscription), { state: 'CORRELATED', ended_at: at });
      }
    },
    messageSubscriptionClosed: (fact, { fold, key, at }) => {
      fold.change(key(fact.subscription), { state: 'CLOSED', ended_at: at });
    },
    instanceStarted: null,
    instanceCompleted: null,
    instanceTerminated: null,
    instanceErrored: null,
    elementActivated: null,
    elementCompleted: null,
    elementTerminated: null,
    sequenceFlowTaken: null,
    tokensConsumed: null,
    loopStarted: null,
    loopOutputCollected: null,
    variablesSet: null,
    userTaskCreated: null,
    userTaskAssigned: null,
    userTaskCompleted: null,
    userTaskCanceled: null,
    jobCreated: null,
    jobCompleted: null,
    jobFailed: null,
    jobRetried: null,
    jobErrorThrown: null,
    jobCanceled: null,
    timerSet: null,
    timerFired: null,
    timerCanceled: null,
    messagePublished: null,
    childCalled: null,
    childEnded: null,
    childCanceled: null,
    decisionEvaluated: null,
    incidentRaised: null,
    incidentResolved: null,
    gatewayPhaseChanged: null,
    standardLoopStarted: null,
    adHocElementsChosen: null,
    adHocElementStarted: null,
    adHocOutputCollected: null,
    adHocClosed: null,
    signalSubscriptionOpened: null,
    signalReceived: null,
    signalSubscriptionClosed: null,
    signalBroadcast: null,
    conditionWatched: null,
    conditionChanged: null,
    conditionWithdrawn: null,
    eventPartOccurred: null,
    eventPartsConsumed: null,
    scopeInterrupted: null,
    escalationThrown: null,
    instanceEscalated: null,
    compensationRegistered: null,
    compensationStarted: null,
    compensationHandlerStarted: null,
    stepPaused: null,
    stepResumed: null,
    userTaskUpdated: null,
    userTaskChangeRequested: null,
    userTaskChangeCorrected: null,
    userTaskChangeDenied: null,
    userTaskChangeAllowed: null,
  },
  changes: (fold) => [
    insertion(
      'message_subscription',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, message_name text, correlation_key text, closes_on_correlation boolean, state text, created_at timestamptz, ended_at timestamptz',
    ),
    {
      columns: 'key bigint, state text, ended_at timestamptz',
      sql: (
        source,
      ) => `update message_subscription t set state = r.state, ended_at = r.ended_at from ${source} where t.key = r.key
        and (t.closes_on_correlation or r.state <> 'CORRELATED')`,
      rows: fold.changed,
    },
  ],
};

/** Table `signal_subscription`: who waits for which signal; a broadcast reads it (signals.ts). */
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const signalSubscription: Projection = {
  handlers: {
    signalSubscriptionOpened: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.subscription), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        signal_name: fact.signalName,
        closes_on_signal: fact.closesOnSignal,
        state: 'OPEN',
        created_at: at,
      });
    },
    signalReceived: (fact, { fold, key, at }) => {
      if (fold.madeRow(key(fact.subscription))?.['closes_on_signal'] !== false) {
        fold.change(key(fact.subscription), { state: 'RECEIVED', ended_at: at });
      }
    },
    signalSubscriptionClosed: (fact, { fold, key, at }) => {
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
    gatewayPhaseChanged: null,
    loopStarted: null,
    standardLoopStarted: null,
    adHocElementsChosen: null,
    adHocElementStarted: null,
    adHocOutputCollected: null,
    adHocClosed: null,
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
    messageSubscriptionOpened: null,
    messageCorrelated: null,
    messageSubscriptionClosed: null,
    messagePublished: null,
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
    childCalled: null,
    childEnded: null,
    childCanceled: null,
    decisionEvaluated: null,
    incidentRaised: null,
    incidentResolved: null,
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
      'signal_subscription',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, signal_name text, closes_on_signal boolean, state text, created_at timestamptz, ended_at timestamptz',
    ),
    {
      columns: 'key bigint, state text, ended_at timestamptz',
      sql: (
        source,
      ) => `update signal_subscription t set state = r.state, ended_at = r.ended_at from ${source} where t.key = r.key
        and (t.closes_on_signal or r.state <> 'RECEIVED')`,
      rows: fold.changed,
    },
  ],
};

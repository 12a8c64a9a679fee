/** Table `timer`. */
import { timestamp } from './projection.ts';
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const timer: Projection = {
  handlers: {
    timerSet: (fact, { header, fold, key }) => {
      fold.make(key(fact.timer), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        due_at: timestamp(fact.dueMs),
        state: 'ACTIVE',
      });
    },
    timerFired: (fact, { fold, key }) => {
      fold.change(key(fact.timer), { state: 'FIRED' });
    },
    timerCanceled: (fact, { fold, key }) => {
      fold.change(key(fact.timer), { state: 'CANCELED' });
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
    messageSubscriptionOpened: null,
    messageCorrelated: null,
    messageSubscriptionClosed: null,
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
      'timer',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, due_at timestamptz, state text',
      // A cycle sets the same timer again.
      'on conflict (key) do update set due_at = excluded.due_at, state = excluded.state',
    ),
    {
      columns: 'key bigint, state text',
      sql: (source) => `update timer t set state = r.state from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
};

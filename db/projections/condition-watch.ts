/** Table `condition_watch`: conditions that a case waits for. The engine looks at them; here they are for people. */
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const conditionWatch: Projection = {
  handlers: {
    conditionWatched: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.condition), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        closes_on_true: fact.closesOnTrue,
        state: 'OPEN',
        created_at: at,
      });
    },
    conditionChanged: (fact, { fold, key, at }) => {
      if (fact.holds && fold.madeRow(key(fact.condition))?.['closes_on_true'] !== false) {
        fold.change(key(fact.condition), { state: 'MET', ended_at: at });
      }
    },
    conditionWithdrawn: (fact, { fold, key, at }) => {
      fold.change(key(fact.condition), { state: 'CLOSED', ended_at: at });
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
    signalSubscriptionOpened: null,
    signalReceived: null,
    signalSubscriptionClosed: null,
    signalBroadcast: null,
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
      'condition_watch',
      fold,
      'key bigint, instance_key bigint, region text, element_key bigint, element_id text, closes_on_true boolean, state text, created_at timestamptz, ended_at timestamptz',
    ),
    {
      columns: 'key bigint, state text, ended_at timestamptz',
      sql: (
        source,
      ) => `update condition_watch t set state = r.state, ended_at = r.ended_at from ${source} where t.key = r.key
        and (t.closes_on_true or r.state <> 'MET')`,
      rows: fold.changed,
    },
  ],
};

/** Table `variable`: variables by scope, as last set; those of ended scopes stay readable. */
import type { Projection } from './projection.ts';

export const variable: Projection = {
  handlers: {
    variablesSet: (fact, { header, fold, key }) => {
      for (const [name, value] of Object.entries(fact.variables)) {
        const scope = key(fact.scope);
        fold.make(`${scope} ${name}`, { instance_key: header.instanceKey, scope_key: scope, name, value });
      }
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
  },
  changes: (fold) => [
    {
      columns: 'instance_key bigint, scope_key bigint, name text, value jsonb',
      // A JSON null arrives as SQL null.
      sql: (source) => `insert into variable (instance_key, scope_key, name, value)
        select r.instance_key, r.scope_key, r.name, coalesce(r.value, 'null') from ${source}
        on conflict (instance_key, scope_key, name) do update set value = excluded.value`,
      rows: fold.made,
    },
  ],
};

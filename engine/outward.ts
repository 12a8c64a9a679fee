/**
 * Which facts mean something outside their instance. Each host (memory.ts, workflows/effects.ts) says what it does about each of them; all
 * others are the instance's own affair. A new fact is named in one place or the other, else it does not compile.
 */
import type { Fact, FactType } from './fact.ts';

export type OutwardType =
  | 'jobCreated'
  | 'jobCompleted'
  | 'jobFailed'
  | 'jobRetried'
  | 'jobErrorThrown'
  | 'jobCanceled'
  | 'messageSubscriptionOpened'
  | 'messageSubscriptionClosed'
  | 'messagePublished'
  | 'signalBroadcast'
  | 'childCalled'
  | 'childEnded'
  | 'childCanceled'
  | 'instanceCompleted'
  | 'instanceTerminated'
  | 'instanceErrored'
  | 'instanceEscalated';
export type OutwardFact = Extract<Fact, { readonly type: OutwardType }>;

const inward: Readonly<Record<Exclude<FactType, OutwardType>, null>> = {
  instanceStarted: null,
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
  userTaskUpdated: null,
  userTaskChangeRequested: null,
  userTaskChangeCorrected: null,
  userTaskChangeDenied: null,
  userTaskChangeAllowed: null,
  userTaskCompleted: null,
  userTaskCanceled: null,
  timerSet: null,
  timerFired: null,
  timerCanceled: null,
  messageCorrelated: null,
  decisionEvaluated: null,
  incidentRaised: null,
  incidentResolved: null,
  signalSubscriptionOpened: null,
  signalReceived: null,
  signalSubscriptionClosed: null,
  conditionWatched: null,
  conditionChanged: null,
  conditionWithdrawn: null,
  eventPartOccurred: null,
  eventPartsConsumed: null,
  scopeInterrupted: null,
  escalationThrown: null,
  compensationRegistered: null,
  compensationStarted: null,
  compensationHandlerStarted: null,
  stepPaused: null,
  stepResumed: null,
  interventionMade: null,
  sentBack: null,
  instanceSuspended: null,
  instanceResumed: null,
  commandKept: null,
  keptCommandTaken: null,
  keptCommandRefused: null,
  timerRescheduled: null,
  jobRescheduled: null,
  jobRetriesChanged: null,
  instanceMigrated: null,
  elementMigrated: null,
  waitMigrated: null,
};
export const isOutward = (fact: Fact): fact is OutwardFact => !Object.hasOwn(inward, fact.type);

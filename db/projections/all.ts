/** Every read model that facts are projected into, with its table. */
import type { FactType } from '#engine/fact.ts';
import { conditionWatch } from './condition-watch.ts';
import { decisionEvaluation } from './decision-evaluation.ts';
import { elementInstance } from './element-instance.ts';
import { incident } from './incident.ts';
import { instance } from './instance.ts';
import { job } from './job.ts';
import { messageSubscription } from './message-subscription.ts';
import { project } from './projection.ts';
import type { Change, FactOfCommand, InstanceHeader, Projection } from './projection.ts';
import { signalSubscription } from './signal-subscription.ts';
import { timer } from './timer.ts';
import { userTask } from './user-task.ts';
import { variable } from './variable.ts';
import { waitingToken } from './waiting-token.ts';

type Handled<P extends Projection> = P extends { readonly handlers: infer H } ? keyof H : never;

/** Every fact changes some row or is named as one that changes none: a new fact that nobody has thought of does not compile. */
function complete<const P extends readonly Projection[]>(
  projections: P,
  _changeNothing: Readonly<Record<Exclude<FactType, Handled<P[number]>>, null>>,
): readonly Projection[] {
  return projections;
}

const projections = complete(
  [
    instance,
    elementInstance,
    variable,
    userTask,
    job,
    timer,
    messageSubscription,
    signalSubscription,
    conditionWatch,
    incident,
    decisionEvaluation,
    waitingToken,
  ],
  {
    gatewayPhaseChanged: null,
    loopStarted: null,
    standardLoopStarted: null,
    adHocElementsChosen: null,
    adHocElementStarted: null,
    adHocOutputCollected: null,
    adHocClosed: null,
    loopOutputCollected: null,
    userTaskChangeCorrected: null,
    userTaskChangeDenied: null,
    messagePublished: null,
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
    stepPaused: null,
    stepResumed: null,
    interventionMade: null,
    sentBack: null,
    commandKept: null,
    keptCommandTaken: null,
    keptCommandRefused: null,
  },
);

/** Tables whose rows come from facts alone; all but `instance` have a column `instance_key`. */
export const projectedTables = [
  'element_instance',
  'variable',
  'user_task',
  'job',
  'timer',
  'message_subscription',
  'signal_subscription',
  'condition_watch',
  'incident',
  'decision_evaluation',
  'waiting_token',
] as const;

export const changesOf = (header: InstanceHeader, facts: readonly FactOfCommand[]): readonly Change[] =>
  projections.flatMap((projection) => project(projection, header, facts));

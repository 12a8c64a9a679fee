/** Every read model that facts are projected into, with its table. */
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

const projections: readonly Projection[] = [
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
];

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
] as const;

export const changesOf = (header: InstanceHeader, facts: readonly FactOfCommand[]): readonly Change[] =>
  projections.flatMap((projection) => project(projection, header, facts));

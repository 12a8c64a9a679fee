/** BPMN 2.0.2 §13.3.3: a job; done when the job is. */
import type { Behavior } from '../behavior.ts';
import type { ServiceTask } from '../model.ts';
import { leaveByAll, nothingToEnd, startJob } from './common.ts';

export const serviceTask: Behavior<ServiceTask> = { activate: startJob, complete: leaveByAll, terminate: nothingToEnd };

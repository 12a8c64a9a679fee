import type { Transformer } from '../context.ts';
import { chosen, headersOf } from '../extensions.ts';
import { jobOf } from '../job.ts';
import { activityBase } from '../node.ts';

/** BPMN 2.0.2 §10.3.3: a job of the type named by zeebe:taskDefinition. */
export const serviceTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const headers = headersOf(element, context);
  const job = chosen(element, ['zeebe:TaskDefinition'], context) === null ? null : jobOf(element, context);
  return job === null ? null : { ...base, type: 'serviceTask', job, headers };
};

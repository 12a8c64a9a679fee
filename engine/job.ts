/** Jobs: the requests that service tasks and their like make of the outside world. */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, nothingToDo, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { evaluateInteger, evaluateString } from './expression.ts';
import type { JobPurpose } from './fact.ts';
import type { FlowNode, JobDefinition, Properties } from './model.ts';
import { emit, nextSeq } from './run.ts';
import type { Run } from './run.ts';
import { parseDuration } from './time.ts';

/** What a job is done for: a task's own work or a listener. */
export interface JobOf {
  readonly job: JobDefinition;
  readonly headers: Properties;
}

/** What job the element's own work is; null: it is none. */
export function jobOf(node: FlowNode): JobOf | null {
  switch (node.type) {
    case 'serviceTask':
      return node;
    case 'businessRuleTask':
      return node.rule.kind === 'job' ? node.rule : null;
    case 'scriptTask':
      return node.script.kind === 'job' ? node.script : null;
    case 'sendTask':
      return node.send.kind === 'job' ? node.send : null;
    case 'intermediateThrowEvent':
    case 'endEvent':
      for (const result of node.results) {
        if (result.type === 'message' && result.send.kind === 'job') return result.send;
      }
      return null;
    default:
      return null;
  }
}

const ownWork: JobPurpose = { kind: 'element' };

export function prepareJob(
  run: Run,
  { element, lookup }: Pick<Active<FlowNode>, 'element' | 'lookup'>,
  { job, headers }: JobOf,
  purpose: JobPurpose = ownWork,
): Result<Commit> {
  const scope = { lookup, nowMs: run.nowMs };
  const type = evaluateString(job.type, scope);
  if (!type.ok) return type;
  if (type.value === '') return fail('EXTRACT_VALUE_ERROR', 'The job type is empty.');
  const retries = evaluateInteger(job.retries, scope);
  if (!retries.ok) return retries;
  if (retries.value < 1) return fail('EXTRACT_VALUE_ERROR', `A job needs at least 1 attempt, not ${retries.value}.`);
  return ok(() =>
    emit(run, {
      type: 'jobCreated',
      job: nextSeq(run),
      element: element.seq,
      elementId: element.elementId,
      jobType: type.value,
      retries: retries.value,
      headers,
      purpose,
    }),
  );
}

/** A new job for an element whose former job ended in an error that nothing caught. */
export function prepareJobAgain(run: Run, active: Active<FlowNode>): Result<Commit> {
  const definition = jobOf(active.node);
  return definition ? prepareJob(run, active, definition) : nothingToDo;
}

export function cancelJobs(run: Run, element: Seq): void {
  for (const job of attachedTo(run.draft, element, 'jobs')) emit(run, { type: 'jobCanceled', job });
}

/** Wait before the next attempt in ms, by the model's back-off; the last one repeats. */
export function backoffMs(definition: JobOf | null, failures: number): number {
  const backoff = definition?.job.backoff ?? [];
  const text = backoff[Math.min(failures, backoff.length - 1)];
  const duration = text === undefined ? null : parseDuration(text);
  // months have no fixed length; 30 days is near enough for a back-off
  return duration ? duration.ms + duration.months * 30 * 86_400_000 : 0;
}

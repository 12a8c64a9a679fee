/** Jobs: the requests that service tasks and their like make of the outside world. */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { evaluateInteger, evaluateString } from './expression.ts';
import type { FlowNode, JobDefinition, Properties } from './model.ts';
import { emit, nextSeq } from './run.ts';
import type { Run } from './run.ts';
import { parseDuration } from './time.ts';

interface JobOf {
  readonly job: JobDefinition;
  readonly headers: Properties;
}

/** What job the element asks for; null: none. */
export function jobOf(node: FlowNode): JobOf | null {
  const work = workOf(node);
  return work !== null && 'job' in work ? work : null;
}

/** What an element does that may be done by a job. */
function workOf(node: FlowNode): JobOf | object | null {
  if (node.type === 'serviceTask') return node;
  if (node.type === 'businessRuleTask') return node.rule;
  if (node.type === 'scriptTask') return node.script;
  if (node.type === 'sendTask' || node.type === 'intermediateThrowEvent') return node.send;
  return node.type === 'endEvent' && node.result.type === 'message' ? node.result.send : null;
}

export function prepareJob(run: Run, { element, lookup }: Active<FlowNode>, { job, headers }: JobOf): Result<Commit> {
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
    }),
  );
}

/** A new job for an element whose former job ended in an error that nothing caught. */
export function prepareJobAgain(run: Run, active: Active<FlowNode>): Result<Commit> {
  const definition = jobOf(active.node);
  return definition ? prepareJob(run, active, definition) : ok(() => undefined);
}

export function cancelJobs(run: Run, element: Seq): void {
  for (const job of attachedTo(run.draft, element)?.jobs ?? []) emit(run, { type: 'jobCanceled', job });
}

/** Wait before the next attempt in ms, by the model's back-off; the last one repeats. */
export function backoffMs(node: FlowNode, failures: number): number {
  const backoff = jobOf(node)?.job.backoff ?? [];
  const text = backoff[Math.min(failures, backoff.length - 1)];
  const duration = text === undefined ? null : parseDuration(text);
  // months have no fixed length; 30 days is near enough for a back-off
  return duration ? duration.ms + duration.months * 30 * 86_400_000 : 0;
}

/**
 * BPMN errors and escalations (BPMN 2.0.2 §10.5.1, §13.5.3): from where one is thrown outwards, level by level. A level is an activity with
 * the event sub-processes in it and the boundary events on it; there the same code comes before one that catches all, then what is
 * inside before what is on the border (as in Zeebe). Escalations look at what is inside first, whatever the code.
 */
import type { Result } from './behavior.ts';
import { ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { eventSubProcessesOf, startEventOf, triggerEventSubProcess } from './event-sub-process.ts';
import { evaluateKey } from './expression.ts';
import type { IncidentStage } from './fact.ts';
import { isBody } from './flow.ts';
import { cancelJobs } from './job.ts';
import type { Variables } from './json.ts';
import type { BoundaryEvent, CatchTrigger, ElementId, Expression, SingleTrigger, StartEvent } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, raise } from './run.ts';
import type { Run } from './run.ts';
import { terminateWithin } from './terminate.ts';
import { triggerBoundary } from './triggering.ts';
import { closeCatches, closeIncidents } from './withdraw.ts';

export interface ThrownError {
  readonly code: string;
  readonly message: string;
  readonly variables: Variables;
}
export interface Escalation {
  readonly code: string;
  readonly variables: Variables;
}

/** `owner`: the activity, or the scope of the event sub-process. */
interface Catcher {
  readonly owner: Seq;
  readonly event: BoundaryEvent | StartEvent;
}
interface Thrown {
  readonly type: 'error' | 'escalation';
  readonly code: string;
}

/** `stage`: what is tried again when nothing catches the error and its incident is resolved. */
export function throwError(run: Run, source: Seq, error: ThrownError, stage: IncidentStage): void {
  const found = findCatcher(run, source, { type: 'error', code: error.code });
  if (!found.ok) raise(run, source, stage, found.failure);
  else if (found.value !== null) caught(run, found.value, error.variables);
  else if (run.draft.state.parent !== null) endInError(run, error);
  else {
    const details = error.message === '' ? '' : ` Message: ${error.message}`;
    const message = `Nothing catches the error '${error.code}'.${details}`;
    raise(run, source, stage, { code: 'UNHANDLED_ERROR_EVENT', message });
  }
}

/** Nothing has to catch an escalation; `source` is gone afterwards when an interrupting event did. */
export function throwEscalation(run: Run, source: Seq, { code, variables }: Escalation): void {
  const { elementId } = elementIn(run, source);
  const found = findCatcher(run, source, { type: 'escalation', code });
  if (!found.ok) {
    raise(run, source, 'acknowledge', found.failure);
    return;
  }
  const caughtBy = found.value?.event.id ?? null;
  emit(run, { type: 'escalationThrown', element: source, elementId, code, caughtBy });
  if (found.value) caught(run, found.value, variables);
  else if (run.draft.state.parent !== null) emit(run, { type: 'instanceEscalated', code, variables });
}

function caught(run: Run, { owner, event }: Catcher, variables: Variables): void {
  if (event.type === 'boundaryEvent') triggerBoundary(run, owner, event, variables);
  else triggerEventSubProcess(run, owner, event, variables);
}

/** null: nothing in this instance catches it. */
function findCatcher(run: Run, source: Seq, thrown: Thrown): Result<Catcher | null> {
  let within: Catcher[] = [];
  for (let owner = source; owner !== 0; owner = elementIn(run, owner).scope) {
    const boundary = boundaryEventsOf(run, owner);
    for (const level of thrown.type === 'error' ? [[...within, ...boundary]] : [within, boundary]) {
      const found = choose(run, level, thrown);
      if (!found.ok || found.value !== null) return found;
    }
    const { scope, elementId } = elementIn(run, owner);
    within = startEventsIn(run, scope, elementId);
  }
  return choose(run, within, thrown);
}

function boundaryEventsOf(run: Run, seq: Seq): Catcher[] {
  const { elementId, scope, type } = elementIn(run, seq);
  if (isBody(type) || type === 'compensation') return [];
  const node = nodeOf(run, elementId);
  if (!('boundary' in node)) return [];
  // boundary events of a looping activity belong to its body
  const owner = isBody(run.draft.state.elements[scope]?.type) ? scope : seq;
  return node.boundary.map((id) => ({ owner, event: nodeOf(run, id) as BoundaryEvent }));
}

/** Event sub-processes of a scope; none catches what was thrown within itself (`from`). */
function startEventsIn(run: Run, scope: Seq, from: ElementId): Catcher[] {
  if (elementIn(run, scope).detail?.interrupted) return [];
  return eventSubProcessesOf(run, scope)
    .filter(({ id }) => id !== from)
    .map((subProcess) => ({ owner: scope, event: startEventOf(run, subProcess) }));
}

function choose(run: Run, catchers: readonly Catcher[], thrown: Thrown): Result<Catcher | null> {
  let catchAll: Catcher | null = null;
  for (const catcher of catchers) {
    for (const trigger of singlesOf(catcher.event.trigger)) {
      const expected = codeOf(trigger, thrown.type);
      if (expected === undefined) continue;
      if (expected === null) {
        catchAll ??= catcher;
        continue;
      }
      const scope = catcher.event.type === 'boundaryEvent' ? elementIn(run, catcher.owner).scope : catcher.owner;
      const value = evaluateKey(expected, { lookup: lookupIn(run, scope), nowMs: run.nowMs });
      if (!value.ok) return value;
      if (value.value === thrown.code) return ok(catcher);
    }
  }
  return ok(catchAll);
}

const singlesOf = (trigger: CatchTrigger | null): readonly SingleTrigger[] => {
  if (trigger === null) return [];
  return 'triggers' in trigger ? trigger.triggers : [trigger];
};

/** The code that a trigger expects; null: any; undefined: it waits for something else. */
function codeOf(trigger: SingleTrigger, type: Thrown['type']): Expression | null | undefined {
  if (trigger.type === 'error' && type === 'error') return trigger.error.code;
  return trigger.type === 'escalation' && type === 'escalation' ? trigger.escalation.code : undefined;
}

/** The called instance ends; its caller gets the error. */
function endInError(run: Run, { code, message, variables }: ThrownError): void {
  terminateWithin(run, 0);
  cancelJobs(run, 0);
  closeCatches(run, 0);
  closeIncidents(run, 0);
  emit(run, { type: 'instanceErrored', code, message, variables });
}

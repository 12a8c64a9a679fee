/**
 * BPMN errors (BPMN 2.0.2 §10.5.1, §13.5.3): from where one is thrown outwards, scope by scope, the first boundary event that
 * catches it takes over; in each scope one with the same code comes before one that catches all.
 */
import type { Result } from './behavior.ts';
import { ok } from './behavior.ts';
import { triggerBoundary } from './catching.ts';
import type { Seq } from './command.ts';
import { evaluateString } from './expression.ts';
import type { IncidentStage } from './fact.ts';
import type { Variables } from './json.ts';
import type { BoundaryEvent } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, raise } from './run.ts';
import type { Run } from './run.ts';
import { terminateWithin } from './terminate.ts';

export interface ThrownError {
  readonly code: string;
  readonly message: string;
  readonly variables: Variables;
}

interface Catcher {
  readonly owner: Seq;
  readonly event: BoundaryEvent;
}

/** `stage`: what is tried again when nothing catches the error and its incident is resolved. */
export function throwError(run: Run, source: Seq, error: ThrownError, stage: IncidentStage): void {
  const found = findCatcher(run, source, error.code);
  if (!found.ok) raise(run, source, stage, found.failure);
  else if (found.value !== null) triggerBoundary(run, found.value.owner, found.value.event, error.variables);
  else if (run.draft.state.parent !== null) endInError(run, error);
  else {
    const details = error.message === '' ? '' : ` Message: ${error.message}`;
    const message = `Nothing catches the error '${error.code}'.${details}`;
    raise(run, source, stage, { code: 'UNHANDLED_ERROR_EVENT', message });
  }
}

/** null: nothing in this instance catches it. */
function findCatcher(run: Run, source: Seq, code: string): Result<Catcher | null> {
  for (let owner = source; owner !== 0; owner = elementIn(run, owner).scope) {
    const caught = catcherAt(run, owner, code);
    if (!caught.ok || caught.value !== null) return caught;
  }
  return ok(null);
}

function catcherAt(run: Run, owner: Seq, code: string): Result<Catcher | null> {
  const { elementId, scope } = elementIn(run, owner);
  const node = nodeOf(run, elementId);
  // boundary events of a multi-instance activity belong to its body
  const isInner = run.draft.state.elements[scope]?.type === 'multiInstanceBody';
  if (isInner || !('boundary' in node)) return ok(null);
  let catchAll: Catcher | null = null;
  for (const id of node.boundary) {
    const event = nodeOf(run, id);
    if (event.type !== 'boundaryEvent' || event.trigger.type !== 'error') continue;
    const expected = event.trigger.error.code;
    if (expected === null) {
      catchAll ??= { owner, event };
      continue;
    }
    const value = evaluateString(expected, { lookup: lookupIn(run, scope), nowMs: run.nowMs });
    if (!value.ok) return value;
    if (value.value === code) return ok({ owner, event });
  }
  return ok(catchAll);
}

/** The called instance ends; its caller gets the error. */
function endInError(run: Run, { code, message, variables }: ThrownError): void {
  terminateWithin(run, 0);
  emit(run, { type: 'instanceErrored', code, message, variables });
}

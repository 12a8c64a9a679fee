/**
 * Event sub-processes (BPMN 2.0.2 §10.3.5, §13.5.4): their start events are waited for while the scope around them is active. An
 * interrupting one ends everything else in its scope, once; the others run beside it, as often as they are triggered.
 */
import type { Commit, Result } from './behavior.ts';
import { nothingToDo } from './behavior.ts';
import { prepareCatches } from './catching.ts';
import type { Catch } from './catching.ts';
import type { Seq } from './command.ts';
import { activateNode } from './flow.ts';
import type { Variables } from './json.ts';
import type { ElementId, EventSubProcess, StartEvent } from './model.ts';
import { deliver, emit, nodeOf, schedule } from './run.ts';
import type { Run } from './run.ts';
import { terminateWithin } from './terminate.ts';
import type { Lookup } from './variables.ts';
import { closeCatches } from './withdraw.ts';

/** The event sub-processes directly within an element's scope; the process itself: `scope` 0. */
export function eventSubProcessesOf(run: Run, scope: Seq): readonly EventSubProcess[] {
  const ids = idsOf(run, scope);
  return ids.length === 0 ? none : ids.map((id) => nodeOf(run, id) as EventSubProcess);
}

const none: readonly EventSubProcess[] = [];

function idsOf(run: Run, scope: Seq): readonly ElementId[] {
  if (scope === 0) return run.process.eventSubProcesses;
  const element = run.draft.state.elements[scope];
  if (!element || element.type === 'compensation') return [];
  const node = nodeOf(run, element.elementId);
  // bodies and compensations hold instances; the scope is within them
  return element.type === node.type && 'eventSubProcesses' in node ? node.eventSubProcesses : [];
}

export const startEventOf = (run: Run, { startEvent }: EventSubProcess): StartEvent =>
  nodeOf(run, startEvent) as StartEvent;

/** The waits for everything that starts an event sub-process of the scope. */
export function prepareEventSubProcesses(run: Run, scope: Seq, lookup: Lookup): Result<Commit> {
  const subProcesses = eventSubProcessesOf(run, scope);
  if (subProcesses.length === 0) return nothingToDo;
  const waits = subProcesses.flatMap((subProcess): Catch[] => {
    const { id: elementId, trigger, interrupting } = startEventOf(run, subProcess);
    if (trigger === null) return [];
    return [{ owner: scope, elementId, trigger, closes: interrupting, lookup, keyLookup: lookup }];
  });
  return prepareCatches(run, waits);
}

export function triggerEventSubProcess(run: Run, scope: Seq, start: StartEvent, variables: Variables): void {
  if (start.parent === null) return;
  if (start.interrupting) interrupt(run, scope, start.parent);
  const inner = beginEventSubProcess(run, scope, start);
  deliver(run, inner, start, variables);
}

/** Activates the event sub-process in `scope`; its start event's element instance. */
export function beginEventSubProcess(run: Run, scope: Seq, start: StartEvent): Seq {
  const seq = activateNode(run, nodeOf(run, start.parent ?? ''), scope);
  const inner = activateNode(run, start, seq);
  schedule(run, seq, 'activate');
  schedule(run, inner, 'trigger');
  return inner;
}

/** Ends the normal flow of the scope. */
export function interrupt(run: Run, scope: Seq, by: ElementId): void {
  closeEventSubProcesses(run, scope, by);
  terminateWithin(run, scope);
}

/** No event sub-process of the scope begins any more. */
export function closeEventSubProcesses(run: Run, scope: Seq, by: ElementId): void {
  emit(run, { type: 'scopeInterrupted', scope, by });
  const starts = new Set(eventSubProcessesOf(run, scope).map(({ startEvent }) => startEvent));
  closeCatches(run, scope, (elementId) => starts.has(elementId));
}

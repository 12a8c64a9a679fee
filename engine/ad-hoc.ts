/** What happens within an ad-hoc sub-process (BPMN 2.0.2 §13.3.5). */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, nothingToDo, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { evaluateAny, evaluateBoolean } from './expression.ts';
import { activateNode, isEmpty } from './flow.ts';
import type { AdHocState } from './instance.ts';
import type { Variables } from './json.ts';
import { limits } from './limits.ts';
import type { AdHocSubProcess, ElementId, FlowId, FlowNode } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { jsonBytes } from './size.ts';
import { terminateWithin } from './terminate.ts';

interface Choice {
  readonly elementId: ElementId;
  readonly variables: Variables;
}

const stateAt = (run: Run, seq: Seq): AdHocState | undefined => elementIn(run, seq).detail?.adHoc;
const nodeAt = (run: Run, seq: Seq): AdHocSubProcess => nodeOf(run, elementIn(run, seq).elementId) as AdHocSubProcess;

/** Activates the elements, as far as the ordering lets them begin now. */
export function chooseElements(run: Run, seq: Seq, elements: readonly Choice[]): void {
  if (elements.length > 0) emit(run, { type: 'adHocElementsChosen', element: seq, elements });
  startChosen(run, seq);
}

function startChosen(run: Run, seq: Seq): void {
  const { sequential } = nodeAt(run, seq);
  for (let next = stateAt(run, seq)?.chosen[0]; next; next = stateAt(run, seq)?.chosen[0]) {
    if (sequential && !isEmpty(elementIn(run, seq))) return;
    emit(run, { type: 'adHocElementStarted', element: seq });
    const inner = activateNode(run, nodeOf(run, next.elementId), seq);
    setLocal(run, inner, next.variables);
    schedule(run, inner, 'activate');
  }
}

/** A path within has ended: is the whole complete, or what comes next? */
export function prepareProgress(run: Run, seq: Seq): Result<Commit> {
  const node = nodeAt(run, seq);
  const holds = conditionHolds(run, seq, node);
  if (!holds.ok) return holds;
  return ok(() => {
    if (holds.value && node.cancelRemainingInstances) {
      terminateWithin(run, seq);
      schedule(run, seq, 'complete');
      return;
    }
    if (holds.value) emit(run, { type: 'adHocClosed', element: seq });
    else startChosen(run, seq);
    const state = stateAt(run, seq);
    const mayEnd = state?.closed === true || node.completionCondition === null;
    if (mayEnd && isEmpty(elementIn(run, seq))) schedule(run, seq, 'complete');
  });
}

function conditionHolds(run: Run, seq: Seq, { completionCondition }: AdHocSubProcess): Result<boolean> {
  if (completionCondition === null || stateAt(run, seq)?.closed) return ok(false);
  return evaluateBoolean(completionCondition, { lookup: lookupIn(run, seq), nowMs: run.nowMs });
}

/** What an element that ends a path within adds to the output collection. */
export function prepareOutput(run: Run, inner: Active<FlowNode>, flows: readonly FlowId[]): Result<Commit> {
  const { scope } = inner.element;
  if (flows.length > 0 || elementIn(run, scope).type !== 'adHocSubProcess') return nothingToDo;
  const { outputCollection, outputElement } = nodeAt(run, scope);
  if (outputCollection === null || outputElement === null) return nothingToDo;
  const output = evaluateAny(outputElement, { lookup: inner.lookup, nowMs: run.nowMs });
  if (!output.ok) return output;
  const bytes = (stateAt(run, scope)?.bytes ?? 0) + jsonBytes(output.value);
  if (bytes > limits.variableBytes) {
    return fail('LIMIT_EXCEEDED', `The outputs have ${bytes} bytes; at most ${limits.variableBytes} are allowed.`);
  }
  return ok(() => emit(run, { type: 'adHocOutputCollected', element: scope, output: output.value }));
}

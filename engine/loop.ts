/**
 * Looping activities: a body that holds one inner instance per item or number (multi-instance, BPMN 2.0.2 §13.3.7), or one round after
 * the other while a condition holds (standard loop, §13.3.6).
 */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { sizeOf } from './draft.ts';
import { evaluateAny, evaluateBoolean, evaluateInteger, evaluateList } from './expression.ts';
import type { ElementInstance, LoopState } from './instance.ts';
import type { Json, Variables } from './json.ts';
import { limits } from './limits.ts';
import type { FeelExpression, FlowNode, MultiInstance, StandardLoop } from './model.ts';
import { elementIn, emit, nextSeq, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { jsonBytes, sizeProblem } from './size.ts';
import { terminateWithin } from './terminate.ts';
import { overlay } from './variables.ts';
import type { Lookup } from './variables.ts';

function loopOf(node: FlowNode): MultiInstance {
  const loop = 'multiInstance' in node ? node.multiInstance : null;
  if (!loop) throw new Error(`The model of element ${node.id} has no multi-instance.`);
  return loop;
}

/** The first move of a body. */
export function activateBody(run: Run, active: Active<FlowNode>): Result<Commit> {
  return active.element.type === 'standardLoopBody' ? beginStandardLoop(run, active) : beginMultiInstance(run, active);
}

function beginStandardLoop(run: Run, { node, element: { seq }, lookup }: Active<FlowNode>): Result<Commit> {
  const { testBefore, condition, maximum } = standardLoopOf(node);
  const count = maximum === null ? ok(null) : evaluateInteger(maximum, { lookup, nowMs: run.nowMs });
  if (!count.ok) return count;
  const begins = testBefore ? goesRound(run, condition, 0, lookup) : ok(true);
  if (!begins.ok) return begins;
  return ok(() => {
    emit(run, { type: 'standardLoopStarted', element: seq, count: count.value });
    if (begins.value && (count.value === null || count.value > 0)) createInner(run, seq, node, 1);
    else schedule(run, seq, 'complete');
  });
}

function standardLoopOf(node: FlowNode): StandardLoop {
  const loop = 'standardLoop' in node ? node.standardLoop : null;
  if (!loop) throw new Error(`The model of element ${node.id} has no standard loop.`);
  return loop;
}

/** Whether there is another round after so many; no condition: only the maximum counts. */
function goesRound(run: Run, condition: FeelExpression | null, rounds: number, lookup: Lookup): Result<boolean> {
  if (condition === null) return ok(true);
  return evaluateBoolean(condition, { lookup: overlay({ loopCounter: rounds }, lookup), nowMs: run.nowMs });
}

function itemsFor(run: Run, loop: MultiInstance, lookup: Lookup): Result<Items> {
  const scope = { lookup, nowMs: run.nowMs };
  if (loop.inputCollection !== null) {
    const items = evaluateList(loop.inputCollection, scope);
    return items.ok ? ok({ count: items.value.length, items: items.value }) : items;
  }
  const count = loop.cardinality === null ? ok(0) : evaluateInteger(loop.cardinality, scope);
  if (!count.ok) return count;
  if (count.value < 0) return fail('EXTRACT_VALUE_ERROR', `A number of instances is at least 0, not ${count.value}.`);
  return ok({ count: count.value, items: [] });
}
interface Items {
  readonly count: number;
  readonly items: readonly Json[];
}

function beginMultiInstance(run: Run, { node, element, lookup }: Active<FlowNode>): Result<Commit> {
  const loop = loopOf(node);
  const found = itemsFor(run, loop, lookup);
  if (!found.ok) return found;
  const { count, items } = found.value;
  const active = sizeOf(run.draft, 'elements') + (loop.sequential ? 1 : count);
  if (count > limits.multiInstanceItems || active > limits.elementsPerInstance) {
    return fail('LIMIT_EXCEEDED', `${count} items are more than ${limits.multiInstanceItems} or too many at once.`);
  }
  const problem = sizeProblem({ items }, run.draft.state.variableBytes);
  if (problem !== null) return fail('LIMIT_EXCEEDED', problem);
  return ok(() => {
    const collects = loop.outputCollection !== null;
    emit(run, { type: 'loopStarted', element: element.seq, count, items, collects });
    if (count === 0) schedule(run, element.seq, 'complete');
    else if (loop.sequential) createInner(run, element.seq, node, 1);
    else for (let counter = 1; counter <= count; counter++) createInner(run, element.seq, node, counter);
  });
}

export function createInner(run: Run, body: Seq, node: FlowNode, loopCounter: number): void {
  const element = nextSeq(run);
  const { id: elementId, name, type: elementType } = node;
  emit(run, { type: 'elementActivated', element, elementId, elementType, name, scope: body, loopCounter });
  setLocal(run, element, variablesOf(run, body, node, loopCounter));
  schedule(run, element, 'activate');
}

function variablesOf(run: Run, body: Seq, node: FlowNode, loopCounter: number): Variables {
  const variables: Record<string, Json> = { loopCounter };
  const loop = 'multiInstance' in node ? node.multiInstance : null;
  if (!loop) return variables;
  // the output element is the inner instance's own, so that parallel ones do not overwrite each other (Zeebe)
  const output = outputVariable(loop);
  if (output !== null) variables[output] = null;
  if (loop.inputElement !== null) variables[loop.inputElement] = itemsOf(run, body)[loopCounter - 1] ?? null;
  return variables;
}

const itemsOf = (run: Run, body: Seq): readonly Json[] => elementIn(run, body).loop?.items ?? [];

/** The variable an output element such as `hasil` or `hasil.skor` reads; null when it is a computation. */
function outputVariable({ outputElement }: MultiInstance): string | null {
  if (outputElement?.kind !== 'feel') return null;
  for (let node = outputElement.ast; ; node = node.target) {
    if (node.type === 'name') return node.name;
    if (node.type !== 'path') return null;
  }
}

interface AfterInner {
  /** Adds the output to the collection; comes before the inner instance is left. */
  readonly collect: Commit;
  /** Next inner instance, or the end of the body; comes after. */
  readonly goOn: Commit;
}

/** What the completion of an inner instance means for its body. */
export function prepareAfterInner(run: Run, inner: Active<FlowNode>): Result<AfterInner> {
  const body = elementIn(run, inner.element.scope);
  if (body.type === 'standardLoopBody') return prepareAfterRound(run, body, inner);
  const loop = loopOf(inner.node);
  const output = prepareOutput(run, loop, inner);
  if (!output.ok) return output;
  const isDone = conditionHolds(run, body, inner, output.value);
  if (!isDone.ok) return isDone;
  return ok({
    collect: () => collect(run, inner.element, output.value),
    goOn: () => goOn(run, body.seq, inner.node, isDone.value),
  });
}

function prepareAfterRound(run: Run, { seq, loop }: ElementInstance, inner: Active<FlowNode>): Result<AfterInner> {
  const { created, count } = loop ?? noLoop;
  const again = goesRound(run, standardLoopOf(inner.node).condition, created, inner.lookup);
  if (!again.ok) return again;
  const isLast = !again.value || (count !== null && created >= count);
  return ok({
    collect: () => undefined,
    goOn: () => (isLast ? schedule(run, seq, 'complete') : createInner(run, seq, inner.node, created + 1)),
  });
}

/** The inner instance's contribution; undefined: the body collects nothing. */
function prepareOutput(run: Run, loop: MultiInstance, inner: Active<FlowNode>): Result<Json | undefined> {
  if (loop.outputCollection === null || loop.outputElement === null) return ok(undefined);
  const output = evaluateAny(loop.outputElement, { lookup: inner.lookup, nowMs: run.nowMs });
  if (!output.ok) return output;
  // told here, where a person can still do something about it, rather than when all the work is done
  const bytes = (elementIn(run, inner.element.scope).loop?.bytes ?? 0) + jsonBytes(output.value);
  if (bytes <= limits.variableBytes) return output;
  return fail('LIMIT_EXCEEDED', `Items and outputs have ${bytes} bytes; at most ${limits.variableBytes} are allowed.`);
}

function collect(run: Run, { scope, loopCounter }: ElementInstance, output: Json | undefined): void {
  if (output === undefined || loopCounter === null) return;
  emit(run, { type: 'loopOutputCollected', element: scope, loopCounter, output });
}

/** Counters and collection are those after this completion (BPMN 2.0.2 table 10.30). */
function conditionHolds(
  run: Run,
  body: ElementInstance,
  inner: Active<FlowNode>,
  output: Json | undefined,
): Result<boolean> {
  const { completionCondition, outputCollection } = loopOf(inner.node);
  if (completionCondition === null) return ok(false);
  const loop = body.loop ?? noLoop;
  const counters = {
    numberOfInstances: loop.created,
    numberOfActiveInstances: body.children - 1,
    numberOfCompletedInstances: loop.completed + 1,
    numberOfTerminatedInstances: loop.terminated,
  };
  const collected: Lookup = (name) => {
    if (name !== outputCollection || output === undefined) return inner.lookup(name);
    return loop.outputs.map((before, index) => (index + 1 === inner.element.loopCounter ? output : before));
  };
  return evaluateBoolean(completionCondition, { lookup: overlay(counters, collected), nowMs: run.nowMs });
}

const noLoop: LoopState = { count: 0, items: [], created: 0, completed: 0, terminated: 0, bytes: 0, outputs: [] };

function goOn(run: Run, body: Seq, node: FlowNode, isDone: boolean): void {
  const { loop, children } = elementIn(run, body);
  const { count, created } = loop ?? noLoop;
  if (isDone) terminateWithin(run, body);
  if (!isDone && loopOf(node).sequential && created < (count ?? 0)) createInner(run, body, node, created + 1);
  else if (isDone || children === 0) schedule(run, body, 'complete');
}

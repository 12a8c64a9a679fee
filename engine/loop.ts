/** Multi-instance activities (BPMN 2.0.2 §13.3.7): a body that holds one inner instance per item of a collection. */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { elementCountOf } from './draft.ts';
import { evaluateAny, evaluateBoolean, evaluateList } from './expression.ts';
import type { ElementInstance, LoopState } from './instance.ts';
import type { Json } from './json.ts';
import { limits } from './limits.ts';
import type { FlowNode, MultiInstance } from './model.ts';
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

export function activateBody(run: Run, { node, element, lookup }: Active<FlowNode>): Result<Commit> {
  const loop = loopOf(node);
  const items = evaluateList(loop.inputCollection, { lookup, nowMs: run.nowMs });
  if (!items.ok) return items;
  const count = items.value.length;
  const active = elementCountOf(run.draft) + (loop.sequential ? 1 : count);
  if (count > limits.multiInstanceItems || active > limits.elementsPerInstance) {
    return fail('LIMIT_EXCEEDED', `${count} items are more than ${limits.multiInstanceItems} or too many at once.`);
  }
  const problem = sizeProblem({ items: items.value }, run.draft.state.variableBytes);
  if (problem !== null) return fail('LIMIT_EXCEEDED', problem);
  return ok(() => {
    const collects = loop.outputCollection !== null;
    emit(run, { type: 'loopStarted', element: element.seq, items: items.value, collects });
    if (count === 0) schedule(run, element.seq, 'complete');
    else if (loop.sequential) createInner(run, element.seq, node, 1);
    else for (let counter = 1; counter <= count; counter++) createInner(run, element.seq, node, counter);
  });
}

function createInner(run: Run, body: Seq, node: FlowNode, loopCounter: number): void {
  const loop = loopOf(node);
  const element = nextSeq(run);
  const { id: elementId, name, type: elementType } = node;
  emit(run, { type: 'elementActivated', element, elementId, elementType, name, scope: body, loopCounter });
  const variables: Record<string, Json> = { loopCounter };
  // the output element is the inner instance's own, so that parallel ones do not overwrite each other (Zeebe)
  const output = outputVariable(loop);
  if (output !== null) variables[output] = null;
  if (loop.inputElement !== null) variables[loop.inputElement] = itemsOf(run, body)[loopCounter - 1] ?? null;
  setLocal(run, element, variables);
  schedule(run, element, 'activate');
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
  const loop = loopOf(inner.node);
  const body = elementIn(run, inner.element.scope);
  const output = prepareOutput(run, loop, inner);
  if (!output.ok) return output;
  const isDone = conditionHolds(run, body, inner, output.value);
  if (!isDone.ok) return isDone;
  return ok({
    collect: () => collect(run, inner.element, output.value),
    goOn: () => goOn(run, body.seq, inner.node, isDone.value),
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

const noLoop: LoopState = { items: [], created: 0, completed: 0, terminated: 0, bytes: 0, outputs: [] };

function goOn(run: Run, body: Seq, node: FlowNode, isDone: boolean): void {
  const { loop, children } = elementIn(run, body);
  const { items, created } = loop ?? noLoop;
  if (isDone) terminateWithin(run, body);
  if (!isDone && loopOf(node).sequential && created < items.length) createInner(run, body, node, created + 1);
  else if (isDone || children === 0) schedule(run, body, 'complete');
}

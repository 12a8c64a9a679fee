/** The life of an element instance, the same for all elements: activate, complete, and what comes after. */
import type { Active, Behavior, Commit, Failure, Move, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import { boundaryCatches, prepareCatches } from './catching.ts';
import type { Seq } from './command.ts';
import { elementCountOf } from './draft.ts';
import { evaluateMappings } from './expression.ts';
import type { IncidentStage } from './fact.ts';
import { leaveScopeWhenEmpty, takeFlow } from './flow.ts';
import { fireInclusiveJoins } from './joins.ts';
import type { ElementInstance } from './instance.ts';
import type { JsonObject } from './json.ts';
import { prepareJobAgain } from './job.ts';
import { limits } from './limits.ts';
import { activateBody, prepareAfterInner } from './loop.ts';
import type { FlowId, FlowNode } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, propagate, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { sizeProblem } from './size.ts';
import { closeCatches, closeIncidents } from './withdraw.ts';
import { overlay } from './variables.ts';
import { prepareCall } from './calling.ts';

/** Makes every move of the agenda, and the inclusive joins that become possible, until nothing moves by itself. */
export function settle(run: Run): void {
  do {
    for (let index = 0; index < run.agenda.length; index++) {
      const move = run.agenda[index];
      if (!move || !run.draft.state.elements[move.element] || run.draft.state.status !== 'active') continue;
      run.moves += 1;
      const failure = circleOf(run, move) ?? makeMove(run, move.element, move.stage);
      if (failure) raise(run, move.element, move.stage, failure);
    }
    run.agenda.length = 0;
  } while (run.draft.state.status === 'active' && fireInclusiveJoins(run));
}

/** Set when the process seems to go round in a circle without ever waiting. */
function circleOf(run: Run, { element, stage }: Move): Failure | null {
  if (run.moves > limits.movesPerStep) {
    return { code: 'LIMIT_EXCEEDED', message: `More than ${limits.movesPerStep} moves without waiting for anything.` };
  }
  const { elementId, scope, loopCounter } = elementIn(run, element);
  if (stage !== 'activate' || loopCounter !== null) return null;
  const place = `${scope}/${elementId}`;
  const visits = (run.visits.get(place) ?? 0) + 1;
  run.visits.set(place, visits);
  if (visits <= limits.visitsPerStep) return null;
  const message = `'${elementId}' was reached more than ${limits.visitsPerStep} times without waiting for anything.`;
  return { code: 'LIMIT_EXCEEDED', message };
}

/** Carries out one stage of one element instance: all of it, or nothing and the failure. */
function makeMove(run: Run, seq: Seq, stage: IncidentStage): Failure | null {
  const prepared = prepareMove(run, seq, stage);
  if (!prepared.ok) return prepared.failure;
  prepared.value();
  return null;
}

function prepareMove(run: Run, seq: Seq, stage: IncidentStage): Result<Commit> {
  if (run.draft.state.nextSeq > limits.sequencePerInstance) {
    return fail('LIMIT_EXCEEDED', `The instance has used up its ${limits.sequencePerInstance} element numbers.`);
  }
  switch (stage) {
    case 'activate':
      return prepareActivation(run, seq);
    case 'trigger':
      return prepareTriggered(run, seq);
    case 'complete':
      return seq === 0 ? ok(() => completeProcess(run)) : prepareCompletion(run, seq);
    case 'job':
      return prepareJobAgain(run, activeOf(run, seq));
    case 'call':
      return prepareCall(run, activeOf(run, seq));
    case 'acknowledge':
      return ok(() => undefined);
  }
}

function activeOf(run: Run, seq: Seq): Active<FlowNode> {
  const element = elementIn(run, seq);
  return { node: nodeOf(run, element.elementId), element, lookup: lookupIn(run, seq) };
}

const behaviorOf = (run: Run, node: FlowNode): Behavior<FlowNode> => run.behaviors[node.type] as Behavior<FlowNode>;

const isInner = (run: Run, element: ElementInstance): boolean =>
  run.draft.state.elements[element.scope]?.type === 'multiInstanceBody';

/** Input mappings, waits of boundary events, then the element's own start. */
function prepareActivation(run: Run, seq: Seq): Result<Commit> {
  const outer = activeOf(run, seq);
  const { node, element } = outer;
  if (element.type === 'multiInstanceBody') {
    const waits = prepareBoundary(run, outer);
    if (!waits.ok) return waits;
    const body = activateBody(run, outer);
    return body.ok ? ok(() => (waits.value(), body.value())) : body;
  }
  const inputs = prepareInputs(run, outer);
  if (!inputs.ok) return inputs;
  const active = { node, element, lookup: overlay(inputs.value, outer.lookup) };
  const waits = isInner(run, element) ? ok(() => undefined) : prepareBoundary(run, active);
  if (!waits.ok) return waits;
  const started = behaviorOf(run, node).activate(run, active);
  if (!started.ok) return started;
  return ok(() => {
    setLocal(run, seq, inputs.value);
    waits.value();
    started.value();
  });
}

/** An event whose trigger has happened: its input mappings, then straight to completion. */
function prepareTriggered(run: Run, seq: Seq): Result<Commit> {
  const inputs = prepareInputs(run, activeOf(run, seq));
  if (!inputs.ok) return inputs;
  return ok(() => {
    setLocal(run, seq, inputs.value);
    schedule(run, seq, 'complete');
  });
}

function prepareInputs(run: Run, { node, lookup }: Active<FlowNode>): Result<JsonObject> {
  if (node.inputs.length === 0) return ok({});
  const inputs = evaluateMappings(node.inputs, { lookup, nowMs: run.nowMs }, false);
  return inputs.ok ? fitting(run, inputs.value) : inputs;
}

function prepareBoundary(run: Run, { node, element, lookup }: Active<FlowNode>): Result<Commit> {
  if (!('boundary' in node) || node.boundary.length === 0) return ok(() => undefined);
  const outer = lookupIn(run, element.scope);
  return prepareCatches(run, boundaryCatches(run, element.seq, node.boundary, { lookup, outer }));
}

/** The variables, unless they are too large to set. `freed`: bytes that go away with the element at the same time. */
function fitting(run: Run, variables: JsonObject, freed = 0): Result<JsonObject> {
  const problem = sizeProblem(variables, run.draft.state.variableBytes - freed);
  return problem === null ? ok(variables) : fail('LIMIT_EXCEEDED', problem);
}

/** Output mappings, conditions of the flows, the loop; then the token leaves. */
function prepareCompletion(run: Run, seq: Seq): Result<Commit> {
  const { node, element, lookup } = activeOf(run, seq);
  const outputs = prepareOutputs(run, element, node);
  if (!outputs.ok) return outputs;
  const active = { node, element, lookup: overlay(outputs.value, lookup) };
  if (isInner(run, element)) {
    const after = prepareAfterInner(run, active);
    if (!after.ok) return after;
    return ok(() => {
      // an inner instance writes from its own scope upwards, so that its output element stays its own (Zeebe)
      propagate(run, seq, outputs.value);
      after.value.collect();
      leave(run, element);
      after.value.goOn();
    });
  }
  const outside = { node, element, lookup: overlay(outputs.value, lookupIn(run, element.scope)) };
  const flows = behaviorOf(run, node).complete(run, outside);
  if (!flows.ok) return flows;
  if (elementCountOf(run.draft) + flows.value.length > limits.elementsPerInstance + 1) {
    return fail('LIMIT_EXCEEDED', `More than ${limits.elementsPerInstance} elements would be active at once.`);
  }
  return ok(() => {
    propagate(run, element.scope, outputs.value);
    leave(run, element);
    moveOn(run, element.scope, flows.value);
  });
}

function prepareOutputs(run: Run, element: ElementInstance, node: FlowNode): Result<JsonObject> {
  if (element.type === 'multiInstanceBody') {
    const name = 'multiInstance' in node ? (node.multiInstance?.outputCollection ?? null) : null;
    return name === null ? ok({}) : fitting(run, { [name]: element.loop?.outputs ?? [] }, element.loop?.bytes);
  }
  if (node.outputs.length === 0) return ok({});
  const outputs = evaluateMappings(node.outputs, { lookup: lookupIn(run, element.seq), nowMs: run.nowMs }, true);
  return outputs.ok ? fitting(run, outputs.value) : outputs;
}

function leave(run: Run, { seq, elementId, type }: ElementInstance): void {
  closeCatches(run, seq);
  emit(run, { type: 'elementCompleted', element: seq, elementId, elementType: type });
}

function moveOn(run: Run, scope: Seq, flows: readonly FlowId[]): void {
  for (const flow of flows) takeFlow(run, flow, scope);
  if (flows.length === 0) leaveScopeWhenEmpty(run, scope);
}

function completeProcess(run: Run): void {
  closeIncidents(run, 0);
  emit(run, { type: 'instanceCompleted', endElements: run.draft.state.endElements });
}

/** The life of an element instance, the same for all elements: activate, complete, and what comes after. */
import { prepareOutput as prepareAdHocOutput, prepareProgress } from './ad-hoc.ts';
import type { Active, Behavior, Commit, Failure, Result } from './behavior.ts';
import { fail, inOrder, nothing, nothingToDo, ok } from './behavior.ts';
import { prepareCall } from './calling.ts';
import { boundaryCatches, prepareCatches } from './catching.ts';
import type { Seq } from './command.ts';
import { progressCompensation, registerCompensation } from './compensation.ts';
import { fireConditions } from './conditions.ts';
import { sizeOf } from './draft.ts';
import { closeEventSubProcesses, eventSubProcessesOf, prepareEventSubProcesses } from './event-sub-process.ts';
import { evaluateMappings } from './expression.ts';
import type { IncidentStage, Move } from './fact.ts';
import { isBody, leaveScopeWhenEmpty, takeFlow } from './flow.ts';
import type { ElementInstance } from './instance.ts';
import { prepareJobAgain } from './job.ts';
import { fireJoins } from './joins.ts';
import type { JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { prepareExecutionListener } from './listeners.ts';
import { activateBody, prepareAfterInner } from './loop.ts';
import type { ElementId, FlowId, FlowNode } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, propagate, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { deliverSignal } from './signals.ts';
import { sizeProblem } from './size.ts';
import { startTokens } from './start.ts';
import { prepareAskAgain } from './user-tasks.ts';
import { overlay } from './variables.ts';
import { closeCatches, closeIncidents } from './withdraw.ts';

/**
 * Makes every move of the agenda, and what becomes possible by them (conditional events, joins), until nothing moves by itself. When that
 * is more than one step may do, the rest is kept for the next.
 */
export function settle(run: Run): void {
  do {
    for (let index = 0; index < run.agenda.length; index++) {
      const move = run.agenda[index];
      if (!move || !run.draft.state.elements[move.element] || run.draft.state.status !== 'active') continue;
      if (run.moves >= limits.movesPerStep) {
        pause(run, run.agenda.slice(index));
        return;
      }
      run.moves += 1;
      const failure = circleOf(run, move) ?? makeMove(run, move.element, move.stage);
      if (failure) raise(run, move.element, move.stage, failure);
    }
    run.agenda.length = 0;
  } while (run.draft.state.status === 'active' && (deliverSignal(run) || fireConditions(run) || fireJoins(run)));
}

/** Leaves the rest for the next step. */
export function pause(run: Run, agenda: readonly Move[]): void {
  run.agenda.length = 0;
  const { elements, conditions } = run.draft.state;
  const visits: Record<string, number> = {};
  for (const [scope, counts] of run.visits) {
    for (const [elementId, count] of counts) {
      if (count >= limits.visitsWorthKeeping) visits[`${scope}/${elementId}`] = count;
    }
  }
  // a condition may have missed the changes so far: it is looked at afresh
  const watched = run.changes.length > 0 || run.freshConditions.size > 0 ? Object.keys(conditions).map(Number) : [];
  emit(run, {
    type: 'stepPaused',
    agenda,
    visits,
    touched: [...(run.touched ?? [])].filter((scope) => elements[scope]),
    conditions: watched,
    signals: run.signals.splice(0),
  });
}

/** How often each element of the scope was reached since the last rest. */
export function visitsIn(run: Run, scope: Seq): Map<ElementId, number> {
  let counts = run.visits.get(scope);
  if (!counts) run.visits.set(scope, (counts = new Map()));
  return counts;
}

/** Set when the process seems to go round in a circle without ever waiting. */
function circleOf(run: Run, { element, stage }: Move): Failure | null {
  if (stage !== 'activate') return null;
  const { elementId, scope } = elementIn(run, element);
  // as many instances as there are items are no circle
  const around = run.draft.state.elements[scope]?.type;
  if (around === 'multiInstanceBody') return null;
  const counts = visitsIn(run, scope);
  const visits = (counts.get(elementId) ?? 0) + 1;
  counts.set(elementId, visits);
  const most = around === 'standardLoopBody' ? limits.roundsPerRest : run.visitsPerRest;
  if (visits <= most) return null;
  const message = `'${elementId}' was reached more than ${most} times without waiting for anything.`;
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
      return seq === 0 ? prepareProcess(run) : prepareActivation(run, seq);
    case 'start':
      return seq === 0 ? prepareProcessStart(run) : prepareStart(run, activeOf(run, seq));
    case 'enter':
      return prepareWaits(run, activeOf(run, seq));
    case 'trigger':
      return prepareTriggered(run, seq);
    case 'complete':
      return seq === 0 ? prepareProcessCompletion(run) : prepareCompletion(run, seq);
    case 'leave':
      return seq === 0 ? ok(() => completeProcess(run)) : prepareLeaving(run, activeOf(run, seq), noVariables);
    case 'progress':
      return prepareNext(run, seq);
    case 'job':
      return prepareJobAgain(run, activeOf(run, seq));
    case 'call':
      return prepareCall(run, activeOf(run, seq));
    case 'acknowledge':
      return nothingToDo;
  }
}

function prepareNext(run: Run, seq: Seq): Result<Commit> {
  switch (elementIn(run, seq).type) {
    case 'compensation':
      return ok(() => progressCompensation(run, seq));
    case 'adHocSubProcess':
      return prepareProgress(run, seq);
    default:
      return prepareAskAgain(run, seq);
  }
}

function activeOf(run: Run, seq: Seq): Active<FlowNode> {
  const element = elementIn(run, seq);
  return { node: nodeOf(run, element.elementId), element, lookup: lookupIn(run, seq) };
}

const behaviorOf = (run: Run, node: FlowNode): Behavior<FlowNode> => run.behaviors[node.type] as Behavior<FlowNode>;

const isInner = (run: Run, element: ElementInstance): boolean => isBody(run.draft.state.elements[element.scope]?.type);

/** Input mappings, listeners, then the element's own start. */
function prepareActivation(run: Run, seq: Seq): Result<Commit> {
  const outer = activeOf(run, seq);
  const { node, element } = outer;
  if (isBody(element.type)) {
    const waits = prepareBoundary(run, outer);
    if (!waits.ok) return waits;
    const body = activateBody(run, outer);
    return body.ok ? ok(() => (waits.value(), body.value())) : body;
  }
  if (node.inputs.length === 0) return prepareExecutionListener(run, outer, 'start') ?? prepareStart(run, outer);
  const inputs = prepareInputs(run, outer);
  if (!inputs.ok) return inputs;
  const active = { node, element, lookup: overlay(inputs.value, outer.lookup) };
  const started = prepareExecutionListener(run, active, 'start') ?? prepareStart(run, active);
  if (!started.ok) return started;
  return ok(() => {
    setLocal(run, seq, inputs.value);
    started.value();
  });
}

/** Its waits, then the element's own start. */
function prepareStart(run: Run, active: Active<FlowNode>): Result<Commit> {
  const waits = prepareWaits(run, active);
  if (!waits.ok) return waits;
  const started = behaviorOf(run, active.node).activate(run, active);
  if (!started.ok) return started;
  return waits.value === nothing ? started : ok(inOrder(waits.value, started.value));
}

/** Those of boundary events, and of event sub-processes within. */
function prepareWaits(run: Run, active: Active<FlowNode>): Result<Commit> {
  const { element, lookup } = active;
  const boundary = isInner(run, element) ? nothingToDo : prepareBoundary(run, active);
  if (!boundary.ok) return boundary;
  const inside = prepareEventSubProcesses(run, element.seq, lookup);
  return inside.ok ? ok(inOrder(boundary.value, inside.value)) : inside;
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

/** Known by its identity: neither to be looked up nor to be set. */
const noVariables: JsonObject = {};
const withoutVariables = ok(noVariables);

function prepareInputs(run: Run, { node, lookup }: Active<FlowNode>): Result<JsonObject> {
  if (node.inputs.length === 0) return withoutVariables;
  const inputs = evaluateMappings(node.inputs, { lookup, nowMs: run.nowMs }, false);
  return inputs.ok ? fitting(run, inputs.value) : inputs;
}

function prepareBoundary(run: Run, { node, element, lookup }: Active<FlowNode>): Result<Commit> {
  if (!('boundary' in node) || node.boundary.length === 0) return nothingToDo;
  const outer = lookupIn(run, element.scope);
  return prepareCatches(run, boundaryCatches(run, element.seq, node.boundary, { lookup, outer }));
}

/** The variables, unless they are too large to set. `freed`: bytes that go away with the element at the same time. */
function fitting(run: Run, variables: JsonObject, freed = 0): Result<JsonObject> {
  const problem = sizeProblem(variables, run.draft.state.variableBytes - freed);
  return problem === null ? ok(variables) : fail('LIMIT_EXCEEDED', problem);
}

/** Output mappings, listeners, conditions of the flows, the loop; then the token leaves. */
function prepareCompletion(run: Run, seq: Seq): Result<Commit> {
  const { node, element, lookup } = activeOf(run, seq);
  const outputs = prepareOutputs(run, element, node);
  if (!outputs.ok) return outputs;
  const active = { node, element, lookup: outputs.value === noVariables ? lookup : overlay(outputs.value, lookup) };
  const listener = isBody(element.type) ? null : prepareExecutionListener(run, active, 'end');
  if (!listener) return prepareLeaving(run, active, outputs.value);
  if (!listener.ok) return listener;
  return ok(() => {
    propagate(run, isInner(run, element) ? seq : element.scope, outputs.value);
    if (eventSubProcessesOf(run, seq).length > 0) closeEventSubProcesses(run, seq, node.id);
    listener.value();
  });
}

/** `outputs`: still to be set. */
function prepareLeaving(run: Run, active: Active<FlowNode>, outputs: JsonObject): Result<Commit> {
  const { node, element } = active;
  if (isInner(run, element)) {
    const after = prepareAfterInner(run, active);
    if (!after.ok) return after;
    return ok(() => {
      // an inner instance writes from its own scope upwards, so that its output element stays its own (Zeebe)
      propagate(run, element.seq, outputs);
      after.value.collect();
      leave(run, element);
      after.value.goOn();
    });
  }
  // a complex gateway's flows see its own phase
  const seen = node.type === 'complexGateway' ? active.lookup : lookupIn(run, element.scope);
  const outside = { node, element, lookup: outputs === noVariables ? seen : overlay(outputs, seen) };
  const flows = behaviorOf(run, node).complete(run, outside);
  if (!flows.ok) return flows;
  const collected = prepareAdHocOutput(run, active, flows.value);
  if (!collected.ok) return collected;
  if (sizeOf(run.draft, 'elements') + flows.value.length > limits.elementsPerInstance + 1) {
    return fail('LIMIT_EXCEEDED', `More than ${limits.elementsPerInstance} elements would be active at once.`);
  }
  return ok(() => {
    propagate(run, element.scope, outputs);
    collected.value();
    leave(run, element);
    moveOn(run, element.scope, flows.value);
  });
}

function prepareOutputs(run: Run, element: ElementInstance, node: FlowNode): Result<JsonObject> {
  const own = collectedBy(element, node);
  if (own === noVariables && node.outputs.length === 0) return withoutVariables;
  if (isBody(element.type) || node.outputs.length === 0) {
    return fitting(run, own, element.loop?.bytes ?? element.detail?.adHoc?.bytes);
  }
  const lookup = overlay(own, lookupIn(run, element.seq));
  const outputs = evaluateMappings(node.outputs, { lookup, nowMs: run.nowMs }, true);
  return outputs.ok ? fitting(run, outputs.value) : outputs;
}

/** The output collection of a multi-instance activity or an ad-hoc sub-process. */
function collectedBy({ type, loop, detail }: ElementInstance, node: FlowNode): JsonObject {
  if (type === 'multiInstanceBody' && 'multiInstance' in node) {
    const name = node.multiInstance?.outputCollection ?? null;
    return name === null ? noVariables : { [name]: loop?.outputs ?? [] };
  }
  if (type !== 'adHocSubProcess' || node.type !== type || node.outputCollection === null) return noVariables;
  return { [node.outputCollection]: detail?.adHoc?.outputs ?? [] };
}

function leave(run: Run, element: ElementInstance): void {
  const { seq, elementId, type } = element;
  closeCatches(run, seq);
  closeIncidents(run, seq);
  registerCompensation(run, elementIn(run, seq));
  emit(run, { type: 'elementCompleted', element: seq, elementId, elementType: type });
}

function moveOn(run: Run, scope: Seq, flows: readonly FlowId[]): void {
  for (const flow of flows) takeFlow(run, flow, scope);
  if (flows.length === 0) leaveScopeWhenEmpty(run, scope);
}

const processOf = (run: Run): Pick<Active<FlowNode>, 'element' | 'lookup'> => ({
  element: elementIn(run, 0),
  lookup: lookupIn(run, 0),
});

/** Listeners of the process, then its own waits and its first tokens. */
function prepareProcess(run: Run): Result<Commit> {
  return prepareExecutionListener(run, processOf(run), 'start') ?? prepareProcessStart(run);
}

function prepareProcessStart(run: Run): Result<Commit> {
  const { held } = run.draft.state;
  const inside = prepareEventSubProcesses(run, 0, lookupIn(run, 0));
  if (!inside.ok || !held) return inside;
  return ok(() => {
    inside.value();
    startTokens(run, held);
  });
}

function prepareProcessCompletion(run: Run): Result<Commit> {
  const listener = prepareExecutionListener(run, processOf(run), 'end');
  if (!listener) return ok(() => completeProcess(run));
  if (!listener.ok) return listener;
  return ok(() => {
    if (run.process.eventSubProcesses.length > 0) closeEventSubProcesses(run, 0, run.process.processId);
    listener.value();
  });
}

function completeProcess(run: Run): void {
  closeCatches(run, 0);
  closeIncidents(run, 0);
  emit(run, { type: 'instanceCompleted', endElements: run.draft.state.endElements });
}

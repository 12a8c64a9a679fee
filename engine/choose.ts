/** Which outgoing flows a token takes. */
import type { Active, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import { evaluateBoolean } from './expression.ts';
import type { FlowId, FlowNode, SequenceFlow } from './model.ts';
import type { Run } from './run.ts';

const yes = ok(true);

function holds(run: Run, active: Active<FlowNode>, flow: SequenceFlow): Result<boolean> {
  if (flow.condition === null) return yes;
  return evaluateBoolean(flow.condition, { lookup: active.lookup, nowMs: run.nowMs });
}

/** BPMN 2.0.2 §13.4.2: the first flow in document order whose condition holds, else the default. */
export function chooseOne(run: Run, active: Active<FlowNode>): Result<readonly FlowId[]> {
  const { node } = active;
  for (const id of node.outgoing) {
    const flow = run.process.flows[id];
    if (!flow || id === node.defaultFlow) continue;
    const held = holds(run, active, flow);
    if (!held.ok) return held;
    if (held.value) return ok([flow.id]);
  }
  return otherwise(node);
}

/**
 * BPMN 2.0.2 §13.4.3 for inclusive gateways, §13.2.1 for conditional flows of any other element: every flow without a condition or
 * whose condition holds, else the default.
 */
export function chooseAll(run: Run, active: Active<FlowNode>): Result<readonly FlowId[]> {
  const { node } = active;
  const chosen = chosenOf(run, active, (flow) => flow.id !== node.defaultFlow);
  return !chosen.ok || chosen.value.length > 0 ? chosen : otherwise(node);
}

/** Every flow whose condition holds; none is an answer too. */
export function chooseConditional(run: Run, active: Active<FlowNode>): Result<readonly FlowId[]> {
  return chosenOf(run, active, (flow) => flow.condition !== null);
}

function chosenOf(
  run: Run,
  active: Active<FlowNode>,
  isAsked: (flow: SequenceFlow) => boolean,
): Result<readonly FlowId[]> {
  const chosen: FlowId[] = [];
  for (const id of active.node.outgoing) {
    const flow = run.process.flows[id];
    if (!flow || !isAsked(flow)) continue;
    const held = holds(run, active, flow);
    if (!held.ok) return held;
    if (held.value) chosen.push(flow.id);
  }
  return ok(chosen);
}

function otherwise(node: FlowNode): Result<readonly FlowId[]> {
  if (node.defaultFlow !== null) return ok([node.defaultFlow]);
  if (node.outgoing.length === 0) return ok([]);
  return fail(
    'CONDITION_ERROR',
    `No outgoing flow of '${node.id}' has a condition that holds, and there is no default flow.`,
  );
}

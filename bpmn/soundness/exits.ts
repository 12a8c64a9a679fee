/** The ways a token may leave an element: BPMN 2.0.2 §13.4 for gateways, §13.3.2 for activities with conditional flows. */
import type { FlowId, FlowNode, ProcessModel, SequenceFlow } from '#engine/model.ts';
import { freeVariables } from '../free-variables.ts';
import { limits } from './limits.ts';
import { truthTable, type TruthTable } from './truth-table.ts';
import { valuesBefore } from './written-values.ts';

export interface Exits {
  /** Each: flows that are taken together; an empty one: the token ends here. */
  readonly ways: readonly (readonly FlowId[])[];
  /** All conditions may be false and there is no default flow: an incident. */
  readonly mayFail: boolean;
  /** Not every combination of flows is listed: there are too many. */
  readonly shortened: boolean;
}

const certain = (ways: readonly (readonly FlowId[])[]): Exits => ({ ways, mayFail: false, shortened: false });

export function exitsOf(model: ProcessModel, node: FlowNode): Exits {
  const flows = node.outgoing.flatMap((id) => model.flows[id] ?? []);
  if (flows.length === 0) return certain([[]]);
  if (node.type === 'eventBasedGateway') return certain(node.outgoing.map((flow) => [flow]));
  if (node.type === 'parallelGateway') return certain([node.outgoing]);
  if (flows.every(({ condition }) => condition === null)) return unconditional(node);
  const conditional = flows.filter(({ id, condition }) => condition !== null && id !== node.defaultFlow);
  const conditions = conditional.flatMap(({ condition }) => condition?.ast ?? []);
  const table = truthTable(conditions, new Map());
  const hasOther = node.defaultFlow !== null || conditional.length < flows.length;
  const read = new Set(conditions.flatMap((condition) => freeVariables(condition)));
  const mayFail =
    !hasOther && leavesOut(table) && leavesOut(truthTable(conditions, valuesBefore(model, node.id, read)));
  return node.type === 'exclusiveGateway'
    ? { ways: exclusive(node, flows, conditional, table), mayFail, shortened: false }
    : { ...inclusive(node, flows, conditional, table), mayFail };
}

/** An exclusive gateway takes one of its flows; any other element takes them all. */
function unconditional(node: FlowNode): Exits {
  if (node.type === 'exclusiveGateway') return certain(node.outgoing.map((flow) => [flow]));
  const always = node.outgoing.filter((flow) => flow !== node.defaultFlow);
  return certain([always.length > 0 ? always : node.outgoing]);
}

/** Whether all conditions may be false at once. */
const leavesOut = (table: TruthTable): boolean => table === null || table.some((row) => !row.includes(true));
/** Whether none or always the same conditions hold: the default flow is taken always, or never. */
const isConstant = (table: TruthTable): boolean => table !== null && table.length === 1;

/**
 * §13.4.2: the first flow whose condition holds, else the default flow. Left out is only what no value at all leads to; that an earlier
 * condition covers a later one is for people to see.
 */
function exclusive(
  { defaultFlow }: FlowNode,
  flows: readonly SequenceFlow[],
  conditional: readonly SequenceFlow[],
  table: TruthTable,
): readonly (readonly FlowId[])[] {
  if (table === null) return flows.map(({ id }) => [id]);
  const always = conditional.findIndex((_, index) => table.every((row) => row[index] === true));
  const possible = conditional.filter(
    (_, index) => (always === -1 || index <= always) && table.some((row) => row[index] === true),
  );
  const taken = new Set(possible.map(({ id }) => id));
  if (always === -1 && defaultFlow !== null) taken.add(defaultFlow);
  const isOpen = ({ id, condition }: SequenceFlow): boolean => condition === null && id !== defaultFlow;
  return flows.filter((flow) => taken.has(flow.id) || isOpen(flow)).map(({ id }) => [id]);
}

/** §13.4.3: every flow whose condition holds, with those that have none; if there is none, the default flow. */
function inclusive(
  { defaultFlow }: FlowNode,
  flows: readonly SequenceFlow[],
  conditional: readonly SequenceFlow[],
  table: TruthTable,
): Pick<Exits, 'ways' | 'shortened'> {
  const always = flows.filter(({ id, condition }) => condition === null && id !== defaultFlow).map(({ id }) => id);
  const shortened = table === null && conditional.length > limits.combinedFlows;
  const rows = table ?? (shortened ? fewRows(conditional.length) : allRows(conditional.length));
  const chosen = rows.map((row) => conditional.filter((_, index) => row[index]).map(({ id }) => id));
  const ways = chosen.map((way) => [...always, ...way]).filter((way) => way.length > 0);
  const alone = ways.length < rows.length || !isConstant(table);
  return { ways: alone && defaultFlow !== null && always.length === 0 ? [...ways, [defaultFlow]] : ways, shortened };
}

const allRows = (length: number): boolean[][] =>
  Array.from({ length: 2 ** length }, (_, bits) => Array.from({ length }, (_, index) => ((bits >> index) & 1) === 1));
/** None, each alone, all. */
const fewRows = (length: number): boolean[][] =>
  Array.from({ length: length + 2 }, (_, row) =>
    Array.from({ length }, (_, index) => row === length + 1 || row === index),
  );

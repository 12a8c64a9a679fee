/**
 * Modification by hand, as in Camunda 8: every instruction is checked against the instance as it is, and all are carried out or none. What
 * is to be activated is activated first, then what is to end is terminated, so that a scope whose last token is moved within it stays. A
 * scope that is left with nothing ends with its last element, up to the instance itself; a called instance is not ended so, its caller is
 * to be modified (all of it Zeebe). Nothing is interrupted by activating an event sub-process; a gateway that is activated lets its token
 * go on without waiting for others.
 *
 * Looping activities: activating one begins its loop anew; an instance of it that is terminated or moved counts as terminated, the others
 * go on; with the last of them the loop ends, without what it had still to do. Moving by element id takes a loop as one token, and every
 * token that waits before a join.
 */
import type { ModifyInstance, ModifyInstruction, Rejection, Seq } from './command.ts';
import { attachedTo, sizeOf } from './draft.ts';
import type { ElementInstance } from './instance.ts';
import { isBody } from './flow.ts';
import type { Asked, CommandOf, Handler } from './handler.ts';
import type { JsonObject } from './json.ts';
import { limits } from './limits.ts';
import type { ElementId, FlowId } from './model.ts';
import {
  activatable,
  activateAll,
  boardOf,
  commonScope,
  found,
  nodeAt,
  placeFor,
  placeWithin,
  problem,
  rootOf,
  scopeNamed,
  whyClosed,
} from './placing.ts';
import type { Activation, Answer, Board, NewScope, Place, PlacedVariables } from './placing.ts';
import { sizeProblem } from './size.ts';
import { activeCounts, addTo, endingOf, isShown, tokensBefore, withdraw } from './withdrawal.ts';
import type { Ending, Withdrawal } from './withdrawal.ts';

type InstructionOf<T extends ModifyInstruction['type']> = Extract<ModifyInstruction, { readonly type: T }>;
type Targeted = Pick<InstructionOf<'activate'>, 'elementId' | 'ancestor' | 'variables'>;

export interface Plan {
  readonly activations: readonly Activation[];
  readonly begun: readonly NewScope[];
  readonly ending: Ending;
}

/** What the instructions come to, gathered one by one. */
interface Draught {
  readonly board: Board;
  readonly activations: Activation[];
  /** Which instruction asked for it. */
  readonly askedBy: number[];
  readonly roots: Seq[];
  readonly tokens: Map<Seq, Record<FlowId, number>>;
  /** Nothing moves to two places. */
  readonly moved: Set<Seq | ElementId>;
}

function planOf(asked: Asked, { instructions }: ModifyInstance): Plan | Rejection {
  if (instructions.length === 0 || instructions.length > limits.modifyInstructions) {
    return refused(null, `A modification has 1 to ${limits.modifyInstructions} instructions.`);
  }
  const board = boardOf(asked);
  const gathered = { activations: [], askedBy: [], roots: [], tokens: new Map(), moved: new Set<Seq | ElementId>() };
  const draught: Draught = { board, ...gathered };
  for (const [index, instruction] of instructions.entries()) {
    const text = gather(draught, instruction);
    if (text !== null) return refused(index, text);
    while (draught.askedBy.length < draught.activations.length) draught.askedBy.push(index);
  }
  const { activations, roots, tokens, askedBy } = draught;
  const ending = endingOf(
    asked,
    { roots, tokens },
    activations.map(({ place }) => place),
  );
  for (const [index, activation] of activations.entries()) {
    const text = placeProblem(asked, activation, ending);
    if (text !== null) return refused(askedBy[index] ?? null, text);
  }
  const held = roots.find((root) => isAwaited(asked, root, ending));
  if (held !== undefined) {
    return refused(null, `Compensation ${held} is waited for: terminate the event or transaction that waits for it.`);
  }
  const plan = { activations, begun: board.begun, ending };
  return crowdProblem(asked, plan) ?? lastProblem(asked, ending) ?? sizeRefusal(asked, activations) ?? plan;
}

const refused = (instruction: number | null, text: string): Rejection =>
  instruction === null
    ? { code: 'invalidModification', message: text }
    : { code: 'invalidModification', message: `Instruction ${instruction}: ${text}`, detail: { instruction } };

/** Adds what the instruction asks for; what is wrong with it, null: nothing. */
function gather(draught: Draught, instruction: ModifyInstruction): string | null {
  switch (instruction.type) {
    case 'activate':
      return place(draught, instruction, 0);
    case 'terminate': {
      const element = activeAt(draught.board, instruction.element);
      if (!element.ok) return element.problem;
      draught.roots.push(instruction.element);
      return null;
    }
    case 'terminateAll':
      return gatherAll(draught, instruction.elementId, () => null);
    case 'move':
      return move(draught, instruction);
  }
}

function move(draught: Draught, { source, targetElementId: elementId, ancestor, variables }: InstructionOf<'move'>) {
  const target = { elementId, ancestor, variables };
  if ('elementId' in source) {
    if (draught.moved.has(source.elementId)) return `'${source.elementId}' is moved already.`;
    draught.moved.add(source.elementId);
    return gatherAll(draught, source.elementId, (seq, scope) => {
      if (seq !== null && isMoved(draught, seq)) return `Element ${seq} is moved already.`;
      return place(draught, target, scope);
    });
  }
  const element = activeAt(draught.board, source.element);
  if (!element.ok) return element.problem;
  if (element.value.type === 'compensation') return `${source.element} is a compensation: there is no token to move.`;
  if (isMoved(draught, source.element)) return `Element ${source.element} is moved already.`;
  draught.roots.push(source.element);
  return place(draught, target, element.value.scope);
}

function isMoved({ moved }: Draught, seq: Seq): boolean {
  if (moved.has(seq)) return true;
  moved.add(seq);
  return false;
}

/** Everything of an element: its instances, a loop as one, and the tokens that wait before it. `then`: what comes of each. */
function gatherAll(
  draught: Draught,
  elementId: ElementId,
  then: (seq: Seq | null, scope: Seq) => string | null,
): string | null {
  const { asked, instances } = draught.board;
  if (!nodeAt(asked.process, elementId)) return `The process has no element '${elementId}'.`;
  const { elements } = asked.draft.state;
  const active = (instances.get(elementId) ?? []).filter(
    ({ type, scope }) => type !== 'compensation' && !isBody(elements[scope]?.type),
  );
  const waiting = tokensBefore(asked, elementId);
  if (active.length === 0 && waiting.size === 0) return `Nothing of '${elementId}' is active.`;
  for (const { seq, scope } of active) {
    draught.roots.push(seq);
    const text = then(seq, scope);
    if (text !== null) return text;
  }
  for (const [scope, flows] of waiting) {
    draught.tokens.set(scope, { ...draught.tokens.get(scope), ...flows });
    for (const count of Object.values(flows)) {
      for (let token = 0; token < count; token++) {
        const text = then(null, scope);
        if (text !== null) return text;
      }
    }
  }
  return null;
}

function activeAt({ asked }: Board, seq: Seq): Answer<ElementInstance> {
  if (seq === 0) return problem('The instance itself is ended by cancelling it.');
  const element = asked.draft.state.elements[seq];
  return element ? found(element) : problem(`Element ${seq} is not active.`);
}

/** `from`: the scope that what is moved comes from; 0: nothing is moved. */
function place(draught: Draught, { elementId, ancestor, variables }: Targeted, from: Seq): string | null {
  const { board, activations } = draught;
  const node = activatable(board.asked.process, elementId);
  if (!node.ok) return node.problem;
  const at =
    ancestor === null
      ? placeFor(board, node.value, commonScope(board, node.value, from))
      : placeWithin(board, node.value, ancestor);
  if (!at.ok) return at.problem;
  const placed: PlacedVariables[] = [];
  for (const { scopeId, variables: values } of variables) {
    const isOwn = scopeId === null || scopeId === elementId;
    const scope = isOwn ? null : scopeNamed(board, at.value, scopeId);
    if (!isOwn && scope === null)
      return `'${scopeId}' is no scope around '${elementId}': set its variables separately.`;
    placed.push({ at: scope, variables: values });
  }
  activations.push({ node: node.value, place: at.value, variables: placed });
  return activations.length > limits.elementsPerInstance ? 'too many elements would be activated.' : null;
}

function placeProblem(asked: Asked, { node, place: at }: Activation, { ended }: Ending): string | null {
  const scope = rootOf(at);
  if (ended.has(scope)) {
    return `'${node.id}' would begin in ${scope}, which is terminated by the same modification: name another \`ancestor\`.`;
  }
  return whyClosed(asked, scope);
}

/** A compensation that something goes on after, which would wait for ever. */
function isAwaited({ draft }: Asked, root: Seq, { ended }: Withdrawal & Ending): boolean {
  const { thrower = null, cancels = null } = draft.state.elements[root]?.detail?.compensation ?? {};
  return cancels === null ? thrower !== null && !ended.has(thrower) : !ended.has(cancels);
}

/** More than may be active at once, in the instance or in an ad-hoc sub-process that does one thing at a time. */
export function crowdProblem(asked: Asked, { activations, begun, ending }: Plan): Rejection | null {
  const { draft, process } = asked;
  if (sizeOf(draft, 'elements') - ending.ended.size + activations.length + begun.length > limits.elementsPerInstance) {
    return { code: 'tooLarge', message: `More than ${limits.elementsPerInstance} elements would be active at once.` };
  }
  const within = new Map<Place, number>();
  for (const { place: at } of activations) within.set(at, (within.get(at) ?? 0) + 1);
  for (const { within: at } of begun) within.set(at, (within.get(at) ?? 0) + 1);
  for (const [at, more] of within) {
    const id = typeof at === 'number' ? (draft.state.elements[at]?.elementId ?? '') : at.node.id;
    const node = nodeAt(process, id);
    if (node?.type !== 'adHocSubProcess' || !node.sequential) continue;
    const children = typeof at === 'number' ? [...attachedTo(draft, at, 'children')] : [];
    if (more + children.filter((child) => !ending.ended.has(child)).length <= 1) continue;
    return refused(null, `'${id}' does one thing at a time: terminate or move what is active in it.`);
  }
  return null;
}

/** Zeebe: a called instance does not end by a modification. */
export function lastProblem({ draft }: Asked, { endsInstance }: Ending): Rejection | null {
  if (!endsInstance || draft.state.parent === null) return null;
  return refused(
    null,
    'Nothing would be left of a called instance: terminate the call activity of its caller instead.',
  );
}

function sizeRefusal({ draft }: Asked, activations: readonly Activation[]): Rejection | null {
  let present = draft.state.variableBytes;
  for (const { variables } of activations.flatMap((activation) => activation.variables)) {
    const text = sizeProblem(variables, present);
    if (text !== null) return { code: 'tooLarge', message: text };
    present += JSON.stringify(variables).length;
  }
  return null;
}

/** What is active before and after, by element id: what the instructions themselves change, not what comes of it. */
export function changeOf(
  asked: Asked,
  { activations, begun, ending }: Plan,
): { before: JsonObject; after: JsonObject } {
  const counts = activeCounts(asked);
  const before = shown(counts);
  const { elements } = asked.draft.state;
  for (const seq of ending.ended) {
    const element = elements[seq];
    if (element && isShown(element)) addTo(counts, element.elementId, -1);
    for (const [flow, count] of Object.entries(element?.waitingTokens ?? {})) {
      addTo(counts, asked.process.flows[flow]?.target ?? '', -count);
    }
  }
  for (const [scope, flows] of ending.tokens) {
    if (ending.ended.has(scope)) continue;
    for (const [flow, count] of Object.entries(flows)) addTo(counts, asked.process.flows[flow]?.target ?? '', -count);
  }
  for (const { node } of [...begun, ...activations]) addTo(counts, node.id, 1);
  return { before, after: shown(counts) };
}

const shown = (counts: ReadonlyMap<ElementId, number>): JsonObject => ({
  active: Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
});

const isPlan = (plan: Plan | Rejection): plan is Plan => 'ending' in plan;

export const modifyInstance: Handler<CommandOf<'modifyInstance'>> = {
  refuse: (asked, command) => {
    const plan = planOf(asked, command);
    return isPlan(plan) ? null : plan;
  },
  begin: (run, command) => {
    const { process, draft, actor } = run;
    const plan = planOf({ process, draft, actor }, command);
    if (!isPlan(plan)) return;
    activateAll(run, plan.activations);
    withdraw(run, plan.ending, 'A modification has left nothing to do.');
  },
  change: (asked, command) => {
    const plan = planOf(asked, command);
    return isPlan(plan) ? changeOf(asked, plan) : { before: {}, after: {} };
  },
};

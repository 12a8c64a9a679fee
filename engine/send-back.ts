/**
 * A case goes back to an earlier element of an active scope, with its variables as they are. Everything in that scope that comes after the
 * element (reach.ts) is withdrawn: what is active, with all that it waits for and all within it, and tokens before joins. Then the element
 * begins anew. What runs beside it, on branches that do not come after it, goes on. The element itself may be what is active.
 *
 * With `from` only what belongs to the same pass as `from` is withdrawn: `from` itself, and whatever a split after the element (a parallel,
 * inclusive or complex gateway, several flows out of a task, a non-interrupting boundary event) can have let off together with it. Only
 * tokens that must have come from another pass, such as those of a merge without synchronisation, stay.
 *
 * A join that had taken the token of a branch beside the element gets it back (rejoin.ts): the case would wait there for ever otherwise.
 *
 * Separation of duties: who completed the element or what comes after it is forgotten, since that work does not stand any more. Whoever
 * does the returned work now is the one whom the check after it must differ from. Nothing is forgotten where it could be the work of
 * another pass: when the scope is active more than once, or when some of what comes after the element stays.
 */
import { tokensOn } from './apply.ts';
import type { Rejection, SendBack, Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import type { Asked, CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';
import type { ElementId, FlowId, FlowNode, ProcessModel } from './model.ts';
import { changeOf, crowdProblem } from './modify.ts';
import type { Plan } from './modify.ts';
import { activatable, activateAll, boardOf, found, nodeAt, problem, whyClosed } from './placing.ts';
import type { Answer, Board } from './placing.ts';
import { reachableFrom, waysFrom } from './reach.ts';
import { giveBack, rejoiningOf } from './rejoin.ts';
import type { Holding, Rejoining } from './rejoin.ts';
import { emit } from './run.ts';
import { endingOf, withdraw } from './withdrawal.ts';

interface Return extends Plan {
  readonly scope: Seq;
  readonly forgotten: readonly ElementId[];
  readonly rejoining: readonly Rejoining[];
}

function planOf(asked: Asked, { to, from }: SendBack): Answer<Return> {
  const node = activatable(asked.process, to);
  if (!node.ok) return node;
  const board = boardOf(asked);
  const after = reachableFrom(asked.process, [to]);
  const scope = scopeOf(board, node.value, from, after);
  if (!scope.ok) return scope;
  const closed = whyNotBack(asked, scope.value);
  if (closed !== null) return problem(closed);
  const holdings = holdingsIn(asked, scope.value);
  const later = holdings.filter(({ at }) => after.has(at));
  const withdrawn = from === null ? found(later) : samePass(asked, { later, after, scope: scope.value, from });
  if (!withdrawn.ok) return withdrawn;
  if (withdrawn.value.length === 0) return problem(`Nothing that comes after '${to}' is active.`);
  const rejoining = rejoiningOf(asked, { scope: scope.value, holdings, withdrawn: withdrawn.value, after });
  const gone = [...withdrawn.value, ...rejoining.flatMap(({ pooled }) => pooled)];
  const ending = endingOf(asked, withdrawalOf(asked, gone, scope.value), [scope.value]);
  const isWhole = withdrawn.value.length === later.length && !isRepeated(board, node.value);
  return found({
    activations: [{ node: node.value, place: scope.value, variables: [] }],
    begun: [],
    ending,
    scope: scope.value,
    forgotten: isWhole ? forgottenOf(asked, after) : [],
    rejoining,
  });
}

/** The scope in which the element begins anew. */
function scopeOf(board: Board, to: FlowNode, from: Seq | null, after: ReadonlySet<ElementId>): Answer<Seq> {
  const { asked } = board;
  const { elements } = asked.draft.state;
  const scopes = scopesFor(board, to);
  if (from !== null) {
    const element = elements[from];
    if (!element || from === 0) return problem(`Element ${from} is not active.`);
    for (let at = element.scope; ; at = elements[at]?.scope ?? 0) {
      if (scopes.includes(at)) return found(at);
      if (at === 0) return problem(`'${to.id}' lies in no scope around element ${from}.`);
    }
  }
  const [only, other] = scopes;
  if (only === undefined) return problem(`'${to.parent}', where '${to.id}' lies, is not active: activate '${to.id}'.`);
  if (other === undefined) return found(only);
  const [fitting, another] = scopes.filter((scope) => holdingsIn(asked, scope).some(({ at }) => after.has(at)));
  if (fitting !== undefined && another === undefined) return found(fitting);
  return problem(`'${to.parent}' is active ${scopes.length} times: say what is sent back as \`from\`.`);
}

function scopesFor({ asked, instances }: Board, { parent }: FlowNode): Seq[] {
  if (parent === null) return [0];
  const type = nodeAt(asked.process, parent)?.type;
  return (instances.get(parent) ?? []).filter((one) => one.type === type).map(({ seq }) => seq);
}

const isRepeated = (board: Board, to: FlowNode): boolean => scopesFor(board, to).length > 1;

function whyNotBack(asked: Asked, scope: Seq): string | null {
  const closed = whyClosed(asked, scope);
  if (closed !== null || !asked.draft.state.elements[scope]?.detail?.interrupted) return closed;
  return 'An event has ended the normal flow of this scope: activate by a modification what is to begin again.';
}

/** What has a token directly in the scope. */
function holdingsIn({ process, draft }: Asked, scope: Seq): Holding[] {
  const holdings: Holding[] = [];
  for (const element of attachedTo(draft, scope, 'children')) {
    const { elementId: at = '', type } = draft.state.elements[element] ?? {};
    // it ends with the event that waits for it
    if (type !== 'compensation') holdings.push({ at, element, flow: null });
  }
  for (const flow of Object.keys(draft.state.elements[scope]?.waitingTokens ?? {})) {
    holdings.push({ at: process.flows[flow]?.source ?? '', element: null, flow });
  }
  return holdings;
}

interface Pass {
  readonly later: readonly Holding[];
  readonly after: ReadonlySet<ElementId>;
  readonly scope: Seq;
  readonly from: Seq;
}

function samePass({ process, draft }: Asked, { later, after, scope, from }: Pass): Answer<Holding[]> {
  const { elements } = draft.state;
  let origin = from;
  for (let up = elements[from]?.scope; up !== undefined && up !== scope; up = elements[up]?.scope) origin = up;
  const source = later.find(({ element }) => element === origin);
  if (!source) return problem(`Element ${from} does not come after the one that it is sent back to.`);
  return found(later.filter((one) => one === source || areSiblings(process, after, one, source)));
}

/** Whether a split can have let off both. */
function areSiblings(process: ProcessModel, after: ReadonlySet<ElementId>, one: Holding, other: Holding): boolean {
  for (const id of after) {
    const branches = branchesOf(process, id);
    if (branches.length < 2) continue;
    const [ones, others] = [one, other].map((holding) => branches.map((branch) => branch(holding)));
    const pairs = ones?.some((isOne, i) => isOne && others?.some((isOther, j) => isOther && i !== j));
    if (pairs) return true;
  }
  return false;
}

/** What each of the tokens that leave a split together can be at. */
function branchesOf(process: ProcessModel, elementId: ElementId): ((holding: Holding) => boolean)[] {
  const node = nodeAt(process, elementId);
  if (!node || node.type === 'exclusiveGateway' || node.type === 'eventBasedGateway') return [];
  const boundary = 'boundary' in node ? node.boundary.map((id) => nodeAt(process, id)) : [];
  const runsBeside = boundary.some((event) => event?.type === 'boundaryEvent' && !event.interrupting);
  const branches = waysFrom(process, elementId)
    .filter(({ flow }) => flow !== null || runsBeside)
    .map(({ flow, to }) => {
      const reached = reachableFrom(process, [to]);
      return (holding: Holding) => (flow !== null && holding.flow === flow) || reached.has(holding.at);
    });
  return runsBeside ? [...branches, ({ at }) => at === elementId] : branches;
}

function withdrawalOf({ draft }: Asked, holdings: readonly Holding[], scope: Seq) {
  const flows: Record<FlowId, number> = {};
  for (const { flow } of holdings) {
    const element = draft.state.elements[scope];
    if (flow !== null && element) flows[flow] = tokensOn(element, flow);
  }
  const roots = holdings.flatMap(({ element }) => element ?? []);
  return { roots, tokens: new Map(Object.keys(flows).length > 0 ? [[scope, flows]] : []) };
}

/** User tasks among what comes after, or within it, that somebody has completed. */
function forgottenOf({ process, draft }: Asked, after: ReadonlySet<ElementId>): ElementId[] {
  return Object.keys(draft.state.completedBy).filter((elementId) => {
    for (let at: ElementId | null = elementId; at !== null; at = nodeAt(process, at)?.parent ?? null) {
      if (after.has(at)) return true;
    }
    return false;
  });
}

export const sendBack: Handler<CommandOf<'sendBack'>> = {
  refuse: (asked, command): Rejection | null => {
    const plan = planOf(asked, command);
    return plan.ok ? crowdProblem(asked, plan.value) : reject('invalidModification', plan.problem);
  },
  begin: (run, command) => {
    const { process, draft, actor } = run;
    const plan = planOf({ process, draft, actor }, command);
    if (!plan.ok) return;
    const { scope, forgotten, activations, ending, rejoining } = plan.value;
    emit(run, { type: 'sentBack', to: command.to, scope, forgotten });
    activateAll(run, activations);
    withdraw(run, ending, '');
    for (const join of rejoining) giveBack(run, scope, join);
  },
  change: (asked, command) => {
    const plan = planOf(asked, command);
    return plan.ok ? changeOf(asked, plan.value) : { before: {}, after: {} };
  },
};

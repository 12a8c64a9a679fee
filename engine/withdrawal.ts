/**
 * What is taken away by hand: element instances and tokens before joins. A scope that is left with nothing ends with it (Zeebe); where
 * something decides what comes next (an ad-hoc sub-process that people choose in, a compensation) that decides.
 */
import { tokensOn } from './apply.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Asked } from './handler.ts';
import type { ElementInstance } from './instance.ts';
import type { ElementId, FlowId, ProcessModel } from './model.ts';
import type { Place } from './placing.ts';
import { nodeAt, rootOf } from './placing.ts';
import { emit, schedule } from './run.ts';
import type { Run } from './run.ts';
import { allWithin, endInstance, terminate } from './terminate.ts';

export interface Withdrawal {
  /** Element instances to terminate, with all within. */
  readonly roots: readonly Seq[];
  /** Tokens before joins, by scope. */
  readonly tokens: ReadonlyMap<Seq, Readonly<Record<FlowId, number>>>;
}

export interface Ending extends Withdrawal {
  /** All that ends: the roots, what is within them, and the scopes that nothing is left in. */
  readonly ended: ReadonlySet<Seq>;
  /** Scopes that nothing is left in, inner before outer. */
  readonly emptied: readonly Seq[];
  /** Scopes that look at what comes next. */
  readonly progressing: readonly Seq[];
  /** Nothing is left in the process. */
  readonly endsInstance: boolean;
}

/** What the withdrawal comes to. `places`: where the same command activates something. */
export function endingOf({ process, draft }: Asked, withdrawal: Withdrawal, places: readonly Place[]): Ending {
  const ended = new Set<Seq>();
  const roots = withCompensations(draft, withdrawal.roots, ended);
  const kept = new Set(places.map(rootOf));
  const emptied: Seq[] = [];
  const progressing = new Set<Seq>();
  let endsInstance = false;
  const open = [...roots.map((seq) => draft.state.elements[seq]?.scope ?? 0), ...withdrawal.tokens.keys()];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    const element = draft.state.elements[scope];
    if (!element || ended.has(scope) || kept.has(scope) || isInUse(draft, element, ended, withdrawal)) continue;
    if (looksFurther(process, element)) progressing.add(scope);
    else if (scope === 0) endsInstance = true;
    else {
      ended.add(scope);
      emptied.push(scope);
      open.push(element.scope);
    }
  }
  return { roots, tokens: withdrawal.tokens, ended, emptied, progressing: [...progressing], endsInstance };
}

/** With a throw event that waits for it ends the compensation itself; what that has not undone yet another can undo. */
function withCompensations(draft: Draft, given: readonly Seq[], ended: Set<Seq>): Seq[] {
  const roots: Seq[] = [];
  const open = [...given].toReversed();
  for (let root = open.pop(); root !== undefined; root = open.pop()) {
    if (ended.has(root)) continue;
    roots.push(root);
    for (const seq of allWithin(draft, root)) {
      ended.add(seq);
      const scope = draft.state.elements[seq]?.scope ?? 0;
      for (const beside of attachedTo(draft, scope, 'children')) {
        if (draft.state.elements[beside]?.detail?.compensation?.thrower === seq) open.push(beside);
      }
    }
  }
  return roots;
}

function isInUse(draft: Draft, element: ElementInstance, ended: ReadonlySet<Seq>, { tokens }: Withdrawal): boolean {
  for (const child of attachedTo(draft, element.seq, 'children')) if (!ended.has(child)) return true;
  const taken = tokens.get(element.seq) ?? {};
  return Object.keys(element.waitingTokens).some((flow) => tokensOn(element, flow) > (taken[flow] ?? 0));
}

function looksFurther(process: ProcessModel, { type, elementId, detail }: ElementInstance): boolean {
  if (type === 'compensation') return true;
  const node = nodeAt(process, elementId);
  if (type !== 'adHocSubProcess' || node?.type !== type) return false;
  const { chosen = [], closed = false } = detail?.adHoc ?? {};
  return closed || chosen.length > 0 || node.completionCondition !== null;
}

/** The tokens that wait before a join, in every scope. */
export function tokensBefore({ process, draft }: Asked, elementId: ElementId): Map<Seq, Record<FlowId, number>> {
  const waiting = new Map<Seq, Record<FlowId, number>>();
  const incoming = nodeAt(process, elementId)?.incoming ?? [];
  for (const scope of Object.values(draft.state.elements)) {
    const flows = incoming.map((flow) => [flow, tokensOn(scope, flow)] as const).filter(([, count]) => count > 0);
    if (flows.length > 0) waiting.set(scope.seq, Object.fromEntries(flows));
  }
  return waiting;
}

/** Takes it away; comes after what the same command activates. `reason`: why the instance ends when nothing is left. */
export function withdraw(
  run: Run,
  { roots, tokens, emptied, progressing, endsInstance }: Ending,
  reason: string,
): void {
  for (const [scope, flows] of tokens) emit(run, { type: 'tokensConsumed', scope, flows });
  for (const root of roots) if (run.draft.state.elements[root]) terminate(run, root);
  for (const scope of emptied) if (run.draft.state.elements[scope]) terminate(run, scope);
  for (const scope of progressing) if (run.draft.state.elements[scope]) schedule(run, scope, 'progress');
  if (endsInstance) endInstance(run, reason);
}

/** How often each element is active, tokens before joins included: what people see of a case. */
export function activeCounts({ process, draft }: Asked): Map<ElementId, number> {
  const counts = new Map<ElementId, number>();
  for (const element of Object.values(draft.state.elements)) {
    if (isShown(element)) addTo(counts, element.elementId, 1);
    for (const flow of Object.keys(element.waitingTokens)) {
      addTo(counts, process.flows[flow]?.target ?? '', tokensOn(element, flow));
    }
  }
  return counts;
}

export function addTo(counts: Map<ElementId, number>, elementId: ElementId, more: number): void {
  const count = (counts.get(elementId) ?? 0) + more;
  if (count > 0) counts.set(elementId, count);
  else counts.delete(elementId);
}

/** Bodies of loops, compensations and the process itself are no elements of the diagram that are active. */
export const isShown = ({ seq, type }: ElementInstance): boolean =>
  seq !== 0 && type !== 'multiInstanceBody' && type !== 'standardLoopBody' && type !== 'compensation';

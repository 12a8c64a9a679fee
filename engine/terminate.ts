/** Ends element instances before their time: innermost first, each with all it waits for. */
import type { Active, Behavior } from './behavior.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import type { Draft } from './draft.ts';
import { cancelJobs } from './job.ts';
import { closeCatches, closeIncidents } from './withdraw.ts';
import { hasAny } from './json.ts';
import type { FlowNode } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf } from './run.ts';
import type { Run } from './run.ts';

/** Terminates the element instance and everything within it. */
export function terminate(run: Run, root: Seq): void {
  for (const seq of allWithin(run.draft, root).toReversed()) terminateOne(run, seq);
}

/** Terminates everything within the scope but `except`; the scope itself stays. */
export function terminateWithin(run: Run, scope: Seq, except: Seq | null = null): void {
  for (const seq of attachedTo(run.draft, scope, 'children')) {
    if (seq !== except) terminate(run, seq);
  }
  // tokens before joins die with their scope's other tokens
  const { waitingTokens } = elementIn(run, scope);
  if (hasAny(waitingTokens)) emit(run, { type: 'tokensConsumed', scope, flows: { ...waitingTokens } });
}

/** The element instance and all within, outer before inner. */
export function allWithin(draft: Draft, root: Seq): Seq[] {
  const found = [root];
  for (let index = 0; index < found.length; index++) {
    const seq = found[index];
    if (seq === undefined) break;
    for (const child of attachedTo(draft, seq, 'children')) found.push(child);
  }
  return found;
}

/** The instance ends with everything in it. */
export function endInstance(run: Run, reason: string): void {
  terminateWithin(run, 0);
  cancelJobs(run, 0);
  closeCatches(run, 0);
  closeIncidents(run, 0);
  emit(run, { type: 'instanceTerminated', reason });
}

function terminateOne(run: Run, seq: Seq): void {
  const element = elementIn(run, seq);
  // what is undone may be the process, which is no node
  const node = element.type === 'compensation' ? null : nodeOf(run, element.elementId);
  cancelJobs(run, seq);
  if (node && element.type === node.type) {
    const active: Active<FlowNode> = { node, element, lookup: lookupIn(run, seq) };
    (run.behaviors[node.type] as Behavior<FlowNode>).terminate(run, active);
  }
  closeCatches(run, seq);
  closeIncidents(run, seq);
  emit(run, { type: 'elementTerminated', element: seq, elementId: element.elementId, elementType: element.type });
}

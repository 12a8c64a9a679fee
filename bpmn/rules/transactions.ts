import type { FlowNode } from '#engine/model.ts';
import type { Rule, RuleContext } from '../context.ts';

const cancels = (node: FlowNode): boolean =>
  node.type === 'endEvent' && node.results.some((result) => result.type === 'cancel');

/** The transaction that a cancel end event cancels, at any depth; null: none is around it. */
function transactionAround(node: FlowNode, nodes: RuleContext['nodes']): string | null {
  for (let at = node.parent; at !== null; at = nodes[at]?.parent ?? null) {
    if (nodes[at]?.type === 'transaction') return at;
  }
  return null;
}

/** BPMN 2.0.2 §10.3.5, §10.5.3: cancel events belong to transactions. */
export const transactions: Rule = ({ nodes, log }) => {
  const cancelled = new Set<string>();
  const caught = new Set<string>();
  for (const node of Object.values(nodes)) {
    if (node.type === 'boundaryEvent' && node.trigger.type === 'cancel') {
      if (nodes[node.attachedTo]?.type === 'transaction') caught.add(node.attachedTo);
      else log.add('CANCEL_BOUNDARY', node.id);
    }
    if (!cancels(node)) continue;
    const transaction = transactionAround(node, nodes);
    if (transaction === null) log.add('CANCEL_OUTSIDE', node.id);
    else cancelled.add(transaction);
  }
  for (const id of cancelled) if (!caught.has(id)) log.add('CANCEL_UNCAUGHT', id);
};

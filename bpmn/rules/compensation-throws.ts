import type { FlowNode } from '#engine/model.ts';
import type { Rule, RuleContext } from '../context.ts';

/** Scopes whose activities a compensation event can name: its own, and the one that an event sub-process around it belongs to. */
function visibleScopes(node: FlowNode, nodes: RuleContext['nodes']): readonly (string | null)[] {
  const scopes: (string | null)[] = [node.parent];
  for (let at = node.parent; at !== null;) {
    const scope: FlowNode | undefined = nodes[at];
    if (scope?.type !== 'eventSubProcess') break;
    scopes.push(scope.parent);
    at = scope.parent;
  }
  return scopes;
}

/** Sub-processes are undone by what was completed inside; anything else by its handler. */
function canBeUndone(activity: FlowNode, nodes: RuleContext['nodes']): boolean {
  if (['subProcess', 'transaction', 'adHocSubProcess'].includes(activity.type)) return true;
  return (
    'boundary' in activity &&
    activity.boundary.some((id) => {
      const event = nodes[id];
      return event?.type === 'boundaryEvent' && event.handler !== null;
    })
  );
}

/** BPMN 2.0.2 §10.5.5, §10.7.1: the activity that a compensation event names is visible from it and can be undone. */
export const compensationThrows: Rule = ({ nodes, log }) => {
  for (const node of Object.values(nodes)) {
    if (node.type !== 'intermediateThrowEvent' && node.type !== 'endEvent') continue;
    for (const result of node.results) {
      if (result.type !== 'compensation' || result.activity === null) continue;
      const activity = nodes[result.activity];
      const visible = activity !== undefined && visibleScopes(node, nodes).includes(activity.parent);
      if (!visible) log.add('COMPENSATION_TARGET_HIDDEN', node.id, { activity: result.activity });
      else if (!canBeUndone(activity, nodes))
        log.add('COMPENSATION_TARGET_FINAL', node.id, { activity: result.activity });
    }
  }
};

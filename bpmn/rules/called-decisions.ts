import type { Rule } from '../context.ts';
import { boundDecisionId } from '#engine/decisions.ts';
import { literal } from '../expression.ts';
import { extension, filled } from '../moddle.ts';

/** zeebe:calledDecision names a decision that is known; with bindingType deployment it must come in the same deployment. */
export const calledDecisions: Rule = ({ graph, nodes, log, decisions, boundDecisionIds }) => {
  for (const node of Object.values(nodes)) {
    if (node.type !== 'businessRuleTask' || node.rule.kind !== 'decision') continue;
    const id = literal(node.rule.decisionId);
    const decision = id === null ? null : boundDecisionId(id, node.rule.versionTag);
    const element = graph.nodes.get(node.id)?.element;
    const definition = element === undefined ? null : extension(element, 'zeebe:CalledDecision');
    const bound = definition !== null && filled(definition, 'bindingType') === 'deployment';
    if (decision === null || (bound ? boundDecisionIds.has(decision) : Object.hasOwn(decisions, decision))) continue;
    log.add(bound ? 'DECISION_NOT_IN_DEPLOYMENT' : 'DECISION_NOT_FOUND', node.id, { decision });
  }
};

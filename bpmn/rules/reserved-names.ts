import type { FlowNode, JobDefinition } from '#engine/model.ts';
import type { Rule } from '../context.ts';

/** Prefix of the engine's own workflow types and Activities: a process or a job of that name would meet them. */
const reserved = 'alur.';

function jobOf(node: FlowNode): JobDefinition | null {
  switch (node.type) {
    case 'serviceTask':
      return node.job;
    case 'businessRuleTask':
      return node.rule.kind === 'job' ? node.rule.job : null;
    case 'scriptTask':
      return node.script.kind === 'job' ? node.script.job : null;
    case 'sendTask':
      return node.send.kind === 'job' ? node.send.job : null;
    case 'intermediateThrowEvent':
      return node.send?.kind === 'job' ? node.send.job : null;
    case 'endEvent':
      return node.result.type === 'message' && node.result.send.kind === 'job' ? node.result.send.job : null;
    default:
      return null;
  }
}

/** Names that belong to the engine are refused here; a job type that is computed and turns out to be one is an incident. */
export const reservedNames: Rule = ({ graph, nodes, log }) => {
  if (graph.processId.startsWith(reserved)) log.add('RESERVED_NAME', graph.processId, { name: graph.processId });
  for (const node of Object.values(nodes)) {
    const type = jobOf(node)?.type;
    if (type?.kind !== 'static' || typeof type.value !== 'string' || !type.value.startsWith(reserved)) continue;
    log.add('RESERVED_NAME', node.id, { name: type.value });
  }
};

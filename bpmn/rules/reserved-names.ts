import type { FlowNode, JobDefinition, SendDefinition } from '#engine/model.ts';
import type { Rule } from '../context.ts';

/** Prefix of the engine's own workflow types and Activities: a process or a job of that name would meet them. */
const reserved = 'alur.';

const sent = (send: SendDefinition): readonly JobDefinition[] => (send.kind === 'job' ? [send.job] : []);

function workOf(node: FlowNode): readonly JobDefinition[] {
  switch (node.type) {
    case 'serviceTask':
      return [node.job];
    case 'businessRuleTask':
      return node.rule.kind === 'job' ? [node.rule.job] : [];
    case 'scriptTask':
      return node.script.kind === 'job' ? [node.script.job] : [];
    case 'sendTask':
      return sent(node.send);
    case 'intermediateThrowEvent':
    case 'endEvent':
      return node.results.flatMap((result) => (result.type === 'message' ? sent(result.send) : []));
    case 'userTask':
      return node.taskListeners.map((listener) => listener.job);
    default:
      return [];
  }
}

/** Names that belong to the engine are refused here; a job type that is computed and turns out to be one is an incident. */
export const reservedNames: Rule = ({ graph, nodes, log }) => {
  if (graph.processId.startsWith(reserved)) log.add('RESERVED_NAME', graph.processId, { name: graph.processId });
  for (const node of Object.values(nodes)) {
    for (const { type } of [...workOf(node), ...node.listeners.map((listener) => listener.job)]) {
      if (type.kind !== 'static' || typeof type.value !== 'string' || !type.value.startsWith(reserved)) continue;
      log.add('RESERVED_NAME', node.id, { name: type.value });
    }
  }
};

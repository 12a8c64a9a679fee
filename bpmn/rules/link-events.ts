import type { Rule } from '../context.ts';
import type { GraphNode } from '../graph.ts';
import { areLinked, isLinkCatch, isLinkThrow, linkOf } from '../links.ts';
import { nameOf } from '../moddle.ts';

function linkName(node: GraphNode): string | null {
  const link = linkOf(node);
  return link === null ? null : nameOf(link);
}

/** BPMN 2.0.2 §10.5.5: link events come in pairs of one scope; many may lead to one, one leads to one. */
export const linkEvents: Rule = ({ graph, log }) => {
  const nodes = [...graph.nodes.values()];
  const [throws, catches] = [nodes.filter(isLinkThrow), nodes.filter(isLinkCatch)];
  for (const node of [...throws, ...catches]) {
    if (linkName(node) === null) log.add('LINK_NAME_MISSING', node.id);
    const flows = isLinkThrow(node) ? node.outgoing : node.incoming;
    if (flows.some((flow) => !flow.link)) log.add('LINK_FLOWS', node.id);
  }
  for (const node of throws) {
    if (catches.some((candidate) => areLinked(node, candidate))) continue;
    const name = linkName(node) ?? '';
    const elsewhere = catches.find((candidate) => linkName(candidate) === name);
    if (elsewhere === undefined) log.add('LINK_CATCH_MISSING', node.id, { name });
    else log.add('LINK_CROSSES', node.id, { name, target: elsewhere.id });
  }
  for (const node of catches) {
    const name = linkName(node) ?? '';
    const first = catches.find((other) => other.parent === node.parent && linkName(other) === name);
    if (name !== '' && first !== node) log.add('LINK_CATCH_DUPLICATE', node.id, { name });
    else if (!throws.some((candidate) => areLinked(candidate, node))) log.add('LINK_THROW_MISSING', node.id, { name });
  }
};

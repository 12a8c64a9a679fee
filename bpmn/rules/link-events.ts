import type { Rule } from '../context.ts';
import { isLinkCatch, isLinkThrow, linkNameOf, linkPlaceOf } from '../links.ts';

/** BPMN 2.0.2 §10.5.5: link events come in pairs of one scope; many may lead to one, one leads to one. */
export const linkEvents: Rule = ({ graph, log }) => {
  const nodes = [...graph.nodes.values()];
  const [throws, catches] = [nodes.filter(isLinkThrow), nodes.filter(isLinkCatch)];
  const byName = new Map(catches.map((node) => [linkNameOf(node), node]));
  for (const node of [...throws, ...catches]) {
    if (linkNameOf(node) === null) log.add('LINK_NAME_MISSING', node.id);
    const flows = isLinkThrow(node) ? node.outgoing : node.incoming;
    if (flows.some((flow) => !flow.link)) log.add('LINK_FLOWS', node.id);
  }
  for (const node of throws) {
    if (node.outgoing.some((flow) => flow.link)) continue;
    const name = linkNameOf(node);
    const elsewhere = name === null ? undefined : byName.get(name);
    if (elsewhere === undefined) log.add('LINK_CATCH_MISSING', node.id, { name: name ?? '' });
    else log.add('LINK_CROSSES', node.id, { name: name ?? '', target: elsewhere.id });
  }
  const places = new Set<string>();
  for (const node of catches) {
    const [name, place] = [linkNameOf(node), linkPlaceOf(node)];
    if (name !== null && places.has(place)) log.add('LINK_CATCH_DUPLICATE', node.id, { name });
    else if (!node.incoming.some((flow) => flow.link)) log.add('LINK_THROW_MISSING', node.id, { name: name ?? '' });
    places.add(place);
  }
};

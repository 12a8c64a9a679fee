/** Where a token that waits before a join waits in the target. */
import { isJoin } from '../flow.ts';
import { sourcesOf } from '../joins.ts';
import type { FlowId, FlowNode, SequenceFlow } from '../model.ts';
import type { Images } from './images.ts';
import type { Models, PlannedTokens } from './plan.ts';

type Destination = PlannedTokens['to'];

/**
 * By the mapping of the flow itself; else before the same join: on the flow of the same id, the flow from the same element, the only one
 * that its source leads to, the only one that no other flow stands for. Where the join has gone, the token goes on. null: it has no place.
 */
export function flowFor(models: Models, images: Images, flow: FlowId): Destination | null {
  const { source, target } = models;
  const explicit = target.flows[images.mapped(flow) ?? ''];
  if (explicit) return by(models, explicit);
  const before = source.flows[flow];
  const gateway = before && images.node(before.target);
  if (!before || !gateway) {
    const same = target.flows[flow];
    return same ? by(models, same) : null;
  }
  if (!isJoin(gateway)) return { type: 'goesOn', elementId: gateway.id };
  const found = matching(models, images, before, gateway);
  return found === null ? null : { type: 'waits', flow: found };
}

function by({ target }: Models, { id, target: to }: SequenceFlow): Destination | null {
  const node = target.nodes[to];
  if (!node) return null;
  return isJoin(node) ? { type: 'waits', flow: id } : { type: 'goesOn', elementId: to };
}

function matching(models: Models, images: Images, before: SequenceFlow, gateway: FlowNode): FlowId | null {
  const { source, target } = models;
  if (gateway.incoming.includes(before.id)) return before.id;
  const from = images.id(before.source);
  const parallel =
    source.nodes[before.target]?.incoming.filter((id) => source.flows[id]?.source === before.source) ?? [];
  const direct = gateway.incoming.filter((id) => from !== null && target.flows[id]?.source === from);
  const place = direct[parallel.indexOf(before.id)];
  if (place !== undefined) return place;
  const reached = gateway.incoming.filter(
    (id) => from !== null && isJoin(gateway) && sourcesOf(target, gateway, id).has(from),
  );
  const others = (source.nodes[before.target]?.incoming ?? []).filter((id) => id !== before.id);
  const taken = new Set(others.flatMap((id) => takenBy(models, images, id, gateway)));
  const free = (reached.length > 0 ? reached : gateway.incoming).filter((id) => !taken.has(id));
  return free.length === 1 ? (free[0] ?? null) : null;
}

/** The flow before the target's join that certainly stands for another one. */
function takenBy({ source, target }: Models, images: Images, flow: FlowId, gateway: FlowNode): FlowId[] {
  if (gateway.incoming.includes(flow)) return [flow];
  const from = images.id(source.flows[flow]?.source ?? '');
  return gateway.incoming.filter((id) => from !== null && target.flows[id]?.source === from);
}

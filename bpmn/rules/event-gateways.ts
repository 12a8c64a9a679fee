import type { Rule, RuleContext } from '../context.ts';
import { eventKindOf, type EventKind } from '../events/positions.ts';
import type { GraphNode } from '../graph.ts';
import { flag, text } from '../moddle.ts';
import { gatewayInstantiation } from '../scopes.ts';

/** Events that may stand behind an event-based gateway. */
const awaited: readonly EventKind[] = ['message', 'timer', 'signal', 'conditional', 'multiple'];
/** Behind a parallel one that starts an instance: all the others must find the same instance again. */
const correlated: readonly EventKind[] = ['message'];

/** BPMN 2.0.2 §10.6.6: what an event-based gateway may lead to, and where it may start an instance. */
export const eventGateways: Rule = (context) => {
  for (const node of context.graph.nodes.values()) {
    if (node.type === 'eventBasedGateway') checkGateway(node, context);
    if (node.type === 'receiveTask') checkReceiveTask(node, context);
  }
};

function checkGateway(node: GraphNode, context: RuleContext): void {
  const { log } = context;
  const instantiates = gatewayInstantiation(node);
  if (node.outgoing.length < 2) log.add('EVENT_GATEWAY_FEW', node.id);
  if (instantiates !== null && (node.incoming.length > 0 || node.parent !== null)) {
    log.add('INSTANTIATE_MISPLACED', node.id, { type: node.type });
  }
  if (instantiates === null && text(node.element, 'eventGatewayType') === 'Parallel') {
    log.add('EVENT_GATEWAY_PARALLEL', node.id);
  }
  for (const { target } of node.outgoing) checkTarget(node, target, context);
  const types = new Set(node.outgoing.map(({ target }) => kindBehind(target)));
  if (types.has('receiveTask') && types.has('message')) log.add('EVENT_GATEWAY_MIXED', node.id);
}

/** `receiveTask`, or the kind of an intermediate catch event; null: neither. */
function kindBehind({ type, element }: GraphNode): EventKind | 'receiveTask' | null {
  if (type === 'receiveTask') return type;
  return type === 'intermediateCatchEvent' ? eventKindOf(element) : null;
}

function checkTarget(node: GraphNode, target: GraphNode, { log }: RuleContext): void {
  const kind = kindBehind(target);
  const allowed = gatewayInstantiation(node) === 'parallel' ? correlated : awaited;
  const legal = kind === 'receiveTask' ? target.boundary.length === 0 : kind !== null && allowed.includes(kind);
  if (!legal) {
    const type = target.type === 'intermediateCatchEvent' ? `${kind ?? ''} ${target.type}` : target.type;
    log.add('EVENT_GATEWAY_TARGET', node.id, { target: target.id, type, allowed: allowed.join(', ') });
  } else if (target.incoming.length > 1) log.add('EVENT_GATEWAY_TARGET_INCOMING', node.id, { target: target.id });
}

/** An instantiating receive task begins a process, by itself or behind a gateway that does. */
function checkReceiveTask(node: GraphNode, { log }: RuleContext): void {
  if (!flag(node.element, 'instantiate', false)) return;
  const behind = node.incoming.every((flow) => gatewayInstantiation(flow.source) !== null);
  if (node.parent !== null || !behind) log.add('INSTANTIATE_MISPLACED', node.id, { type: node.type });
}

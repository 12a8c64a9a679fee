/** Records of completed activities under another version: undone by the target's handler, or not at all when it has none. */
import type { Fact } from '../fact.ts';
import type { CompensationRecord, InstanceState } from '../instance.ts';
import type { Seq } from '../command.ts';
import type { BoundaryEvent, ElementId, FlowNode } from '../model.ts';
import type { Images } from './images.ts';
import type { Models } from './plan.ts';

type Undo = Extract<Fact, { readonly type: 'instanceMigrated' }>['undo'][number];

/** Those that change. */
export function recordsIn(
  { compensations }: Pick<InstanceState, 'compensations'>,
  models: Models,
  images: Images,
): readonly Undo[] {
  const gone = new Set<Seq>();
  // the latest first: what encloses another is completed after it
  const records = Object.entries(compensations).toReversed();
  return records.flatMap(([seq, before]): Undo[] => {
    const after = gone.has(before.scope) ? null : migrated(before, models, images);
    if (after === null) gone.add(before.of);
    const isSame = after?.elementId === before.elementId && after.handler === before.handler;
    if (isSame) return [];
    return [{ record: Number(seq), ...(after ?? { elementId: null, handler: null }) }];
  });
}

function migrated(
  { elementId, handler, inside }: CompensationRecord,
  { target }: Models,
  images: Images,
): { readonly elementId: ElementId; readonly handler: ElementId | null } | null {
  const node = images.node(elementId);
  if (!node) return null;
  if (handler === null) return { elementId: node.id, handler: null };
  const image = images.node(handler);
  if (image && canUndo(image, node, target.nodes, inside)) return { elementId: node.id, handler: image.id };
  const own = inside ? null : handlerOf(node, target.nodes);
  // without a handler of its own what was done within is undone
  return own === null && !inside ? null : { elementId: node.id, handler: own };
}

/** A compensation activity, or (`inside`) the compensation event sub-process within what it undoes. */
function canUndo(handler: FlowNode, node: FlowNode, nodes: Models['target']['nodes'], inside: boolean): boolean {
  if (!inside) return 'isForCompensation' in handler && handler.isForCompensation;
  const begins = (one: FlowNode): boolean =>
    one.type === 'startEvent' && one.parent === handler.id && one.trigger?.type === 'compensation';
  return handler.type === 'eventSubProcess' && handler.parent === node.id && Object.values(nodes).some(begins);
}

function handlerOf(node: FlowNode, nodes: Readonly<Record<ElementId, FlowNode>>): ElementId | null {
  const events = 'boundary' in node ? node.boundary.map((id) => nodes[id] as BoundaryEvent) : [];
  return events.find(({ trigger }) => trigger.type === 'compensation')?.handler ?? null;
}

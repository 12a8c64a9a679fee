/** Records of completed activities under another version: undone by the target's handler, or not at all when it has none. */
import type { Fact } from '../fact.ts';
import type { CompensationRecord, InstanceState } from '../instance.ts';
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
  return Object.entries(compensations).flatMap(([seq, before]): Undo[] => {
    const after = migrated(before, models, images);
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
  const own = images.id(handler) ?? (inside ? null : handlerOf(node, target.nodes));
  return own === null ? null : { elementId: node.id, handler: own };
}

function handlerOf(node: FlowNode, nodes: Readonly<Record<ElementId, FlowNode>>): ElementId | null {
  const events = 'boundary' in node ? node.boundary.map((id) => nodes[id] as BoundaryEvent) : [];
  return events.find(({ trigger }) => trigger.type === 'compensation')?.handler ?? null;
}

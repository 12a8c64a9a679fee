/** The single triggers of a compiled element: one, several of a multiple event, none of an element that waits for nothing. */
import type { CatchTrigger, FlowNode, SingleTrigger } from '#engine/model.ts';

export function singleTriggers(node: FlowNode): readonly SingleTrigger[] {
  if (node.type === 'receiveTask') return [{ type: 'message', message: node.message }];
  const trigger: CatchTrigger | null = 'trigger' in node ? node.trigger : null;
  if (trigger === null) return [];
  return 'triggers' in trigger ? trigger.triggers : [trigger];
}

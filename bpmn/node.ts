/** What every flow node and every activity has. */
import type { Gateway, ManualTask } from '#engine/model.ts';
import type { TransformContext } from './context.ts';
import { dataMappingsOf } from './data.ts';
import { propertiesOf } from './extensions.ts';
import { executionListenersOf } from './listeners.ts';
import { mappingsOf } from './mappings.ts';
import { child, documentationOf, flag, idOf, nameOf, type ModdleElement } from './moddle.ts';
import { multiInstanceOf } from './multi-instance.ts';
import { standardLoopOf } from './standard-loop.ts';

export type NodeBase = Omit<Gateway, 'type'>;
export type ActivityBase = Omit<ManualTask, 'type'>;

/** Data associations are read before zeebe:ioMapping, which may so correct what they gave. */
export function nodeBase(element: ModdleElement, context: TransformContext): NodeBase {
  const { node } = context;
  const defaultFlow = child(element, 'default');
  const data = dataMappingsOf(element, context);
  const mapped = mappingsOf(element, context);
  return {
    id: node.id,
    name: nameOf(element),
    documentation: documentationOf(element),
    parent: node.parent,
    incoming: node.incoming.map((flow) => flow.id),
    outgoing: node.outgoing.map((flow) => flow.id),
    defaultFlow: defaultFlow === null ? null : idOf(defaultFlow),
    inputs: [...data.inputs, ...mapped.inputs],
    outputs: [...data.outputs, ...mapped.outputs],
    properties: propertiesOf(element, context),
    listeners: executionListenersOf(element, context),
  };
}

export function activityBase(element: ModdleElement, context: TransformContext): ActivityBase {
  return {
    ...nodeBase(element, context),
    multiInstance: multiInstanceOf(element, context),
    standardLoop: standardLoopOf(element, context),
    boundary: context.node.boundary.map((event) => event.id),
    isForCompensation: flag(element, 'isForCompensation', false),
  };
}

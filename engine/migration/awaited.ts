/** What an element instance waits for, by the model alone (BPMN 2.0.2 §13.5): the catching elements and each of their triggers. */
import type { ElementInstance } from '../instance.ts';
import { isBody } from '../flow.ts';
import type { CatchTrigger, ElementId, FlowNode, ProcessModel, SingleTrigger } from '../model.ts';
import { triggerOf } from '../start.ts';

export interface Awaited {
  readonly elementId: ElementId;
  readonly trigger: CatchTrigger;
  /** The wait ends when the event has occurred. */
  readonly closes: boolean;
  /** `boundary`: its correlation key is read from outside the activity. */
  readonly kind: 'own' | 'boundary' | 'start';
}

/** `isInner`: an instance of a looping activity, whose boundary events belong to the body. */
export function awaitedBy(process: ProcessModel, element: ElementInstance, isInner: boolean): readonly Awaited[] {
  if (element.seq === 0) return startsOf(process, process.eventSubProcesses, element);
  const node = process.nodes[element.elementId];
  if (!node || element.type === 'compensation') return [];
  const boundary = isInner || !('boundary' in node) ? [] : node.boundary.flatMap((id) => boundaryOf(process, id));
  if (isBody(element.type)) return boundary;
  const starts = 'eventSubProcesses' in node ? startsOf(process, node.eventSubProcesses, element) : [];
  return [...ownOf(process, node), ...boundary, ...starts];
}

function ownOf(process: ProcessModel, node: FlowNode): readonly Awaited[] {
  const events =
    node.type === 'eventBasedGateway'
      ? node.outgoing.flatMap((flow) => process.nodes[process.flows[flow]?.target ?? ''] ?? [])
      : node.type === 'intermediateCatchEvent' || node.type === 'receiveTask' || node.type === 'startEvent'
        ? [node]
        : [];
  return events.flatMap((event) => {
    const trigger = triggerOf(event);
    return trigger === null ? [] : [{ elementId: event.id, trigger, closes: true, kind: 'own' as const }];
  });
}

function boundaryOf(process: ProcessModel, id: ElementId): readonly Awaited[] {
  const event = process.nodes[id];
  if (event?.type !== 'boundaryEvent') return [];
  return [{ elementId: id, trigger: event.trigger, closes: event.interrupting, kind: 'boundary' }];
}

function startsOf(
  process: ProcessModel,
  subProcesses: readonly ElementId[],
  { detail }: ElementInstance,
): readonly Awaited[] {
  if (detail?.interrupted) return [];
  return subProcesses.flatMap((id): Awaited[] => {
    const subProcess = process.nodes[id];
    const start = process.nodes[subProcess?.type === 'eventSubProcess' ? subProcess.startEvent : ''];
    if (start?.type !== 'startEvent' || start.trigger === null) return [];
    return [{ elementId: start.id, trigger: start.trigger, closes: start.interrupting, kind: 'start' }];
  });
}

export const singlesOf = (trigger: CatchTrigger): readonly SingleTrigger[] =>
  'triggers' in trigger ? trigger.triggers : [trigger];

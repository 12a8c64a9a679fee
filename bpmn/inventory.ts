/** Pass 3: every element of the file that has a meaning in the process, for the admission report. */
import type { InventoryItem } from './admission.ts';
import { walk } from './graph.ts';
import { child, children, contained, idOf, instanceOf, nameOf, text, typeName, type ModdleElement } from './moddle.ts';

/** Types that are executed when they stand in an executable process; everything else listed is preserved. */
const executedTypes = ['bpmn:FlowNode', 'bpmn:SequenceFlow', 'bpmn:Process'];
const preservedTypes = [
  'bpmn:Signal',
  'bpmn:Escalation',
  'bpmn:LaneSet',
  'bpmn:Lane',
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStore',
  'bpmn:DataStoreReference',
  'bpmn:Artifact',
  'bpmn:InputOutputSpecification',
  'bpmn:DataAssociation',
  'bpmn:Collaboration',
  'bpmn:Participant',
  'bpmn:MessageFlow',
  'bpmn:ConversationNode',
  'bpmn:Choreography',
  'bpmn:Property',
  'bpmn:CorrelationKey',
  'bpmn:CorrelationSubscription',
];
/** Definitions outside the processes, executed through the events that refer to them. */
const referenced = ['bpmn:Message', 'bpmn:Error'];

const isAny = (element: ModdleElement, types: readonly string[]): boolean =>
  types.some((type) => instanceOf(element, type));

export function inventoryOf(
  definitions: ModdleElement,
  executable: ReadonlySet<ModdleElement>,
): readonly InventoryItem[] {
  const used = usedDefinitions(executable);
  const items: InventoryItem[] = [];
  for (const root of children(definitions, 'rootElements')) {
    const runs = executable.has(root);
    for (const element of walk(root)) {
      if (isAny(element, executedTypes)) items.push(itemOf(element, runs ? 'executed' : 'preserved'));
      else if (isAny(element, preservedTypes)) items.push(itemOf(element, 'preserved'));
      else if (isAny(element, referenced)) items.push(itemOf(element, used.has(element) ? 'executed' : 'preserved'));
    }
  }
  return items;
}

function itemOf(element: ModdleElement, fate: InventoryItem['fate']): InventoryItem {
  const type = typeName(element);
  const owner = element.$parent === undefined ? null : idOf(element.$parent);
  const name = nameOf(element) ?? (text(element, 'text')?.trim().slice(0, 200) || null);
  return { elementId: idOf(element) ?? `${owner ?? 'definitions'}#${type}`, elementType: type, name, fate };
}

function usedDefinitions(executable: ReadonlySet<ModdleElement>): ReadonlySet<ModdleElement> {
  const used = new Set<ModdleElement>();
  for (const process of executable) {
    for (const element of walk(process)) {
      for (const name of ['messageRef', 'errorRef']) {
        const target = child(element, name);
        if (target !== null && !contained(element).includes(target)) used.add(target);
      }
    }
  }
  return used;
}

/** Pass 3: every element of the file that has a meaning in the process, for the admission report. */
import type { InventoryItem } from './admission.ts';
import { isMapping } from './data.ts';
import { isCompensationBoundary, walk } from './graph.ts';
import { child, children, contained, idOf, instanceOf, nameOf, text, typeName, type ModdleElement } from './moddle.ts';

/** Types that are executed when they stand in an executable process; everything else listed is preserved. */
const executedTypes = ['bpmn:FlowNode', 'bpmn:SequenceFlow', 'bpmn:Process'];
const preservedTypes = [
  'bpmn:LaneSet',
  'bpmn:Lane',
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStore',
  'bpmn:DataStoreReference',
  'bpmn:Artifact',
  'bpmn:InputOutputSpecification',
  'bpmn:DataAssociation',
  'bpmn:Property',
  'bpmn:ItemDefinition',
  'bpmn:ResourceRole',
  'bpmn:Resource',
  'bpmn:Auditing',
  'bpmn:Monitoring',
  'bpmn:Interface',
  'bpmn:EndPoint',
  'bpmn:GlobalTask',
  'bpmn:Category',
  'bpmn:Collaboration',
  'bpmn:Participant',
  'bpmn:MessageFlow',
  'bpmn:ConversationNode',
  'bpmn:Choreography',
  'bpmn:PartnerEntity',
  'bpmn:PartnerRole',
  'bpmn:CorrelationKey',
  'bpmn:CorrelationProperty',
  'bpmn:CorrelationSubscription',
  'bpmn:Import',
  'bpmn:Extension',
  'bpmn:Relationship',
];
/** Definitions outside the processes, executed through the events and tasks that refer to them. */
const referenced = ['bpmn:Message', 'bpmn:Error', 'bpmn:Signal', 'bpmn:Escalation'];
const references = ['messageRef', 'errorRef', 'signalRef', 'escalationRef'];

const isAny = (element: ModdleElement, types: readonly string[]): boolean =>
  types.some((type) => instanceOf(element, type));

export function inventoryOf(
  definitions: ModdleElement,
  executable: ReadonlySet<ModdleElement>,
): readonly InventoryItem[] {
  const used = usedElements(executable);
  const items: InventoryItem[] = [];
  for (const root of contained(definitions)) {
    const runs = executable.has(root);
    for (const element of walk(root)) {
      if (isAny(element, executedTypes)) items.push(itemOf(element, runs ? 'executed' : 'preserved'));
      else if (isAny(element, [...preservedTypes, ...referenced])) {
        items.push(itemOf(element, used.has(element) ? 'executed' : 'preserved'));
      }
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

/** What the flow nodes of executable processes make use of: definitions, data that is copied, lines to compensation handlers. */
function usedElements(executable: ReadonlySet<ModdleElement>): ReadonlySet<ModdleElement> {
  const used = new Set<ModdleElement>();
  for (const process of executable) {
    for (const element of walk(process)) {
      for (const name of references) {
        const target = child(element, name);
        if (target !== null && !contained(element).includes(target)) used.add(target);
      }
      if (instanceOf(element, 'bpmn:DataAssociation') && isMapping(element)) {
        for (const part of partsOf(element)) used.add(part);
      }
      if (element.$type === 'bpmn:Association' && startsAtCompensation(element)) used.add(element);
    }
  }
  return used;
}

/** A data association with the data at its ends, and the specification that one of them belongs to. */
function partsOf(association: ModdleElement): readonly ModdleElement[] {
  const target = child(association, 'targetRef');
  const ends = [...children(association, 'sourceRef'), ...(target === null ? [] : [target])];
  const owners = ends.flatMap((end) => (end.$parent === undefined ? [] : [end.$parent]));
  const specifications = owners.filter((owner) => owner.$type === 'bpmn:InputOutputSpecification');
  return [association, ...ends, ...specifications];
}

const startsAtCompensation = (association: ModdleElement): boolean =>
  [child(association, 'sourceRef'), child(association, 'targetRef')].some(
    (end) => end !== null && isCompensationBoundary(end),
  );

/** Changes to the tree: Zeebe's extension elements are added, attributes of BPMN itself set or taken away. */
import { child, children, extension, moddle, type ModdleElement } from '../moddle.ts';

type Settable = ModdleElement & { set(name: string, value: unknown): void; $parent?: ModdleElement };
type Values = Readonly<Record<string, string | boolean | readonly ModdleElement[] | ModdleElement>>;

/** Sets a property of an element the metamodel knows; undefined takes it away. */
export function set(element: ModdleElement, name: string, value: unknown): void {
  (element as Settable).set(name, value);
}

/** A new element such as `zeebe:TaskDefinition`. */
export const create = (type: string, values: Values = {}): ModdleElement =>
  moddle.create(type, values) as ModdleElement;

function append(holder: ModdleElement, name: string, part: ModdleElement): void {
  set(holder, name, [...children(holder, name), part]);
  (part as Settable).$parent = holder;
}

/** Adds an extension element. */
export function addExtension(element: ModdleElement, part: ModdleElement): void {
  let holder = child(element, 'extensionElements');
  if (holder === null) {
    holder = create('bpmn:ExtensionElements');
    set(element, 'extensionElements', holder);
    (holder as Settable).$parent = element;
  }
  append(holder, 'values', part);
}
/** The element's only extension element of a type, made where there is none. */
function only(element: ModdleElement, type: string): ModdleElement {
  const found = extension(element, type);
  if (found !== null) return found;
  const made = create(type);
  addExtension(element, made);
  return made;
}
/** Sets attributes of the element's only extension element of a type. */
export function setExtension(element: ModdleElement, type: string, values: Readonly<Record<string, unknown>>): void {
  const target = only(element, type);
  for (const [name, value] of Object.entries(values)) set(target, name, value);
}

export const addInput = (element: ModdleElement, source: string, target: string): void =>
  append(only(element, 'zeebe:IoMapping'), 'inputParameters', create('zeebe:Input', { source, target }));
export const addOutput = (element: ModdleElement, source: string, target: string): void =>
  append(only(element, 'zeebe:IoMapping'), 'outputParameters', create('zeebe:Output', { source, target }));
export const addHeader = (element: ModdleElement, key: string, value: string): void =>
  append(only(element, 'zeebe:TaskHeaders'), 'values', create('zeebe:Header', { key, value }));
export const addProperty = (element: ModdleElement, name: string, value: string): void =>
  append(only(element, 'zeebe:Properties'), 'properties', create('zeebe:Property', { name, value }));
export const addListener = (element: ModdleElement, kind: 'Execution' | 'Task', values: Values): void =>
  append(only(element, `zeebe:${kind}Listeners`), 'listeners', create(`zeebe:${kind}Listener`, values));

/** A further bpmn:documentation. */
export const addDocumentation = (element: ModdleElement, text: string): void =>
  append(element, 'documentation', create('bpmn:Documentation', { text }));

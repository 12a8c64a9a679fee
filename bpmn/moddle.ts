/** Typed access to the tree that bpmn-moddle reads: descriptors of BPMN 2.0.2 and of the Zeebe extension elements. */
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };

interface PropertyDescriptor {
  readonly name: string;
  readonly ns: { readonly name: string; readonly prefix: string; readonly localName: string };
  readonly isReference?: boolean;
  readonly isMany?: boolean;
  readonly isVirtual?: boolean;
}

/** An element of the tree. Attributes and children are reached through the functions below. */
export interface ModdleElement {
  readonly $type: string;
  readonly $parent?: ModdleElement;
  readonly $attrs?: Readonly<Record<string, unknown>>;
  readonly $children?: readonly ModdleElement[];
  readonly $body?: string;
  readonly $descriptor: {
    readonly ns?: { readonly uri?: string; readonly localName: string; readonly prefix: string };
    readonly properties?: readonly PropertyDescriptor[];
    readonly propertiesByName?: Readonly<Record<string, PropertyDescriptor>>;
  };
  readonly $instanceOf?: (type: string) => boolean;
}

/** zeebe:publishMessage of a message throw event: executed by Zeebe, missing in zeebe-bpmn-moddle 2.0.0. */
const publishMessage = {
  name: 'PublishMessage',
  superClass: ['Element'],
  properties: ['correlationKey', 'messageId', 'timeToLive'].map((name) => ({ name, type: 'String', isAttr: true })),
};
const packages = { zeebe: { ...zeebe, types: [...zeebe.types, publishMessage] } };

/** A reader with fresh descriptors; descriptors keep no state of a document, so one is enough. */
export const moddle = new BpmnModdle(packages);

const isElement = (value: unknown): value is ModdleElement =>
  typeof value === 'object' && value !== null && typeof (value as ModdleElement).$type === 'string';

const read = (element: ModdleElement, name: string): unknown => (element as unknown as Record<string, unknown>)[name];

/** An attribute's text; null: absent. Numbers and booleans are given as written. */
export function text(element: ModdleElement, name: string): string | null {
  const value = read(element, name);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
/** An attribute's text without surrounding blanks; null: absent or blank. */
export function filled(element: ModdleElement, name: string): string | null {
  const value = text(element, name)?.trim() ?? '';
  return value === '' ? null : value;
}
/** A boolean attribute; `fallback` where the document does not give it. */
export function flag(element: ModdleElement, name: string, fallback: boolean): boolean {
  const value = Object.hasOwn(element, name) ? read(element, name) : undefined;
  return typeof value === 'boolean' ? value : fallback;
}
/** A single child or resolved reference. */
export function child(element: ModdleElement, name: string): ModdleElement | null {
  const value = read(element, name);
  return isElement(value) ? value : null;
}
/** A list of children or resolved references, empty when absent. */
export function children(element: ModdleElement, name: string): readonly ModdleElement[] {
  const value = read(element, name);
  return Array.isArray(value) ? value.filter(isElement) : [];
}
export const idOf = (element: ModdleElement): string | null => filled(element, 'id');
export const nameOf = (element: ModdleElement): string | null => filled(element, 'name');
export const instanceOf = (element: ModdleElement, type: string): boolean => element.$instanceOf?.(type) ?? false;

/** `bpmn:UserTask` → `userTask`, the name of the XML element. */
export function typeName(element: ModdleElement): string {
  const local = element.$type.slice(element.$type.indexOf(':') + 1);
  return local.charAt(0).toLowerCase() + local.slice(1);
}

export const extensions = (element: ModdleElement): readonly ModdleElement[] => {
  const holder = child(element, 'extensionElements');
  return holder === null ? [] : children(holder, 'values');
};
/** The first extension element of a type such as `zeebe:TaskDefinition`. */
export const extension = (element: ModdleElement, type: string): ModdleElement | null =>
  extensions(element).find((candidate) => candidate.$type === type) ?? null;

/** Everything contained in an element, in document order per property; extension elements and references left out. */
export function contained(element: ModdleElement): readonly ModdleElement[] {
  const found: ModdleElement[] = [];
  for (const property of element.$descriptor.properties ?? []) {
    if (property.isReference === true || property.isVirtual === true || property.name === 'extensionElements') continue;
    const name = property.ns.prefix === 'bpmn' ? property.ns.localName : property.name;
    if (property.isMany === true) found.push(...children(element, name));
    else {
      const only = child(element, name);
      if (only !== null) found.push(only);
    }
  }
  return found;
}

/** Types that people see as one thing; what else has an id is a part of one of these. */
const shownTypes = ['FlowElement', 'RootElement', 'Artifact', 'Lane', 'Participant', 'MessageFlow'].map(
  (name) => `bpmn:${name}`,
);

/** Id of the element itself, or of the nearest one around it, that people see on the diagram or in a list. */
export function shownId(element: ModdleElement): string | null {
  for (let at: ModdleElement | undefined = element; at !== undefined; at = at.$parent) {
    const shown: ModdleElement = at;
    if (!shownTypes.some((type) => instanceOf(shown, type)) || instanceOf(shown, 'bpmn:EventDefinition')) continue;
    const id = idOf(shown);
    if (id !== null) return id;
  }
  return null;
}

/** Text of bpmn:documentation; several are joined by an empty line. */
export function documentationOf(element: ModdleElement): string | null {
  const texts = children(element, 'documentation').map((part) => text(part, 'text')?.trim() ?? '');
  const joined = texts.filter((part) => part !== '').join('\n\n');
  return joined === '' ? null : joined;
}

/** Event definitions of an event, own and referenced. */
export const triggersOf = (element: ModdleElement): readonly ModdleElement[] => [
  ...children(element, 'eventDefinitions'),
  ...children(element, 'eventDefinitionRef'),
];

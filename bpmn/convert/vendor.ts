/**
 * Attributes and elements of Camunda 7 and its relatives in the tree. bpmn-moddle keeps what it has no descriptor for as it is
 * written: attributes in `$attrs`, elements with `$children` and `$body`. Reading them that way treats all dialects alike, whatever
 * prefix a file gives them, and leaves nothing out that a descriptor would not know.
 */
import { child, children, type ModdleElement } from '../moddle.ts';
import { set } from './edit.ts';

/** The same vocabulary under several names: Activiti's came first, the others forked it. */
const vendorNamespaces: ReadonlySet<string> = new Set([
  'http://camunda.org/schema/1.0/bpmn',
  'http://camunda.org/schema/1.0/dmn',
  'http://activiti.org/bpmn',
  'http://flowable.org/bpmn',
  'http://operaton.org/schema/1.0/bpmn',
  'http://operaton.org/schema/1.0/dmn',
]);

type Attributes = Record<string, unknown>;

/** The tree while it is being changed. */
const attributesOf = (element: ModdleElement): Attributes => element.$attrs ?? {};
const isOurs = (uri: string | undefined): boolean => uri !== undefined && vendorNamespaces.has(uri);

/** Namespace of a prefix at an element. */
function namespaceOf(element: ModdleElement, prefix: string): string | undefined {
  for (let at: ModdleElement | undefined = element; at !== undefined; at = at.$parent) {
    const uri = attributesOf(at)[`xmlns:${prefix}`];
    if (typeof uri === 'string') return uri;
  }
  return undefined;
}

/** An attribute or element as the file names it, such as `camunda:assignee`. */
export interface VendorAttribute {
  readonly qualified: string;
  readonly local: string;
  readonly value: string;
}

/** Everything of the vendor's on an element. */
export function vendorAttributes(element: ModdleElement): readonly VendorAttribute[] {
  return Object.entries(attributesOf(element)).flatMap(([qualified, value]) => {
    const colon = qualified.indexOf(':');
    const prefix = qualified.slice(0, colon);
    if (colon === -1 || prefix === 'xmlns' || !isOurs(namespaceOf(element, prefix))) return [];
    return [{ qualified, local: qualified.slice(colon + 1), value: String(value) }];
  });
}

/** Takes an attribute off an element; null: it has none of this name. */
export function takeAttribute(element: ModdleElement, local: string): VendorAttribute | null {
  const found = vendorAttributes(element).find((attribute) => attribute.local === local) ?? null;
  if (found !== null) delete attributesOf(element)[found.qualified];
  return found;
}

const isVendorElement = (element: ModdleElement): boolean => isOurs(element.$descriptor.ns?.uri);
export const localName = (element: ModdleElement): string =>
  element.$descriptor.ns?.localName ?? element.$type.slice(element.$type.indexOf(':') + 1);

/** The vendor's extension elements that are still there. */
export const vendorElements = (element: ModdleElement): readonly ModdleElement[] => {
  const holder = child(element, 'extensionElements');
  return holder === null ? [] : children(holder, 'values').filter(isVendorElement);
};
/** Takes extension elements of a name off an element. */
export function takeElements(element: ModdleElement, local: string): readonly ModdleElement[] {
  const found = vendorElements(element).filter((part) => localName(part) === local);
  const holder = child(element, 'extensionElements');
  if (holder !== null && found.length > 0) {
    const kept = children(holder, 'values').filter((part) => !found.includes(part));
    if (kept.length > 0) set(holder, 'values', kept);
    else set(element, 'extensionElements', undefined);
  }
  return found;
}

/** Children of a vendor's element, all or those of a name. */
export const partsOf = (element: ModdleElement, local?: string): readonly ModdleElement[] =>
  (element.$children ?? []).filter((part) => local === undefined || localName(part) === local);

/** An attribute of a vendor's element; null: absent. */
export function attributeOf(element: ModdleElement, name: string): string | null {
  const value: unknown = Object.hasOwn(element, name) ? (element as unknown as Attributes)[name] : undefined;
  return typeof value === 'string' ? value : null;
}
export const bodyOf = (element: ModdleElement): string => (element.$body ?? '').trim();

/** Whether the root declares one of the namespaces. */
export const declaresVendor = (root: ModdleElement): boolean =>
  Object.entries(attributesOf(root)).some(([name, uri]) => name.startsWith('xmlns:') && isOurs(String(uri)));

/** An element with everything inside it, extension elements of any kind too; references are not enumerable. */
export function* everything(element: ModdleElement): Generator<ModdleElement> {
  yield element;
  for (const value of Object.values(element).flat()) {
    if (typeof value === 'object' && value !== null && '$type' in value) yield* everything(value as ModdleElement);
  }
}

/** Declarations of the vendor's namespaces that nothing uses any more are taken off the root. */
export function dropDeclarations(root: ModdleElement): void {
  const used = new Set<string>();
  for (const element of everything(root)) {
    for (const name of [element.$type, ...Object.keys(attributesOf(element))])
      used.add(name.slice(0, name.indexOf(':')));
  }
  const attributes = attributesOf(root);
  for (const [name, uri] of Object.entries(attributes)) {
    const prefix = name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null;
    if (prefix !== null && isOurs(String(uri)) && !used.has(prefix)) delete attributes[name];
  }
}

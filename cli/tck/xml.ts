/** The little XML that the TCK's test files use, as a tree. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** By local name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** Levels of elements that are followed. */
const maxDepth = 200;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const decode = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/><]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** The root element. Throws XmlError: not well-formed, or with a document type. */
export function parseXml(xml: string): XmlElement {
  const root = elementOf('', '');
  const stack = [root];
  token.lastIndex = 0;
  for (let at = xml.startsWith('\uFEFF') ? 1 : 0; at < xml.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(xml);
    if (match === null) throw new XmlError(`unreadable at character ${at}`);
    const [, cdata, close, open, attributes, empty, text] = match;
    const top = stack.at(-1) ?? root;
    if (cdata !== undefined) top.text += cdata;
    else if (text !== undefined) top.text += decode(text);
    else if (close !== undefined) {
      if (stack.length === 1 || local(close) !== top.name) throw new XmlError(`</${close}> closes nothing`);
      stack.pop();
    } else if (open !== undefined) {
      const element = elementOf(open, attributes ?? '');
      top.children.push(element);
      if (empty !== '/') stack.push(element);
      if (stack.length > maxDepth) throw new XmlError('nested too deeply');
    }
  }
  const [document] = root.children;
  if (stack.length > 1 || document === undefined) throw new XmlError('an element is not closed');
  return document;
}

function elementOf(name: string, attributes: string): XmlElement {
  const pairs = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return {
    name: local(name),
    attributes: new Map(pairs.map(([, key = '', double, single]) => [local(key), decode(double ?? single ?? '')])),
    children: [],
    text: '',
  };
}

export const childrenNamed = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);
export const childNamed = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);

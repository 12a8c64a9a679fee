/**
 * One linear pass over the raw text before any parser sees it: refuses document type declarations and entities, keeps to the limits,
 * and remembers where each element with an id stands. Strictness about XML itself is the parser's part.
 */
import { limits } from './limits.ts';

export interface ScanProblem {
  readonly code: 'XML_TOO_LARGE' | 'XML_DOCTYPE' | 'XML_ENTITY' | 'XML_LIMIT' | 'XML_MALFORMED';
  /** 1-based; null: the file as a whole. */
  readonly line: number | null;
  readonly detail: string;
}
export interface ScannedElement {
  /** 1-based. */
  readonly line: number;
  /** 0-based, in UTF-16 code units. */
  readonly column: number;
  /** Own id or that of the nearest element around it; null: none. */
  readonly owner: string | null;
  readonly insideDiagram: boolean;
}
export type Scan =
  | { readonly ok: false; readonly problem: ScanProblem }
  | {
      readonly ok: true;
      /** Line of the first element with each id. */
      readonly lines: ReadonlyMap<string, number>;
      readonly elements: readonly ScannedElement[];
    };

const foreignEntity = /&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/;
const diagramTag = /^(?:[\w.-]+:)?BPMNDiagram$/;
/** Parts of an element that may carry an id of their own but are not shown as one. */
const partTag =
  /(?:EventDefinition|LoopCharacteristics|[eE]xpression|timeDate|timeDuration|timeCycle|condition|userTaskForm|header)$/;
const tagName = /[^\s/><"'=]+/y;
const attribute = /\s+([^\s=/><"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;

class Refused extends Error {
  readonly problem: ScanProblem;
  constructor(code: ScanProblem['code'], line: number | null, detail: string) {
    super(detail);
    this.problem = { code, line, detail };
  }
}

interface Cursor {
  readonly xml: string;
  at: number;
  line: number;
  /** Offset of the current line's first character. */
  lineStart: number;
}

export function scan(xml: string): Scan {
  try {
    return scanOrRefuse(xml);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** An element whose end tag has not been met, with the namespace prefixes in force. */
interface OpenElement {
  readonly scanned: ScannedElement;
  readonly prefixes: ReadonlySet<string>;
}
const builtinPrefixes: ReadonlySet<string> = new Set(['xml', 'xmlns']);

function scanOrRefuse(xml: string): Scan {
  if (xml.length > limits.sourceBytes || new TextEncoder().encode(xml).length > limits.sourceBytes) {
    throw new Refused('XML_TOO_LARGE', null, String(limits.sourceBytes));
  }
  const cursor: Cursor = { xml, at: 0, line: 1, lineStart: 0 };
  const lines = new Map<string, number>();
  const elements: ScannedElement[] = [];
  const open: OpenElement[] = [];
  for (;;) {
    const start = xml.indexOf('<', cursor.at);
    const text = xml.slice(cursor.at, start === -1 ? xml.length : start);
    refuseEntities(text, cursor);
    if (open.length === 0 && text.trim() !== '')
      throw new Refused('XML_MALFORMED', cursor.line, 'text outside the root');
    if (start === -1) return { ok: true, lines, elements };
    moveTo(cursor, start);
    if (skipMarkup(cursor)) continue;
    if (xml.startsWith('</', start)) {
      moveTo(cursor, endOf(cursor, '>'));
      open.pop();
      continue;
    }
    const tag = readTag(cursor);
    const element = describe(tag, cursor, open.at(-1));
    if (tag.id !== null && !lines.has(tag.id)) lines.set(tag.id, cursor.line);
    elements.push(element.scanned);
    if (elements.length > limits.elements) throw new Refused('XML_LIMIT', cursor.line, `elements: ${limits.elements}`);
    if (!tag.closed) open.push(element);
    if (open.length > limits.depth) throw new Refused('XML_LIMIT', cursor.line, `depth: ${limits.depth}`);
    moveTo(cursor, tag.end);
  }
}

interface Tag {
  readonly name: string;
  readonly id: string | null;
  readonly attributeNames: ReadonlySet<string>;
  /** `<a />`. */
  readonly closed: boolean;
  /** Offset behind it. */
  readonly end: number;
}

/** The start tag at the cursor; strict, because the parser behind is not. XML 1.0 §3.1. */
function readTag(cursor: Cursor): Tag {
  const { xml, line } = cursor;
  const name = matchAt(tagName, xml, cursor.at + 1)?.[0];
  if (name === undefined) throw new Refused('XML_MALFORMED', line, '<');
  if (name.length > limits.idLength) throw new Refused('XML_LIMIT', line, `idLength: ${limits.idLength}`);
  let at = cursor.at + 1 + name.length;
  const attributeNames = new Set<string>();
  let id: string | null = null;
  for (let found = matchAt(attribute, xml, at); found !== null; found = matchAt(attribute, xml, at)) {
    const attributeName = found[1] ?? '';
    if (attributeNames.has(attributeName))
      throw new Refused('XML_MALFORMED', line, `${attributeName}, ${attributeName}`);
    attributeNames.add(attributeName);
    if (attributeName === 'id') id = found[2] ?? found[3] ?? null;
    refuseEntities(found[0], cursor);
    at += found[0].length;
    if (attributeNames.size > limits.attributes)
      throw new Refused('XML_LIMIT', line, `attributes: ${limits.attributes}`);
  }
  const end = matchAt(tagEnd, xml, at);
  if (end === null) throw new Refused('XML_MALFORMED', line, `<${name} ${xml.slice(at, at + 20).trim()}`);
  return { name, id, attributeNames, closed: end[1] === '/', end: at + end[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function describe({ name, id, attributeNames }: Tag, cursor: Cursor, parent: OpenElement | undefined): OpenElement {
  const { at, line, lineStart } = cursor;
  if (id !== null && id.length > limits.idLength) throw new Refused('XML_LIMIT', line, `idLength: ${limits.idLength}`);
  const prefixes = prefixesIn(attributeNames, parent?.prefixes ?? builtinPrefixes);
  for (const qualified of [name, ...attributeNames]) {
    const colon = qualified.indexOf(':');
    const prefix = colon === -1 ? null : qualified.slice(0, colon);
    if (qualified === 'xmlns:xmlns' || (prefix !== null && !prefixes.has(prefix))) {
      throw new Refused('XML_MALFORMED', line, `xmlns:${prefix ?? ''} ?`);
    }
  }
  const insideDiagram = parent?.scanned.insideDiagram === true || diagramTag.test(name);
  const owner = (partTag.test(name) ? null : id) ?? parent?.scanned.owner ?? null;
  return { scanned: { line, column: at - lineStart, owner, insideDiagram }, prefixes };
}

function prefixesIn(attributeNames: ReadonlySet<string>, outer: ReadonlySet<string>): ReadonlySet<string> {
  const declared = [...attributeNames].filter((name) => name.startsWith('xmlns:'));
  return declared.length === 0 ? outer : new Set([...outer, ...declared.map((name) => name.slice('xmlns:'.length))]);
}

/** Comments, CDATA sections, processing instructions; a declaration (`<!DOCTYPE`, `<!ENTITY` …) is refused. */
function skipMarkup(cursor: Cursor): boolean {
  const { xml, at } = cursor;
  if (xml.startsWith('<!--', at)) moveTo(cursor, endOf(cursor, '-->'));
  else if (xml.startsWith('<![CDATA[', at)) moveTo(cursor, endOf(cursor, ']]>'));
  else if (xml.startsWith('<?', at)) moveTo(cursor, endOf(cursor, '?>'));
  else if (xml.startsWith('<!', at)) throw new Refused('XML_DOCTYPE', cursor.line, xml.slice(at, at + 20));
  else return false;
  return true;
}

function endOf(cursor: Cursor, mark: string): number {
  const found = cursor.xml.indexOf(mark, cursor.at + 1);
  if (found === -1) throw new Refused('XML_MALFORMED', cursor.line, `${mark} is missing`);
  return found + mark.length;
}

function refuseEntities(piece: string, cursor: Cursor): void {
  const found = foreignEntity.exec(piece);
  if (found === null) return;
  const detail = piece.slice(found.index, found.index + 20).replaceAll(/\s+/g, ' ');
  throw new Refused('XML_ENTITY', cursor.line + lineBreaks(piece, found.index), detail);
}

function lineBreaks(piece: string, end: number): number {
  let count = 0;
  for (let at = piece.indexOf('\n'); at !== -1 && at < end; at = piece.indexOf('\n', at + 1)) count++;
  return count;
}

function moveTo(cursor: Cursor, to: number): void {
  const passed = cursor.xml.slice(cursor.at, to);
  for (let at = passed.indexOf('\n'); at !== -1; at = passed.indexOf('\n', at + 1)) {
    cursor.line++;
    cursor.lineStart = cursor.at + at + 1;
  }
  cursor.at = to;
}

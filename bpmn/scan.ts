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

const idAttribute = /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const foreignEntity = /&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/;
const diagramTag = /^(?:[\w.-]+:)?BPMNDiagram$/;
const tagName = /^[^\s/>]*/;

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

function scanOrRefuse(xml: string): Scan {
  if (xml.length > limits.sourceBytes || new TextEncoder().encode(xml).length > limits.sourceBytes) {
    throw new Refused('XML_TOO_LARGE', null, String(limits.sourceBytes));
  }
  const cursor: Cursor = { xml, at: 0, line: 1, lineStart: 0 };
  const lines = new Map<string, number>();
  const elements: ScannedElement[] = [];
  const open: ScannedElement[] = [];
  for (;;) {
    const start = xml.indexOf('<', cursor.at);
    refuseEntities(xml.slice(cursor.at, start === -1 ? xml.length : start), cursor);
    if (start === -1) return { ok: true, lines, elements };
    moveTo(cursor, start);
    if (skipMarkup(cursor)) continue;
    if (xml.startsWith('</', start)) {
      moveTo(cursor, endOf(cursor, '>'));
      open.pop();
      continue;
    }
    const line = cursor.line;
    const end = endOfTag(cursor);
    const tag = xml.slice(start, end);
    refuseEntities(tag, cursor);
    const element = describe(tag, cursor, open.at(-1));
    if (element.id !== null && !lines.has(element.id)) lines.set(element.id, line);
    elements.push(element.scanned);
    if (elements.length > limits.elements) throw new Refused('XML_LIMIT', line, `elements: ${limits.elements}`);
    if (!tag.endsWith('/>')) open.push(element.scanned);
    if (open.length > limits.depth) throw new Refused('XML_LIMIT', line, `depth: ${limits.depth}`);
    moveTo(cursor, end);
  }
}

function describe(
  tag: string,
  { at, line, lineStart }: Cursor,
  parent: ScannedElement | undefined,
): { readonly id: string | null; readonly scanned: ScannedElement } {
  const found = idAttribute.exec(tag);
  const id = found?.[1] ?? found?.[2] ?? null;
  if (id !== null && id.length > limits.idLength) throw new Refused('XML_LIMIT', line, `idLength: ${limits.idLength}`);
  const name = tagName.exec(tag.slice(1))?.[0] ?? '';
  const insideDiagram = parent?.insideDiagram === true || diagramTag.test(name);
  return { id, scanned: { line, column: at - lineStart, owner: id ?? parent?.owner ?? null, insideDiagram } };
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

/** Position after the `>` that closes the start tag at the cursor; `>` inside quotes does not count. */
function endOfTag(cursor: Cursor): number {
  const { xml } = cursor;
  let quote = '';
  let values = 0;
  for (let at = cursor.at + 1; at < xml.length; at++) {
    const sign = xml.charAt(at);
    if (quote !== '') {
      if (sign === quote) quote = '';
      else if (sign === '<') throw new Refused('XML_MALFORMED', cursor.line, '< in an attribute');
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      if (++values > limits.attributes) throw new Refused('XML_LIMIT', cursor.line, `attributes: ${limits.attributes}`);
    } else if (sign === '>') return at + 1;
    else if (sign === '<') throw new Refused('XML_MALFORMED', cursor.line, '< in a tag');
  }
  throw new Refused('XML_MALFORMED', cursor.line, '> is missing');
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

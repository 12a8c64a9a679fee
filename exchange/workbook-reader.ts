/**
 * Rows of the first sheet of an .xlsx workbook (ECMA-376 part 1 §18), one at a time. Of a workbook only what a table needs is read:
 * shared texts, and cells; a formula gives its stored value.
 */
import { posix } from 'node:path';
import { SaxesParser } from 'saxes';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { FileFault } from './fault.ts';
import { fileLimits } from './limits.ts';
import type { Cell, Row } from './row.ts';

type Attributes = Readonly<Record<string, string>>;
interface Listener {
  readonly opened?: (name: string, attributes: Attributes) => void;
  readonly text?: (text: string) => void;
  readonly closed?: (name: string) => void;
}
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Parts of a workbook by name. */
class Parts {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  static async open(file: string): Promise<Parts> {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return new Parts(zip, entries);
  }
  close(): void {
    this.#zip.close();
  }

  /** Feeds a part to the listener; gives control back after each piece. A part that is not there is empty. */
  async *read(name: string, mostBytes: number, listener: Listener): AsyncGenerator<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    if (entry.uncompressedSize > mostBytes) throw new FileFault('tooManyBytes', { most: mostBytes });
    const parser = new SaxesParser();
    parser.on('opentag', ({ name: tag, attributes }) => listener.opened?.(localName(tag), attributes));
    parser.on('text', (text) => listener.text?.(text));
    parser.on('closetag', ({ name: tag }) => listener.closed?.(localName(tag)));
    const decoder = new TextDecoder();
    for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
      parser.write(decoder.decode(chunk as Buffer, { stream: true }));
      yield;
    }
    parser.close();
  }
  async readWhole(name: string, mostBytes: number, listener: Listener): Promise<void> {
    const pieces = this.read(name, mostBytes, listener);
    while (!(await pieces.next()).done);
  }
}

/** Name of the part with the first sheet. */
async function firstSheet(parts: Parts): Promise<string> {
  const relations = new Map<string, string>();
  let sheet: string | null = null;
  let isFrom1904 = false;
  await parts.readWhole('xl/_rels/workbook.xml.rels', fileLimits.sharedTextBytes, {
    opened: (name, { Id, Target }) => {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined) relations.set(Id, Target);
    },
  });
  await parts.readWhole('xl/workbook.xml', fileLimits.sharedTextBytes, {
    opened: (name, attributes) => {
      if (name === 'workbookPr') isFrom1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name === 'sheet') sheet ??= attributes['r:id'] ?? null;
    },
  });
  if (isFrom1904) throw new FileFault('daysFrom1904');
  const target = relations.get(sheet ?? '');
  if (target === undefined) throw new FileFault('noSheet');
  return target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
}

async function sharedTexts(parts: Parts): Promise<readonly string[]> {
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  await parts.readWhole('xl/sharedStrings.xml', fileLimits.sharedTextBytes, {
    opened: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
      isText = name === 't' && !isPhonetic;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    closed: (name) => {
      isText = false;
      if (name === 'rPh') isPhonetic = false;
      if (name === 'si') texts.push(text);
    },
  });
  return texts;
}

/** `AB12` → 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const value = letter.charCodeAt(0) - 64;
    if (value < 1 || value > 26) break;
    column = column * 26 + value;
  }
  return column - 1;
}

const blank: Cell = { text: '', isNumber: false };

/** Collects the rows of a sheet from its elements (§18.3.1). */
class SheetListener implements Listener {
  readonly #shared: readonly string[];
  #done: Row[] = [];
  #line = 0;
  #cells: Cell[] = [];
  #column = -1;
  #type = 'n';
  #text = '';
  #isValue = false;

  constructor(shared: readonly string[]) {
    this.#shared = shared;
  }
  take(): readonly Row[] {
    const rows = this.#done;
    this.#done = [];
    return rows;
  }

  readonly opened = (name: string, attributes: Attributes): void => {
    if (name === 'row') {
      this.#line = Number(attributes['r'] ?? this.#line + 1);
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') {
      this.#column = attributes['r'] === undefined ? this.#column + 1 : columnOf(attributes['r']);
      if (this.#column >= fileLimits.columns)
        throw new FileFault('tooManyColumns', { line: this.#line, most: fileLimits.columns });
      this.#type = attributes['t'] ?? 'n';
      this.#text = '';
    }
    this.#isValue = name === 'v' || name === 't';
  };
  readonly text = (text: string): void => {
    if (!this.#isValue) return;
    this.#text += text;
    if (this.#text.length > fileLimits.lineBytes) throw new FileFault('tooManyBytes', { most: fileLimits.lineBytes });
  };
  readonly closed = (name: string): void => {
    this.#isValue = false;
    if (name === 'c' && this.#column >= 0) {
      while (this.#cells.length < this.#column) this.#cells.push(blank);
      this.#cells[this.#column] = this.#cell();
    } else if (name === 'row') this.#done.push({ line: this.#line, cells: this.#cells });
  };

  #cell(): Cell {
    if (this.#type === 's') return { text: this.#shared[Number(this.#text)] ?? '', isNumber: false };
    // An error such as #N/A is no value.
    if (this.#type === 'e') return blank;
    return { text: this.#text, isNumber: this.#type === 'n' && this.#text !== '' };
  }
}

/** Ends with FileFault where the file is no workbook any more. */
export async function* readWorkbook(file: string): AsyncGenerator<Row> {
  let parts: Parts | null = null;
  try {
    parts = await Parts.open(file);
    const sheet = await firstSheet(parts);
    const listener = new SheetListener(await sharedTexts(parts));
    const pieces = parts.read(sheet, fileLimits.sheetBytes, listener);
    while (!(await pieces.next()).done) yield* listener.take();
    yield* listener.take();
  } catch (error) {
    if (error instanceof FileFault) throw error;
    throw new FileFault('brokenWorkbook');
  } finally {
    parts?.close();
  }
}

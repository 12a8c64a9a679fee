/** Workbooks (.xlsx, ECMA-376 part 1) as portals take and give them: the first sheet, a header and rows of inline texts. */
import type { Readable } from 'node:stream';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';

export type Row = Readonly<Record<string, string>>;

const sheetPart = 'xl/worksheets/sheet1.xml';
/** Of the sheet, unpacked. */
const bytesMost = 100 * 1024 * 1024;

const contentOf = (stream: Readable): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.once('end', () => resolve(Buffer.concat(parts)));
    stream.once('error', reject);
  });

/** Throws when it is no archive with such a sheet. */
async function sheetOf(content: Buffer): Promise<string> {
  const archive = await fromBufferPromise(content, { lazyEntries: true });
  for await (const entry of archive.eachEntry())
    if (entry.fileName === sheetPart && entry.uncompressedSize <= bytesMost)
      return (await contentOf(await archive.openReadStreamPromise(entry))).toString('utf8');
  throw new Error(sheetPart);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Texts of a row by the letters of their column. */
function cellsOf(row: string): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  for (const [, column = '', text = ''] of row.matchAll(/<c r="([A-Z]+)\d+"[^>]*><is><t[^>]*>([^<]*)<\/t><\/is><\/c>/g))
    cells.set(column, unescaped(text));
  return cells;
}

/** Rows of the first sheet under the names of its header; null: no workbook. */
export async function readWorkbook(content: Buffer): Promise<readonly Row[] | null> {
  const sheet = await sheetOf(content).catch(() => null);
  if (sheet === null) return null;
  const [header = new Map<string, string>(), ...rows] = [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(
    ([, row = '']) => cellsOf(row),
  );
  return rows.map((cells) => Object.fromEntries([...header].map(([column, name]) => [name, cells.get(column) ?? ''])));
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const frame: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/${sheetPart}" ContentType="${contentType}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** @param header at most 26 names; a row's texts under other names are left out. */
export function writeWorkbook(header: readonly string[], rows: readonly Row[]): Promise<Buffer> {
  const line = (texts: readonly string[], number: number): string => {
    const cells = texts.map(
      (text, index) =>
        `<c r="${String.fromCodePoint(65 + index)}${String(number)}" t="inlineStr"><is><t>${escaped(text)}</t></is></c>`,
    );
    return `<row r="${String(number)}">${cells.join('')}</row>`;
  };
  const lines = [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))].map((texts, index) =>
    line(texts, index + 1),
  );
  const zip = new ZipFile();
  for (const [name, xml] of Object.entries(frame)) zip.addBuffer(Buffer.from(xml), name);
  zip.addBuffer(
    Buffer.from(`${declaration}<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData></worksheet>`),
    sheetPart,
  );
  zip.end();
  return contentOf(zip.outputStream as Readable);
}

/**
 * An .xlsx workbook (ECMA-376 part 1), streamed row by row. Every text is an inline string in a style of format "text": nothing is
 * taken for a number or a formula, and no digit of a population number is lost when it is edited.
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface Sheet {
  readonly name: string;
  /** The sheet's XML, in pieces. */
  readonly xml: AsyncIterable<string> | Iterable<string>;
  /** Shown in the tabs; else only formulas see it. */
  readonly isHidden: boolean;
}

/** Styles of cells by name; the number is the index into `styles` below. */
export const cellStyles = { plain: 0, header: 1, open: 2, prose: 3, number: 4 } as const;
export type CellStyle = keyof typeof cellStyles;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** XML 1.0 has no control characters. */
export const escaped = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- these are what is to be left out
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** 0 → A, 26 → AA. */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest === 0 ? '' : columnName(rest - 1)) + String.fromCharCode(65 + (index % 26));
}

/** A number is written as one, to be summed; never for what is only made of digits. */
export type FileCell = string | number;

/** @param line 1-based. */
export function rowXml(line: number, cells: readonly FileCell[], style: CellStyle): string {
  const written = cells.map((cell, index) => {
    const at = `${columnName(index)}${String(line)}`;
    if (typeof cell === 'number') return `<c r="${at}" s="${String(cellStyles.number)}"><v>${String(cell)}</v></c>`;
    if (cell === '') return '';
    return `<c r="${at}" s="${String(cellStyles[style])}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
  });
  return `<row r="${String(line)}">${written.join('')}</row>`;
}

export const sheetStart = `${declaration}<worksheet xmlns="${main}">`;
export const sheetEnd = '</worksheet>';
/** The first line stays in view. */
export const frozenHeader =
  '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';

async function* cellsXml(header: readonly string[], rows: AsyncIterable<readonly FileCell[]>): AsyncGenerator<string> {
  yield `${sheetStart}${frozenHeader}<sheetData>${rowXml(1, header, 'header')}`;
  let line = 1;
  for await (const cells of rows) {
    line += 1;
    yield rowXml(line, cells, 'open');
  }
  yield `</sheetData>${sheetEnd}`;
}
/** A header and rows under it. */
export const cellsSheet = (
  name: string,
  header: readonly string[],
  rows: AsyncIterable<readonly FileCell[]>,
): Sheet => ({
  name,
  xml: cellsXml(header, rows),
  isHidden: false,
});

/** Number format 49 is "text" (§18.8.30). Style `open` may be edited when the sheet is protected. */
const styles = `${declaration}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDDE6F0"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf numFmtId="49" applyNumberFormat="1" applyProtection="1"><protection locked="0"/></xf><xf numFmtId="49" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="0"/></cellXfs></styleSheet>`;

function parts(sheets: readonly Sheet[]): Readonly<Record<string, string>> {
  const numbers = sheets.map((_, index) => index + 1);
  const overrides = numbers.map(
    (number) =>
      `<Override PartName="/xl/worksheets/sheet${String(number)}.xml" ContentType="${contentType}.worksheet+xml"/>`,
  );
  const listed = sheets.map(
    ({ name, isHidden }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${String(index + 1)}"${isHidden ? ' state="hidden"' : ''} r:id="rId${String(index + 1)}"/>`,
  );
  const links = numbers.map(
    (number) =>
      `<Relationship Id="rId${String(number)}" Type="${relations}/worksheet" Target="worksheets/sheet${String(number)}.xml"/>`,
  );
  return {
    '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>${overrides.join('')}</Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packageRelations}">${links.join('')}<Relationship Id="rId${String(sheets.length + 1)}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': styles,
  };
}

/** The same workbook gives the same bytes. */
const mtime = new Date(Date.UTC(1980, 0, 1));

/** Sheets are written one after the other as the stream is read. */
export function writeWorkbook(sheets: readonly Sheet[]): Readable {
  const zip = new ZipFile();
  for (const [name, xml] of Object.entries(parts(sheets))) zip.addBuffer(Buffer.from(xml), name, { mtime });
  const output = new Readable().wrap(zip.outputStream);
  zip.on('error', (error: Error) => output.destroy(error));
  sheets.forEach(({ xml }, index) =>
    zip.addReadStreamLazy(`xl/worksheets/sheet${String(index + 1)}.xml`, { mtime }, (give) => {
      const source = Readable.from(xml);
      source.once('error', (error) => output.destroy(error));
      give(null, source);
    }),
  );
  zip.end();
  return output;
}

/**
 * An empty workbook of a profile for people to fill in: the header is locked, every cell below is text (no digit of a number is lost, no
 * date turns around), lists offer their codes, lengths are checked as they type. A second sheet says what belongs where.
 */
import type { Readable } from 'node:stream';
import { fileLimits } from './limits.ts';
import type { Column, MappingProfile } from './profile.ts';
import { columnName, escaped, frozenHeader, rowXml, sheetEnd, sheetStart, writeWorkbook } from './workbook-writer.ts';
import type { Sheet } from './workbook-writer.ts';

/** Words of the instructions, in one language; `{name}` is replaced. */
export interface TemplateWords {
  readonly dataSheet: string;
  readonly guideSheet: string;
  readonly codeSheet: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly guideHeader: readonly [string, string, string];
  readonly required: string;
  readonly optional: string;
  readonly wrongTitle: string;
  readonly types: Readonly<Record<Column['type'], string>>;
}

type CodeColumn = Extract<Column, { readonly type: 'code' }>;
const codesOf = ({ codes }: CodeColumn): string[] => codes.map(({ value, written }) => written[0] ?? value);

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

function explained(column: Column, words: TemplateWords): string {
  const values = {
    most: column.type === 'text' ? column.most : 0,
    form: column.type === 'date' ? (column.forms[0] ?? '') : '',
    list: column.type === 'code' ? codesOf(column).join(', ') : '',
  };
  return fill(words.types[column.type], values);
}

/** Data validation (§18.3.1.32) of one column; Excel refuses what it does not allow. */
function validation(column: Column, index: number, words: TemplateWords): string {
  const letters = columnName(index);
  const text = escaped(explained(column, words)).slice(0, 255);
  const attributes = `sqref="${letters}2:${letters}${String(fileLimits.rows + 1)}" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="${escaped(words.wrongTitle)}" error="${text}" promptTitle="${escaped(column.name).slice(0, 32)}" prompt="${text}"`;
  const rule = (kind: string, formula: string): string =>
    `<dataValidation ${kind} ${attributes}><formula1>${formula}</formula1></dataValidation>`;
  switch (column.type) {
    case 'nik':
    case 'familyCard':
      return rule('type="textLength" operator="equal"', '16');
    case 'text':
      return rule('type="textLength" operator="lessThanOrEqual"', String(column.most));
    case 'code':
      return rule(
        'type="list"',
        `'${escaped(words.codeSheet)}'!$${letters}$1:$${letters}$${String(codesOf(column).length)}`,
      );
    case 'date':
    case 'whole':
    case 'decimal':
    case 'money':
    case 'village':
    case 'period':
      return `<dataValidation ${attributes}/>`;
  }
}

const columnsXml = (count: number, style: number, width: number): string =>
  `<cols><col min="1" max="${String(count)}" width="${String(width)}" style="${String(style)}" customWidth="1"/></cols>`;
/** Cells that are not open cannot be changed; columns may be made wider, rows put in and taken out. */
const protection =
  '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" insertRows="0" deleteRows="0" sort="0" autoFilter="0"/>';
const openStyle = 2;
const proseStyle = 3;

function dataSheet({ columns }: MappingProfile, words: TemplateWords): Sheet {
  const header = columns.map(({ name }) => name);
  const rules = columns.map((column, index) => validation(column, index, words));
  const xml = [
    `${sheetStart}${frozenHeader}${columnsXml(columns.length, openStyle, 22)}<sheetData>${rowXml(1, header, 'header')}</sheetData>`,
    `${protection}<dataValidations count="${String(rules.length)}">${rules.join('')}</dataValidations>${sheetEnd}`,
  ];
  return { name: words.dataSheet, xml, isHidden: false };
}
function guideSheet({ columns, title }: MappingProfile, words: TemplateWords): Sheet {
  const lines: readonly (readonly string[])[] = [
    [fill(words.title, { title: title.id })],
    ...words.rules.map((rule) => [rule]),
    [],
    words.guideHeader,
    ...columns.map((column) => [
      column.name,
      column.required ? words.required : words.optional,
      explained(column, words),
    ]),
  ];
  const rows = lines.map((cells, index) =>
    rowXml(index + 1, cells, index === 0 || cells === words.guideHeader ? 'header' : 'prose'),
  );
  const xml = [
    `${sheetStart}${columnsXml(3, proseStyle, 40)}<sheetData>`,
    ...rows,
    `</sheetData>${protection}${sheetEnd}`,
  ];
  return { name: words.guideSheet, xml, isHidden: false };
}
/** Codes stand in the column of the data that they are for. */
function codeSheet({ columns }: MappingProfile, words: TemplateWords): Sheet {
  const lists = columns.map((column) => (column.type === 'code' ? codesOf(column) : []));
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const rows = Array.from({ length: longest }, (_, line) =>
    rowXml(
      line + 1,
      lists.map((list) => list[line] ?? ''),
      'plain',
    ),
  );
  return {
    name: words.codeSheet,
    xml: [`${sheetStart}<sheetData>`, ...rows, `</sheetData>${sheetEnd}`],
    isHidden: true,
  };
}

export const writeTemplate = (profile: MappingProfile, words: TemplateWords): Readable =>
  writeWorkbook([dataSheet(profile, words), guideSheet(profile, words), codeSheet(profile, words)]);

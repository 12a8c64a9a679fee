/** The parts that every official paper shares: letterhead, title, tables, signatures, and the foot with the seal. */
import type { Content, CustomTableLayout, TableCell } from 'pdfmake';
import { pdfOf } from './pdf.ts';
import type { PdfDefinition } from './pdf.ts';
import type { Wording } from './wording.ts';

/** Who issues a paper, as its letterhead says it. */
export interface Office {
  /** From the highest authority down; the last line is the office itself. */
  readonly lines: readonly string[];
  readonly address: string;
  readonly contact: string;
  /** Where papers are signed. */
  readonly place: string;
  /** IANA time zone, such as Asia/Jakarta. */
  readonly zone: string;
}
export interface Signer {
  /** `Kepala Desa Wadas`, printed above the signature. */
  readonly role: string;
  readonly name: string;
}
/** What makes one issue of a paper recognisable. */
export interface Issue {
  /** Number of the letter, as the office counts. */
  readonly number: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  /** Address that says whether this issue is genuine; printed as a QR code. */
  readonly verifyUrl: string;
}
export interface Column<Row> {
  readonly head: string;
  /** Points, `auto` or `*`: what is left. */
  readonly width: number | 'auto' | '*';
  readonly align?: 'left' | 'center' | 'right';
  readonly cell: (row: Row, index: number) => string;
}
interface Paper {
  readonly office: Office;
  readonly issue: Issue;
  readonly wording: Wording;
  readonly title: string;
  readonly content: readonly Content[];
  readonly page?: { readonly size: 'A4' | 'A5'; readonly orientation: 'portrait' | 'landscape' };
  /** Of the list that it carries; absent: it carries none. */
  readonly listHash?: string;
  /** false: its pages carry codes of their own, and one more would confuse. */
  readonly hasQr?: boolean;
}

const ink = '#111111';
const faint = '#666666';
const sideMargin = 56;
/** Share of a page above which a heading still has room for a line of its table. */
const lowestHeading = 0.85;
/** Wide enough for a telephone to read a printed address of 100 characters. */
const qrPoints = 60;

/** Rules between rows and around the table, a shaded head. */
const tableLayout: CustomTableLayout = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  hLineColor: () => '#555555',
  vLineColor: () => '#555555',
  fillColor: (row) => (row === 0 ? '#ececec' : null),
  paddingTop: () => 3,
  paddingBottom: () => 3,
  paddingLeft: () => 4,
  paddingRight: () => 4,
};

export const letterhead = ({ lines, address, contact }: Office): Content => ({
  stack: [
    ...lines.map((line, index) => ({
      text: line.toUpperCase(),
      bold: true,
      fontSize: index === lines.length - 1 ? 15 : 12,
    })),
    { text: address, fontSize: 9, margin: [0, 3, 0, 0] },
    { text: contact, fontSize: 9 },
    ruler(),
  ],
  alignment: 'center',
  margin: [0, 0, 0, 14],
});
/** A thick and a thin line over the whole width. */
const ruler = (): Content => ({
  table: { widths: ['*'], body: [[{ text: '', fontSize: 1 }]] },
  layout: {
    hLineWidth: (line) => (line === 0 ? 2 : 0.6),
    vLineWidth: () => 0,
    paddingTop: () => 0.5,
    paddingBottom: () => 0.5,
  },
  margin: [0, 6, 0, 0],
});

/** Centred title with the number of the paper under it. */
export const heading = (title: string, number: string): Content => ({
  stack: [
    { text: title.toUpperCase(), bold: true, fontSize: 13, decoration: 'underline' },
    { text: number, margin: [0, 2, 0, 0] },
  ],
  alignment: 'center',
  margin: [0, 0, 0, 14],
});
export const subheading = (text: string): Content => ({
  text,
  bold: true,
  margin: [0, 10, 0, 4],
  headlineLevel: 1,
});
export const paragraph = (text: string): Content => ({
  text,
  margin: [0, 0, 0, 6],
  lineHeight: 1.2,
});

/** Numbered sentences. */
export const numbered = (texts: readonly string[]): Content => ({
  ol: [...texts],
  lineHeight: 1.2,
  margin: [0, 0, 0, 6],
});

/** Lines `label : value`. */
export const particulars = (rows: readonly (readonly [string, string])[], labelWidth = 120): Content => ({
  table: { widths: [labelWidth, 4, '*'], body: rows.map(([label, value]) => [label, ':', value]) },
  layout: {
    defaultBorder: false,
    paddingTop: () => 1,
    paddingBottom: () => 1,
    paddingLeft: () => 0,
    paddingRight: () => 4,
  },
  margin: [0, 2, 0, 8],
});

/** A table whose head is repeated on every page and whose rows stay whole. @param foot a last row, such as a sum */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly fontSize?: number; readonly empty: string; readonly foot?: readonly TableCell[] },
): Content {
  const head = columns.map(({ head: text }): TableCell => ({ text, bold: true, alignment: 'center' }));
  const body = rows.map((row, index) =>
    columns.map(({ cell, align = 'left' }): TableCell => ({ text: cell(row, index), alignment: align })),
  );
  const none: TableCell[][] = [
    [
      { text: options.empty, colSpan: columns.length, italics: true, alignment: 'center' },
      ...columns.slice(1).map(() => ''),
    ],
  ];
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: columns.map(({ width }) => width),
      body: [head, ...(body.length === 0 ? none : body), ...(options.foot === undefined ? [] : [[...options.foot]])],
    },
    layout: tableLayout,
    fontSize: options.fontSize ?? 9,
    margin: [0, 2, 0, 8],
  };
}
/** First column of every list. */
export const rowNumber = <Row>(head: string): Column<Row> => ({
  head,
  width: 22,
  align: 'right',
  cell: (_, index) => String(index + 1),
});

const signature = ({ role, name }: Signer): Content => ({
  stack: [{ text: role }, { text: name, bold: true, decoration: 'underline', margin: [0, 48, 0, 0] }],
  alignment: 'center',
});
const signersInARow = 4;
/** Place and date, then the signers side by side; kept on one page. */
export function signatures(placeAndDate: string, signers: readonly Signer[]): Content {
  const rows = Array.from({ length: Math.ceil(signers.length / signersInARow) }, (_, index) =>
    signers.slice(index * signersInARow, (index + 1) * signersInARow),
  );
  return {
    unbreakable: true,
    stack: [
      { text: placeAndDate, alignment: 'right', margin: [0, 10, 0, 6] },
      ...rows.map((row): Content => ({
        // One alone signs on the right.
        columns: row.length === 1 ? [{ text: '' }, ...row.map(signature)] : row.map(signature),
        columnGap: 8,
        margin: [0, 0, 0, 16],
      })),
    ],
  };
}

/** At the foot of every page: whether the paper is genuine, its number, page x of y. */
const footer =
  ({ issue, wording, title, listHash, hasQr = true }: Paper): NonNullable<PdfDefinition['footer']> =>
  (current, count) => ({
    columns: [
      ...(hasQr
        ? [{ qr: issue.verifyUrl, fit: qrPoints, eccLevel: 'L' as const, width: qrPoints + 8, foreground: ink }]
        : []),
      {
        stack: [
          { text: `${title} ${issue.number}`, bold: true },
          ...(hasQr ? [wording.text('umum.segel')] : []),
          ...(listHash === undefined ? [] : [wording.text('umum.sidikDaftar', { sidik: listHash })]),
        ],
        margin: [0, 4, 12, 0],
      },
      {
        text: wording.text('umum.halaman', { ini: current, semua: count }),
        alignment: 'right',
        width: 90,
        margin: [0, 4, 0, 0],
      },
    ],
    fontSize: 7.5,
    color: faint,
    margin: [sideMargin, 12, sideMargin, 0],
  });

/** Prints a paper: A4 upright unless said otherwise. */
export function print(paper: Paper): Promise<Uint8Array> {
  const { office, issue, wording, title, content, page } = paper;
  const issuedAt = new Date(issue.issuedAt);
  return pdfOf({
    pageSize: page?.size ?? 'A4',
    pageOrientation: page?.orientation ?? 'portrait',
    pageMargins: [sideMargin, 40, sideMargin, qrPoints + 26],
    language: wording.language,
    info: {
      title: `${title} ${issue.number}`,
      author: office.lines.at(-1) ?? '',
      creationDate: issuedAt,
      modDate: issuedAt,
    },
    defaultStyle: { font: 'Roboto', fontSize: 10.5, color: ink },
    footer: footer(paper),
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: ({ headlineLevel, startPosition }) =>
      headlineLevel === 1 && startPosition.verticalRatio > lowestHeading,
    content: [...content],
  });
}

/** A report of figures by region and period: what it counts, a chart of one column, the table. Counts only. */
import type { Content, TableCell } from 'pdfmake';
import { paragraph, particulars, print, subheading, table } from './layout.ts';
import type { Column, Issue, Office } from './layout.ts';
import type { Wording } from './wording.ts';

export interface FigureColumn {
  readonly label: string;
  readonly unit: 'count' | 'days' | 'percent' | 'amount';
}
export interface FigureRow {
  readonly labels: readonly string[];
  /** In the order of the columns; null: nothing to tell. */
  readonly values: readonly (number | null)[];
}
export interface Laporan {
  readonly office: Office;
  readonly issue: Issue;
  readonly title: string;
  readonly explanation: string;
  /** Region, period, when it was read. */
  readonly particulars: readonly (readonly [string, string])[];
  /** Heads of the columns that say what a row is. */
  readonly dimensions: readonly string[];
  readonly columns: readonly FigureColumn[];
  /** Index of the column that is drawn. */
  readonly chart: number;
  readonly rows: readonly FigureRow[];
  readonly total: readonly (number | null)[];
  readonly isCut: boolean;
}

/** Bars beyond these say less than the table. */
const barsMost = 15;
const barPoints = { long: 360, high: 9 } as const;

const written = (value: number | null, { unit }: FigureColumn, { money, number }: Wording): string => {
  if (value === null) return '–';
  if (unit === 'amount') return money(value);
  return unit === 'percent' ? `${number(value)}%` : number(value);
};

function bars({ rows, columns, chart }: Laporan, wording: Wording): Content[] {
  const column = columns[chart];
  const shown = rows.slice(0, barsMost).map(({ labels, values }) => ({ labels, value: values[chart] ?? null }));
  const most = Math.max(0, ...shown.map(({ value }) => value ?? 0));
  if (column === undefined || most === 0) return [];
  const whole = column.unit === 'percent' ? 100 : most;
  const line = ({ labels, value }: (typeof shown)[number]): TableCell[] => [
    { text: labels.join(', ') },
    {
      canvas: [
        { type: 'rect', x: 0, y: 2, w: ((value ?? 0) / whole) * barPoints.long, h: barPoints.high, color: '#1f5fa8' },
      ],
    },
    { text: written(value, column, wording), alignment: 'right' },
  ];
  return [
    subheading(column.label),
    {
      table: { widths: [230, '*', 'auto'], body: shown.map(line) },
      layout: 'noBorders',
      fontSize: 8,
      margin: [0, 0, 0, 8],
    },
  ];
}

export function renderLaporan(data: Laporan, wording: Wording): Promise<Uint8Array> {
  const { title, explanation, dimensions, columns, rows, total, isCut } = data;
  const shown: readonly Column<FigureRow>[] = [
    ...dimensions.map((head, index): Column<FigureRow> => ({
      head,
      width: '*',
      cell: ({ labels }) => labels[index] ?? '',
    })),
    ...columns.map((column, index): Column<FigureRow> => ({
      head: column.label,
      width: 'auto',
      align: 'right',
      cell: ({ values }) => written(values[index] ?? null, column, wording),
    })),
  ];
  const foot: TableCell[] = [
    { text: wording.text('kolom.jumlah'), bold: true, colSpan: dimensions.length },
    ...dimensions.slice(1).map(() => ''),
    ...columns.map((column, index): TableCell => ({
      text: written(total[index] ?? null, column, wording),
      bold: true,
      alignment: 'right',
    })),
  ];
  return print({
    office: data.office,
    issue: data.issue,
    wording,
    title,
    page: { size: 'A4', orientation: 'landscape' },
    hasQr: false,
    content: [
      { text: title, bold: true, fontSize: 15 },
      paragraph(explanation),
      particulars(data.particulars),
      ...bars(data, wording),
      table(shown, rows, { fontSize: 7.5, empty: wording.text('umum.kosong'), ...(rows.length === 0 ? {} : { foot }) }),
      ...(isCut ? [paragraph(wording.text('laporan.dipotong', { jumlah: rows.length }))] : []),
    ],
  });
}

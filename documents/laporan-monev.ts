/** Quarterly monitoring of a district: samples and margins, how long work took, what was found and done. Counts and findings, nobody's data. */
import type { Content } from 'pdfmake';
import {
  heading,
  letterhead,
  numbered,
  paragraph,
  particulars,
  print,
  rowNumber,
  signatures,
  subheading,
  table,
} from './layout.ts';
import type { Column, Issue, Office, Signer } from './layout.ts';
import type { Wording } from './wording.ts';

/** A share of a sample with its 95 percent interval, in percent; null: nobody was visited. */
export interface Estimate {
  readonly visited: number;
  readonly wrong: number;
  readonly percent: number | null;
  readonly from: number | null;
  readonly to: number | null;
}
export interface LaporanMonev {
  readonly office: Office;
  readonly issue: Issue;
  readonly regionName: string;
  /** Quarter. */
  readonly period: string;
  readonly signedOn: string;
  readonly population: { readonly recipients: number; readonly rejected: number };
  readonly visits: number;
  /** Recipients who are not eligible, and rejected who are. */
  readonly inclusion: Estimate;
  readonly exclusion: Estimate;
  readonly proposals: {
    readonly received: number;
    readonly ended: number;
    readonly inTime: number;
    readonly medianDays: number | null;
    readonly p90Days: number | null;
  };
  readonly queues: readonly {
    readonly group: string;
    readonly count: number;
    readonly late: number;
    readonly medianHours: number | null;
  }[];
  readonly returns: readonly { readonly cause: string; readonly count: number }[];
  readonly objections: { readonly received: number; readonly accepted: number; readonly upheld: number };
  readonly findings: readonly {
    readonly title: string;
    readonly cause: string;
    readonly owner: string;
    readonly days: number;
  }[];
  readonly actions: readonly { readonly title: string; readonly owner: string; readonly action: string }[];
  readonly signer: Signer;
}

const figure = (value: number | null, { number }: Wording): string => (value === null ? '–' : number(value));

type EstimateRow = Estimate & { readonly label: string };
function estimates({ inclusion, exclusion }: LaporanMonev, wording: Wording): Content {
  const { text, number } = wording;
  const columns: readonly Column<EstimateRow>[] = [
    { head: text('monev.ukuran'), width: '*', cell: ({ label }) => label },
    { head: text('monev.dikunjungi'), width: 70, align: 'right', cell: ({ visited }) => number(visited) },
    { head: text('monev.keliru'), width: 60, align: 'right', cell: ({ wrong }) => number(wrong) },
    { head: text('monev.persen'), width: 60, align: 'right', cell: ({ percent }) => figure(percent, wording) },
    {
      head: text('monev.selang'),
      width: 90,
      align: 'right',
      cell: ({ from, to }) => `${figure(from, wording)} – ${figure(to, wording)}`,
    },
  ];
  const rows = [
    { ...inclusion, label: text('monev.inklusi') },
    { ...exclusion, label: text('monev.eksklusi') },
  ];
  return table(columns, rows, { empty: text('umum.kosong') });
}
function performance(data: LaporanMonev, wording: Wording): readonly Content[] {
  const { text, number } = wording;
  const { proposals, objections } = data;
  const queueColumns: readonly Column<LaporanMonev['queues'][number]>[] = [
    { head: text('monev.kelompok'), width: '*', cell: ({ group }) => wording.group(group) },
    { head: text('kolom.jumlah'), width: 60, align: 'right', cell: ({ count }) => number(count) },
    { head: text('monev.terlambat'), width: 70, align: 'right', cell: ({ late }) => number(late) },
    {
      head: text('monev.medianJam'),
      width: 80,
      align: 'right',
      cell: ({ medianHours }) => figure(medianHours, wording),
    },
  ];
  const returnColumns: readonly Column<LaporanMonev['returns'][number]>[] = [
    { head: text('monev.sebab'), width: '*', cell: ({ cause }) => wording.deliveryResult(cause) },
    { head: text('kolom.jumlah'), width: 60, align: 'right', cell: ({ count }) => number(count) },
  ];
  const empty = text('umum.kosong');
  return [
    particulars(
      [
        [text('monev.masuk'), number(proposals.received)],
        [text('monev.selesai'), number(proposals.ended)],
        [text('monev.tepatWaktu'), number(proposals.inTime)],
        [text('monev.medianHari'), figure(proposals.medianDays, wording)],
        [text('monev.p90Hari'), figure(proposals.p90Days, wording)],
        [text('monev.sanggahMasuk'), number(objections.received)],
        [text('monev.sanggahDiterima'), number(objections.accepted)],
        [text('monev.sanggahDitolak'), number(objections.upheld)],
      ],
      230,
    ),
    table(queueColumns, data.queues, { empty }),
    subheading(text('monev.pengembalian')),
    table(returnColumns, data.returns, { empty }),
  ];
}
function findings({ findings, actions }: LaporanMonev, wording: Wording): readonly Content[] {
  const { text, number } = wording;
  const columns: readonly Column<LaporanMonev['findings'][number]>[] = [
    rowNumber(text('kolom.no')),
    { head: text('monev.temuan'), width: '*', cell: ({ title }) => title },
    { head: text('monev.sebab'), width: 130, cell: ({ cause }) => cause },
    { head: text('monev.pemilik'), width: 100, cell: ({ owner }) => wording.group(owner) },
    { head: text('monev.hari'), width: 40, align: 'right', cell: ({ days }) => number(days) },
  ];
  return [
    table(columns, findings, { empty: text('monev.tanpaTemuan') }),
    subheading(text('monev.tindakan')),
    actions.length === 0
      ? paragraph(text('umum.kosong'))
      : numbered(actions.map(({ title, owner, action }) => `${title} (${wording.group(owner)}): ${action}`)),
  ];
}

export function renderLaporanMonev(data: LaporanMonev, wording: Wording): Promise<Uint8Array> {
  const { office, issue, population } = data;
  const { text, number } = wording;
  const title = text('monev.judul');
  return print({
    office,
    issue,
    wording,
    title,
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      particulars(
        [
          [text('monev.wilayah'), data.regionName],
          [text('monev.periode'), wording.period(data.period)],
          [text('monev.tanggal'), wording.date(data.signedOn)],
          [text('monev.penerima'), number(population.recipients)],
          [text('monev.ditolak'), number(population.rejected)],
          [text('monev.kunjungan'), number(data.visits)],
        ],
        160,
      ),
      subheading(text('monev.galat')),
      paragraph(text('monev.caraGalat')),
      estimates(data, wording),
      subheading(text('monev.kinerja')),
      ...performance(data, wording),
      subheading(text('monev.daftarTemuan')),
      ...findings(data, wording),
      signatures(`${office.place}, ${wording.date(issue.issuedAt)}`, [data.signer]),
    ],
  });
}

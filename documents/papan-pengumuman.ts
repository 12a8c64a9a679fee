/** List for the village notice board. Everybody reads it: initials, RT and programme, and how to object. Nothing else of a person may come here. */
import {
  heading,
  letterhead,
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

/** All that the public may know. */
export interface PublicLine {
  readonly initials: string;
  readonly rt: string;
  readonly program: string;
}
export interface PapanPengumuman {
  readonly office: Office;
  readonly issue: Issue;
  readonly villageName: string;
  readonly period: string;
  readonly lines: readonly PublicLine[];
  /** Last day for objections, ISO 8601. */
  readonly objectUntil: string;
  readonly signer: Signer;
}

const byRt = (a: PublicLine, b: PublicLine): number =>
  a.rt.localeCompare(b.rt, 'id', { numeric: true }) ||
  a.initials.localeCompare(b.initials, 'id') ||
  a.program.localeCompare(b.program, 'id');

export function renderPapanPengumuman(data: PapanPengumuman, wording: Wording): Promise<Uint8Array> {
  const { office, issue, lines } = data;
  const { text } = wording;
  const title = text('papan.judul');
  const columns: readonly Column<PublicLine>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.inisial'), width: '*', cell: ({ initials }) => initials },
    { head: text('kolom.rt'), width: 70, align: 'center', cell: ({ rt }) => rt },
    { head: text('kolom.program'), width: 200, cell: ({ program }) => wording.program(program) },
  ];
  return print({
    office,
    issue,
    wording,
    title,
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      particulars([
        [text('papan.desa'), data.villageName],
        [text('papan.periode'), wording.period(data.period)],
        [text('papan.jumlah'), String(lines.length)],
      ]),
      paragraph(text('papan.bukanJanji')),
      // Sorted by RT and initials: the order tells nothing of rank or of when somebody was proposed.
      table(columns, lines.toSorted(byRt), { fontSize: 11, empty: text('umum.kosong') }),
      subheading(text('papan.keberatan')),
      paragraph(text('papan.caraKeberatan', { tanggal: wording.date(data.objectUntil) })),
      signatures(`${office.place}, ${wording.date(issue.issuedAt)}`, [data.signer]),
    ],
  });
}

/** Minutes of a village meeting (berita acara musyawarah): who met, what was decided of each proposal, and the list by name in the annex. */
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
import { listHash } from './list-hash.ts';
import type { ListedPerson } from './person.ts';
import type { TextKey, Wording } from './wording.ts';

/** DAFTAR_TUNGGU: accepted, but beyond the village's quota. */
export const decisions = ['TERIMA', 'DAFTAR_TUNGGU', 'TOLAK', 'TUNDA'] as const;
export type Decision = (typeof decisions)[number];
export interface DecidedItem extends ListedPerson {
  readonly decision: Decision;
  /** SPTJM: no meeting decided it. */
  readonly method: 'MUFAKAT' | 'SUARA' | 'SPTJM';
  readonly votes: { readonly inFavour: number; readonly against: number; readonly abstaining: number } | null;
  readonly reason: string | null;
}
export interface Attendee {
  readonly name: string;
  /** Whom he represents: `Ketua RT 004`, `Wakil perempuan`. */
  readonly role: string;
}
export interface BeritaAcara {
  readonly office: Office;
  readonly issue: Issue;
  /** `Desa Wadas, Kecamatan Telukjambe Timur, Kab. Karawang`. */
  readonly villageName: string;
  /** `2026-11`. */
  readonly period: string;
  /** ISO 8601. */
  readonly heldAt: string;
  readonly place: string;
  readonly leader: Attendee;
  readonly minuteTaker: Attendee;
  readonly invited: number;
  readonly present: number;
  /** 1: the first call, which needs two thirds of those invited; 2: valid with those present. */
  readonly attempt: number;
  readonly attendees: readonly Attendee[];
  readonly items: readonly DecidedItem[];
  readonly objections: readonly string[];
  readonly signers: readonly Signer[];
}

const decisionText: Readonly<Record<Decision, TextKey>> = {
  TERIMA: 'putusan.TERIMA',
  DAFTAR_TUNGGU: 'putusan.DAFTAR_TUNGGU',
  TOLAK: 'putusan.TOLAK',
  TUNDA: 'putusan.TUNDA',
};
function methodOf({ method, votes }: DecidedItem, { text }: Wording): string {
  if (method === 'SPTJM') return text('putusan.sptjm');
  if (method === 'MUFAKAT' || votes === null) return text('putusan.mufakat');
  return text('putusan.suara', { setuju: votes.inFavour, tolak: votes.against, abstain: votes.abstaining });
}

/** The by-name-by-address list, NIK masked. */
export function decidedTable(items: readonly DecidedItem[], wording: Wording): Content {
  const { text } = wording;
  const columns: readonly Column<DecidedItem>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.nomorUsulan'), width: 110, cell: ({ number }) => number },
    { head: text('kolom.nama'), width: '*', cell: ({ name }) => name },
    { head: text('kolom.nikSamar'), width: 80, cell: ({ nikMasked }) => nikMasked },
    { head: text('kolom.rtRw'), width: 40, align: 'center', cell: ({ rt, rw }) => `${rt}/${rw}` },
    { head: text('kolom.program'), width: 78, cell: ({ program }) => wording.program(program) },
    { head: text('kolom.putusan'), width: 46, cell: ({ decision }) => text(decisionText[decision]) },
    { head: text('kolom.cara'), width: 78, cell: (item) => methodOf(item, wording) },
    { head: text('kolom.alasan'), width: 96, cell: ({ reason }) => reason ?? '-' },
  ];
  return table(columns, items, { fontSize: 8, empty: text('umum.kosong') });
}
/** How many proposals each decision got, by programme. */
function summaryTable(items: readonly DecidedItem[], wording: Wording): Content {
  const { text } = wording;
  const programs = [...new Set(items.map(({ program }) => program))].toSorted();
  const count = (program: string, decision: Decision): string =>
    String(items.filter((item) => item.program === program && item.decision === decision).length);
  const columns: readonly Column<string>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.program'), width: '*', cell: wording.program },
    ...decisions.map((decision): Column<string> => ({
      head: text(decisionText[decision]),
      width: 60,
      align: 'center',
      cell: (program) => count(program, decision),
    })),
  ];
  return table(columns, programs, { empty: text('umum.kosong') });
}
function attendeeTable(attendees: readonly Attendee[], { text }: Wording): Content {
  const columns: readonly Column<Attendee>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.nama'), width: '*', cell: ({ name }) => name },
    { head: text('kolom.unsur'), width: 160, cell: ({ role }) => role },
    { head: text('kolom.tandaTangan'), width: 110, cell: (_, index) => `${index + 1}.` },
  ];
  return table(columns, attendees, { empty: text('umum.kosong') });
}

export function renderBeritaAcara(data: BeritaAcara, wording: Wording): Promise<Uint8Array> {
  const { office, issue, items, villageName } = data;
  const { text } = wording;
  const title = text('beritaAcara.judul');
  const period = wording.period(data.period);
  const quorum = data.attempt === 1 ? text('beritaAcara.kuorumPertama') : text('beritaAcara.kuorumKedua');
  return print({
    office,
    issue,
    wording,
    title,
    listHash: listHash(items),
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      paragraph(
        text('beritaAcara.pembuka', { hari: wording.weekdayAndDate(data.heldAt), desa: villageName, periode: period }),
      ),
      particulars([
        [text('beritaAcara.waktu'), wording.time(data.heldAt)],
        [text('beritaAcara.tempat'), data.place],
        [text('beritaAcara.pimpinan'), `${data.leader.name} (${data.leader.role})`],
        [text('beritaAcara.notulis'), `${data.minuteTaker.name} (${data.minuteTaker.role})`],
        [text('beritaAcara.undangan'), text('beritaAcara.orang', { jumlah: data.invited })],
        [text('beritaAcara.hadir'), text('beritaAcara.orang', { jumlah: data.present })],
        [text('beritaAcara.kuorum'), quorum],
      ]),
      subheading(text('beritaAcara.hasil')),
      paragraph(text('beritaAcara.ringkasan', { jumlah: items.length })),
      summaryTable(items, wording),
      subheading(text('beritaAcara.keberatan')),
      data.objections.length === 0 ? paragraph(text('beritaAcara.tanpaKeberatan')) : numbered(data.objections),
      paragraph(text('beritaAcara.penutup')),
      signatures(`${office.place}, ${wording.date(data.heldAt)}`, data.signers),
      { text: '', pageBreak: 'after' },
      subheading(text('beritaAcara.lampiranHadir', { nomor: issue.number })),
      attendeeTable(data.attendees, wording),
      { text: '', pageBreak: 'after', pageOrientation: 'landscape' },
      subheading(text('beritaAcara.lampiranDaftar', { nomor: issue.number, desa: villageName, periode: period })),
      decidedTable(items, wording),
    ],
  });
}

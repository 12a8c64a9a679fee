/** Letter by which the bupati or wali kota confirms a period's list (surat pengesahan): counts by village, the list by name in the annex. */
import type { Content } from 'pdfmake';
import {
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
import type { Wording } from './wording.ts';

export interface SuratPengesahan {
  readonly office: Office;
  readonly issue: Issue;
  readonly period: string;
  /** `Gubernur Jawa Barat`. */
  readonly addressee: string;
  readonly addresseePlace: string;
  readonly items: readonly ListedPerson[];
  readonly signer: Signer;
  /** Who gets a copy (tembusan). */
  readonly copies: readonly string[];
}

interface VillageCount {
  readonly village: string;
  readonly count: number;
}
function byVillage(items: readonly ListedPerson[]): readonly VillageCount[] {
  const counts = new Map<string, number>();
  for (const { village } of items) counts.set(village, (counts.get(village) ?? 0) + 1);
  return [...counts]
    .map(([village, count]) => ({ village, count }))
    .toSorted((a, b) => a.village.localeCompare(b.village));
}
function villageTable(items: readonly ListedPerson[], { text }: Wording): Content {
  const columns: readonly Column<VillageCount>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.desa'), width: '*', cell: ({ village }) => village },
    { head: text('kolom.jumlahKeluarga'), width: 110, align: 'right', cell: ({ count }) => String(count) },
  ];
  return table(columns, byVillage(items), {
    empty: text('umum.kosong'),
    foot: [
      { text: text('kolom.jumlah'), colSpan: 2, bold: true, alignment: 'right' },
      '',
      { text: String(items.length), bold: true, alignment: 'right' },
    ],
  });
}
function nameTable(items: readonly ListedPerson[], wording: Wording): Content {
  const { text } = wording;
  const columns: readonly Column<ListedPerson>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.nomorUsulan'), width: 110, cell: ({ number }) => number },
    { head: text('kolom.nama'), width: '*', cell: ({ name }) => name },
    { head: text('kolom.nikSamar'), width: 78, cell: ({ nikMasked }) => nikMasked },
    { head: text('kolom.rtRw'), width: 40, align: 'center', cell: ({ rt, rw }) => `${rt}/${rw}` },
    { head: text('kolom.desa'), width: 70, cell: ({ village }) => village },
    { head: text('kolom.program'), width: 74, cell: ({ program }) => wording.program(program) },
  ];
  return table(columns, items, { fontSize: 8, empty: text('umum.kosong') });
}

export function renderSuratPengesahan(data: SuratPengesahan, wording: Wording): Promise<Uint8Array> {
  const { office, issue, items, signer, copies } = data;
  const { text } = wording;
  const title = text('pengesahan.judul');
  const period = wording.period(data.period);
  const hash = listHash(items);
  return print({
    office,
    issue,
    wording,
    title,
    listHash: hash,
    content: [
      letterhead(office),
      { text: `${office.place}, ${wording.date(issue.issuedAt)}`, alignment: 'right', margin: [0, 0, 0, 6] },
      particulars(
        [
          [text('pengesahan.nomor'), issue.number],
          [text('pengesahan.sifat'), text('pengesahan.segera')],
          [text('pengesahan.lampiran'), text('pengesahan.satuBerkas')],
          [text('pengesahan.hal'), text('pengesahan.perihal', { periode: period })],
        ],
        60,
      ),
      {
        stack: [
          text('pengesahan.yth'),
          { text: data.addressee, bold: true },
          text('pengesahan.di', { tempat: data.addresseePlace }),
        ],
        margin: [0, 6, 0, 12],
      },
      paragraph(text('pengesahan.dasar', { periode: period })),
      villageTable(items, wording),
      paragraph(text('pengesahan.sidik', { sidik: hash })),
      paragraph(text('pengesahan.penutup')),
      signatures('', [signer]),
      subheading(text('pengesahan.tembusan')),
      numbered(copies),
      { text: '', pageBreak: 'after' },
      subheading(text('pengesahan.daftar', { nomor: issue.number, periode: period })),
      nameTable(items, wording),
    ],
  });
}

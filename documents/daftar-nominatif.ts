/** Nominative list (danom) for PT Pos: only what a payer needs to find and pay a recipient. */
import { heading, letterhead, particulars, print, rowNumber, signatures, table } from './layout.ts';
import type { Column, Issue, Office, Signer } from './layout.ts';
import type { Wording } from './wording.ts';

export interface PaymentLine {
  /** Number of the payment. */
  readonly paymentId: string;
  readonly name: string;
  readonly nikMasked: string;
  readonly address: string;
  readonly rt: string;
  readonly rw: string;
  readonly village: string;
  readonly phone: string | null;
  /** Whole rupiah. */
  readonly amount: number;
}
export interface DaftarNominatif {
  readonly office: Office;
  readonly issue: Issue;
  readonly program: string;
  readonly period: string;
  /** Post office that pays: `KPRK Karawang 41300`. */
  readonly postOffice: string;
  readonly lines: readonly PaymentLine[];
  readonly signers: readonly Signer[];
}

export function renderDaftarNominatif(data: DaftarNominatif, wording: Wording): Promise<Uint8Array> {
  const { office, issue, lines, signers } = data;
  const { text } = wording;
  const title = text('danom.judul');
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const columns: readonly Column<PaymentLine>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.idBayar'), width: 76, cell: ({ paymentId }) => paymentId },
    { head: text('kolom.nama'), width: '*', cell: ({ name }) => name },
    { head: text('kolom.nikSamar'), width: 78, cell: ({ nikMasked }) => nikMasked },
    { head: text('kolom.alamat'), width: 104, cell: ({ address }) => address },
    { head: text('kolom.rtRw'), width: 40, align: 'center', cell: ({ rt, rw }) => `${rt}/${rw}` },
    { head: text('kolom.desa'), width: 58, cell: ({ village }) => village },
    { head: text('kolom.hp'), width: 62, cell: ({ phone }) => phone ?? '-' },
    { head: text('kolom.jumlahRupiah'), width: 54, align: 'right', cell: ({ amount }) => wording.money(amount) },
    { head: text('kolom.tandaTangan'), width: 54, cell: (_, index) => `${index + 1}.` },
  ];
  return print({
    office,
    issue,
    wording,
    title,
    page: { size: 'A4', orientation: 'landscape' },
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      particulars([
        [text('danom.program'), wording.program(data.program)],
        [text('danom.periode'), wording.period(data.period)],
        [text('danom.kantor'), data.postOffice],
        [text('danom.banyak'), text('danom.penerima', { jumlah: lines.length })],
        [text('danom.nilai'), `${wording.money(total)} (${wording.moneyInWords(total)})`],
      ]),
      table(columns, lines, {
        fontSize: 8,
        empty: text('umum.kosong'),
        foot: [
          { text: text('kolom.jumlah'), colSpan: 8, bold: true, alignment: 'right' },
          ...Array.from({ length: 7 }, () => ''),
          { text: wording.money(total), bold: true, alignment: 'right' },
          '',
        ],
      }),
      signatures(`${office.place}, ${wording.date(issue.issuedAt)}`, signers),
    ],
  });
}

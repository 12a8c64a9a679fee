/** Receipt of a payment (kuitansi), A5: figure and words agree, the photos of the handover are named by their hashes. */
import { heading, letterhead, paragraph, particulars, print, signatures } from './layout.ts';
import type { Issue, Office } from './layout.ts';
import { statusLine } from './person.ts';
import type { StatusCheck } from './person.ts';
import type { Wording } from './wording.ts';

export interface Kuitansi {
  readonly office: Office;
  readonly issue: Issue;
  readonly paymentId: string;
  /** Who pays: `PT Pos Indonesia (Persero), KPRK Karawang`. */
  readonly payer: string;
  readonly recipient: { readonly name: string; readonly nikMasked: string; readonly address: string };
  /** Who collected it, when not the recipient: an heir or a member of the family. */
  readonly collectedBy: string | null;
  readonly cashier: string;
  readonly program: string;
  readonly period: string;
  /** Whole rupiah. */
  readonly amount: number;
  /** ISO 8601. */
  readonly paidAt: string;
  readonly place: string;
  /** SHA-256 of the photos of the handover, lowercase hex. */
  readonly evidenceHashes: readonly string[];
  readonly check: StatusCheck;
}

const shownDigits = 16;

export function renderKuitansi(data: Kuitansi, wording: Wording): Promise<Uint8Array> {
  const { office, issue, recipient, amount, evidenceHashes } = data;
  const { text } = wording;
  const title = text('kuitansi.judul');
  const purpose = text('kuitansi.tujuan', {
    program: wording.program(data.program),
    periode: wording.period(data.period),
  });
  const evidence = evidenceHashes.map((hash) => `${hash.slice(0, shownDigits)}…`).join(', ');
  return print({
    office,
    issue,
    wording,
    title,
    page: { size: 'A5', orientation: 'portrait' },
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      particulars([
        [text('kuitansi.idBayar'), data.paymentId],
        [text('kuitansi.dari'), data.payer],
        [text('kuitansi.uang'), wording.money(amount)],
        [text('kuitansi.terbilang'), wording.moneyInWords(amount)],
        [text('kuitansi.untuk'), purpose],
        [text('kuitansi.penerima'), `${recipient.name} (${text('kolom.nikSamar')} ${recipient.nikMasked})`],
        [text('kuitansi.alamat'), recipient.address],
        ...(data.collectedBy === null ? [] : [[text('kuitansi.diambil'), data.collectedBy] as const]),
        [text('kuitansi.waktu'), `${wording.weekdayAndDate(data.paidAt)}, ${wording.time(data.paidAt)}`],
        [text('kuitansi.bukti'), evidence === '' ? text('kuitansi.tanpaBukti') : evidence],
      ]),
      paragraph(statusLine(data.check, wording)),
      signatures(`${data.place}, ${wording.date(data.paidAt)}`, [
        { role: text('kuitansi.juruBayar'), name: data.cashier },
        { role: text('kuitansi.yangMenerima'), name: data.collectedBy ?? recipient.name },
      ]),
    ],
  });
}

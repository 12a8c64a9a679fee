/** Invitations to collect a payment, one A5 page each. The QR code is a signed token that names the proposal, and nothing of the person. */
import type { Content } from 'pdfmake';
import { heading, letterhead, paragraph, particulars, print } from './layout.ts';
import type { Issue, Office } from './layout.ts';
import { statusLine } from './person.ts';
import type { StatusCheck } from './person.ts';
import type { Wording } from './wording.ts';

export interface Invitation {
  readonly name: string;
  readonly address: string;
  readonly rt: string;
  readonly rw: string;
  readonly village: string;
  readonly program: string;
  readonly period: string;
  /** Whole rupiah; null: not known yet. */
  readonly amount: number | null;
  /** ISO 8601: the time slot. */
  readonly from: string;
  readonly until: string;
  readonly place: string;
  /** Where the counter of the slot is: `Loket 2`. */
  readonly counter: string | null;
  /** Last day on which the payment can be collected, ISO 8601. */
  readonly lastDay: string;
  /** Address with the signed token. */
  readonly qrUrl: string;
  readonly check: StatusCheck;
}
export interface Undangan {
  readonly office: Office;
  readonly issue: Issue;
  readonly invitations: readonly Invitation[];
}

function invitationPage(invitation: Invitation, { office, issue }: Undangan, wording: Wording): Content[] {
  const { name, address, rt, rw, village, program, amount, from, until, place, counter } = invitation;
  const { text } = wording;
  return [
    letterhead(office),
    heading(text('undangan.judul'), text('umum.nomor', { nomor: issue.number })),
    {
      stack: [
        text('undangan.kepada'),
        { text: name, bold: true },
        text('undangan.alamat', { alamat: address, rt, rw, desa: village }),
      ],
      margin: [0, 0, 0, 8],
    },
    paragraph(text('undangan.isi', { program: wording.program(program), periode: wording.period(invitation.period) })),
    particulars(
      [
        [text('undangan.hari'), wording.weekdayAndDate(from)],
        [text('undangan.pukul'), text('undangan.rentang', { dari: wording.time(from), sampai: wording.time(until) })],
        [text('undangan.tempat'), counter === null ? place : `${place}, ${counter}`],
        ...(amount === null ? [] : [[text('undangan.nilai'), wording.money(amount)] as const]),
      ],
      80,
    ),
    {
      columns: [
        { qr: invitation.qrUrl, fit: 124, eccLevel: 'M', width: 134 },
        {
          stack: [
            { text: text('undangan.bawa'), bold: true },
            { ul: [text('undangan.bawaUndangan'), text('undangan.bawaKtp'), text('undangan.bawaKk')] },
            { text: text('undangan.batas', { tanggal: wording.date(invitation.lastDay) }), margin: [0, 6, 0, 0] },
            { text: text('undangan.gratis'), margin: [0, 6, 0, 0] },
            { text: statusLine(invitation.check, wording), margin: [0, 6, 0, 0] },
          ],
          fontSize: 9.5,
        },
      ],
      unbreakable: true,
    },
  ];
}

export function renderUndangan(data: Undangan, wording: Wording): Promise<Uint8Array> {
  const { office, issue, invitations } = data;
  const pages = invitations.map((invitation) => invitationPage(invitation, data, wording));
  return print({
    office,
    issue,
    wording,
    title: wording.text('undangan.judul'),
    page: { size: 'A5', orientation: 'portrait' },
    hasQr: false,
    content: pages.map((stack, index): Content => ({
      stack,
      ...(index === 0 ? {} : { pageBreak: 'before' as const }),
    })),
  });
}

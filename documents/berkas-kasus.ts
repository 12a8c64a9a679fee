/** Dossier of a case for auditors: what happened in order, who did it, what was decided and why, and the hashes of the evidence. */
import type { Content } from 'pdfmake';
import { heading, letterhead, paragraph, particulars, print, rowNumber, subheading, table } from './layout.ts';
import type { Column, Issue, Office } from './layout.ts';
import type { Wording } from './wording.ts';

export interface DossierEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
  /** What happened, in words. */
  readonly what: string;
  readonly element: string | null;
}
/** A decision table's advice, or what a person decided. */
export interface DossierDecision {
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly outcome: string;
  readonly reason: string | null;
}
export interface DossierEvidence {
  readonly kind: string;
  readonly uploadedAt: string;
  readonly uploadedBy: string;
  /** SHA-256 of what was sent and of what is kept, lowercase hex. */
  readonly originalHash: string;
  readonly storedHash: string;
}
export interface BerkasKasus {
  readonly office: Office;
  readonly issue: Issue;
  readonly caseNumber: string;
  readonly processName: string;
  readonly state: string;
  readonly regionName: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** null: the case is about nobody. */
  readonly person: { readonly name: string; readonly nikMasked: string } | null;
  readonly events: readonly DossierEvent[];
  readonly decisions: readonly DossierDecision[];
  readonly evidence: readonly DossierEvidence[];
  /** Who asked for the dossier, and why. */
  readonly requestedBy: string;
  readonly requestReason: string;
}

function eventTable(events: readonly DossierEvent[], wording: Wording): Content {
  const { text } = wording;
  const columns: readonly Column<DossierEvent>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.waktu'), width: 90, cell: ({ at }) => wording.moment(at) },
    { head: text('kolom.pelaku'), width: 120, cell: ({ actor }) => actor },
    { head: text('kolom.kejadian'), width: '*', cell: ({ what }) => what },
    { head: text('kolom.langkah'), width: 200, cell: ({ element }) => element ?? '-' },
  ];
  return table(columns, events, { fontSize: 8, empty: text('umum.kosong') });
}
function decisionTable(decisions: readonly DossierDecision[], wording: Wording): Content {
  const { text } = wording;
  const columns: readonly Column<DossierDecision>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.waktu'), width: 90, cell: ({ at }) => wording.moment(at) },
    { head: text('kolom.pelaku'), width: 110, cell: ({ actor }) => actor },
    { head: text('kolom.langkah'), width: 130, cell: ({ subject }) => subject },
    { head: text('kolom.putusan'), width: '*', cell: ({ outcome }) => outcome },
    { head: text('kolom.alasan'), width: 200, cell: ({ reason }) => reason ?? '-' },
  ];
  return table(columns, decisions, { fontSize: 8, empty: text('umum.kosong') });
}
function evidenceTable(evidence: readonly DossierEvidence[], wording: Wording): Content {
  const { text } = wording;
  const columns: readonly Column<DossierEvidence>[] = [
    rowNumber(text('kolom.no')),
    { head: text('kolom.jenis'), width: 120, cell: ({ kind }) => kind },
    { head: text('kolom.waktu'), width: 90, cell: ({ uploadedAt }) => wording.moment(uploadedAt) },
    { head: text('kolom.pelaku'), width: 110, cell: ({ uploadedBy }) => uploadedBy },
    {
      head: text('kolom.sidik'),
      width: '*',
      cell: ({ originalHash, storedHash }) => text('berkas.sidik', { asli: originalHash, simpanan: storedHash }),
    },
  ];
  return table(columns, evidence, { fontSize: 8, empty: text('umum.kosong') });
}

export function renderBerkasKasus(data: BerkasKasus, wording: Wording): Promise<Uint8Array> {
  const { office, issue, person } = data;
  const { text } = wording;
  const title = text('berkas.judul');
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
        [text('berkas.kasus'), data.caseNumber],
        [text('berkas.proses'), data.processName],
        [text('berkas.wilayah'), data.regionName],
        [
          text('berkas.warga'),
          person === null ? '-' : `${person.name} (${text('kolom.nikSamar')} ${person.nikMasked})`,
        ],
        [text('berkas.keadaan'), data.state],
        [text('berkas.mulai'), wording.moment(data.startedAt)],
        [text('berkas.selesai'), data.endedAt === null ? '-' : wording.moment(data.endedAt)],
        [text('berkas.diminta'), data.requestedBy],
        [text('berkas.alasan'), data.requestReason],
      ]),
      paragraph(text('berkas.rahasia')),
      subheading(text('berkas.putusan')),
      decisionTable(data.decisions, wording),
      subheading(text('berkas.bukti')),
      evidenceTable(data.evidence, wording),
      subheading(text('berkas.urutan')),
      eventTable(data.events, wording),
    ],
  });
}

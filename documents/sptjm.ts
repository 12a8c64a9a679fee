/** Statement of absolute responsibility (SPTJM): the village head answers for a list that no meeting has decided, and says why. */
import { decidedTable } from './berita-acara.ts';
import type { DecidedItem } from './berita-acara.ts';
import { heading, letterhead, numbered, paragraph, particulars, print, signatures, subheading } from './layout.ts';
import type { Issue, Office, Signer } from './layout.ts';
import { listHash } from './list-hash.ts';
import type { Wording } from './wording.ts';

export interface Sptjm {
  readonly office: Office;
  readonly issue: Issue;
  readonly villageName: string;
  readonly period: string;
  /** Why no meeting was held. */
  readonly reason: string;
  readonly declarant: Signer;
  readonly items: readonly DecidedItem[];
}

export function renderSptjm(data: Sptjm, wording: Wording): Promise<Uint8Array> {
  const { office, issue, declarant, items, villageName } = data;
  const { text } = wording;
  const title = text('sptjm.judul');
  const period = wording.period(data.period);
  return print({
    office,
    issue,
    wording,
    title,
    listHash: listHash(items),
    content: [
      letterhead(office),
      heading(title, text('umum.nomor', { nomor: issue.number })),
      paragraph(text('sptjm.pembuka')),
      particulars([
        [text('sptjm.nama'), declarant.name],
        [text('sptjm.jabatan'), declarant.role],
        [text('sptjm.wilayah'), villageName],
      ]),
      paragraph(text('sptjm.menyatakan', { jumlah: items.length, periode: period })),
      numbered([
        text('sptjm.benar'),
        text('sptjm.tanpaMusyawarah', { alasan: data.reason }),
        text('sptjm.bersedia'),
        text('sptjm.akibat'),
      ]),
      paragraph(text('sptjm.penutup')),
      signatures(`${office.place}, ${wording.date(issue.issuedAt)}`, [
        { ...declarant, role: `${declarant.role}\n\n${text('sptjm.meterai')}` },
      ]),
      { text: '', pageBreak: 'after', pageOrientation: 'landscape' },
      subheading(text('sptjm.lampiran', { nomor: issue.number, desa: villageName, periode: period })),
      decidedTable(items, wording),
    ],
  });
}

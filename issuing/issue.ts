/** Issues a paper: drawn up from the data, printed, kept, written down. What is printed is Indonesian. */
import type { PoolClient } from 'pg';
import type { DocumentOrder } from '#contract/document.ts';
import { appendAudit } from '#db/audit.ts';
import { findDocumentOfJob, insertDocument, isIssued } from '#db/documents.ts';
import type { DocumentRow } from '#db/documents.ts';
import { nextKey } from '#db/queries/definitions.ts';
import type { Office } from '#documents/layout.ts';
import type { Printer } from '#documents/printer.ts';
import { sha256 } from '#files/store.ts';
import type { FileStore } from '#files/store.ts';
import { CannotIssue } from './cannot-issue.ts';
import { verifyUrlOf } from './desk.ts';
import type { Desk, Draft, Sources } from './desk.ts';
import { drawDaftarNominatif, drawSuratPengesahan } from './district-papers.ts';
import { drawLaporanMonev } from './monitoring-paper.ts';
import { officeOf } from './office.ts';
import { drawKuitansi, drawUndangan } from './recipient-papers.ts';
import { drawBeritaAcara, drawPapanPengumuman, drawSptjm } from './village-papers.ts';

/** As long as papers about money are kept (default; see docs). */
const validYears = 10;
/** What the file register calls them; they belong to no case's evidence. */
export const documentFileKind = 'DOKUMEN';

export interface Press extends Sources {
  readonly print: Printer;
  readonly files: FileStore;
}
export interface Issuing {
  readonly order: DocumentOrder;
  /** Who stands in the register of papers. */
  readonly issuedBy: string;
  /** A job issues one paper for a region, however often it is tried; null: a person asks. */
  readonly jobKey: string | null;
  /** What is known before anything is printed. */
  readonly draw: (desk: Desk) => Promise<Draft>;
  /** Runs queries in one transaction that shows what he who asks may see. */
  readonly inTransaction: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
}

/** Of every kind but the dossier, which needs an account. */
export type JobOrder = Exclude<DocumentOrder, { readonly kind: 'BERKAS_KASUS' }>;
export function drawPaper(desk: Desk, order: JobOrder): Promise<Draft> {
  switch (order.kind) {
    case 'BERITA_ACARA':
      return drawBeritaAcara(desk, order);
    case 'SPTJM':
      return drawSptjm(desk, order);
    case 'SURAT_PENGESAHAN':
      return drawSuratPengesahan(desk, order);
    case 'DAFTAR_NOMINATIF':
      return drawDaftarNominatif(desk, order);
    case 'UNDANGAN':
      return drawUndangan(desk, order);
    case 'KUITANSI':
      return drawKuitansi(desk, order);
    case 'PAPAN_PENGUMUMAN':
      return drawPapanPengumuman(desk, order);
    case 'LAPORAN_MONEV':
      return drawLaporanMonev(desk, order);
  }
}

const yearsAfter = (at: Date, years: number): Date => {
  const later = new Date(at);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
};

type Prepared =
  | { readonly known: DocumentRow }
  | { readonly known: null; readonly draft: Draft; readonly office: Office; readonly documentKey: string };
async function prepare(press: Press, issuing: Issuing): Promise<Prepared> {
  const { order, jobKey, draw, inTransaction } = issuing;
  return inTransaction(async (db) => {
    const draft = await draw({ ...press, db });
    const known = jobKey === null ? null : await findDocumentOfJob(db, jobKey, draft.region);
    if (known !== null) return { known };
    if (await isIssued(db, draft.region, order.kind, order.number)) throw taken(order);
    const office = await officeOf(db, draft.officeRegion ?? draft.region, order.kind);
    return { known: null, draft, office, documentKey: await nextKey(db) };
  });
}
const taken = ({ number }: DocumentOrder): CannotIssue => new CannotIssue('letterNumberTaken', { number });

/** Twice for one job and region: the paper of the first time. @throws CannotIssue */
export async function issuePaper(press: Press, issuing: Issuing): Promise<DocumentRow> {
  const prepared = await prepare(press, issuing);
  if (prepared.known !== null) return prepared.known;
  const { draft, office, documentKey } = prepared;
  const { order, issuedBy, jobKey, inTransaction } = issuing;
  // Printing takes seconds: in no transaction.
  const issuedAt = new Date();
  const verifyUrl = verifyUrlOf(press, { kind: 'document', id: documentKey }, yearsAfter(issuedAt, validYears));
  const issue = { number: order.number, issuedAt: issuedAt.toISOString(), verifyUrl };
  const pdf = await press.print({ paper: draft.paper, office, issue, language: 'id' });
  const hash = sha256(pdf);
  const storeKey = await press.files.put(pdf);
  const { region, caseKey, period } = draft;
  return inTransaction(async (db) => {
    const fileKey = await press.fileRegister.insert(db, {
      storeKey,
      caseKey: null,
      region,
      kind: documentFileKind,
      mediaType: 'application/pdf',
      bytes: pdf.length,
      originalHash: hash,
      storedHash: hash,
      capture: { client: null, exif: null },
      uploadedBy: issuedBy,
    });
    const { kind, number } = order;
    const facts = { documentKey, kind, number, region, caseKey, period, hash, fileKey, issuedBy };
    const row = { ...facts, issuedAt: issue.issuedAt };
    if (!(await insertDocument(db, row, jobKey)))
      // Another attempt of the job may have been faster: the next one sees which.
      throw jobKey === null ? taken(order) : new Error('a paper of this number was issued meanwhile');
    const detail = { kind, number, hash, ...(order.kind === 'BERKAS_KASUS' ? { reason: order.reason } : {}) };
    await appendAudit(db, { actor: issuedBy, action: 'document.issue', target: documentKey, region, detail });
    return row;
  });
}

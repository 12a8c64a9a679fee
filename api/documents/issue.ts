/** Issues a paper: drawn up from the data, printed, kept, written down. What is printed is Indonesian. */
import type { DocumentOrder } from '#contract/document.ts';
import { appendAudit } from '#db/audit.ts';
import { insertDocument, isIssued } from '#db/documents.ts';
import type { DocumentRow } from '#db/documents.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { sha256 } from '#files/store.ts';
import type { documentEndpoints } from '#contract/document.ts';
import { assertCovers } from '../accounts-view.ts';
import type { Call } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { Refusal } from '../refusal.ts';
import { drawDaftarNominatif, drawSuratPengesahan } from './district-papers.ts';
import { drawBerkasKasus } from './dossier.ts';
import { officeOf } from './office.ts';
import type { Desk, Draft } from './paper.ts';
import { drawKuitansi, drawUndangan } from './recipient-papers.ts';
import { verifyUrlOf } from './verify-url.ts';
import { drawBeritaAcara, drawPapanPengumuman, drawSptjm } from './village-papers.ts';

/** As long as papers about money are kept (default; see docs). */
const validYears = 10;
/** What the file register calls them; they belong to no case's evidence. */
export const documentFileKind = 'DOKUMEN';

function draw(desk: Desk, order: DocumentOrder): Promise<Draft> {
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
    case 'BERKAS_KASUS':
      return drawBerkasKasus(desk, order);
  }
}
const yearsAfter = (at: Date, years: number): Date => {
  const later = new Date(at);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
};
const taken = ({ number }: DocumentOrder): Refusal =>
  new Refusal('alreadyExists', 'letterNumberTaken', { values: { number } });

export async function issueDocument({
  caller,
  body: order,
  db,
  deps,
}: Call<(typeof documentEndpoints)['issueDocument']>): Promise<DocumentRow> {
  assertNoCitizenNumber(order);
  const { account } = caller;
  const { draft, office, documentKey } = await db(async (client) => {
    const drawn = await draw({ db: client, deps, account }, order);
    assertCovers(account, drawn.region);
    if (await isIssued(client, drawn.region, order.kind, order.number)) throw taken(order);
    return {
      draft: drawn,
      office: await officeOf(client, drawn.region, order.kind),
      documentKey: await nextKey(client),
    };
  });
  // Printing takes seconds: in no transaction.
  const issuedAt = new Date();
  const verifyUrl = verifyUrlOf(deps, { kind: 'document', id: documentKey }, yearsAfter(issuedAt, validYears));
  const issue = { number: order.number, issuedAt: issuedAt.toISOString(), verifyUrl };
  const pdf = await deps.print({ paper: draft.paper, office, issue, language: 'id' });
  const hash = sha256(pdf);
  const storeKey = await deps.files.put(pdf);
  const { region, caseKey, period } = draft;
  const issuedBy = account.name;
  return db(async (client) => {
    const fileKey = await deps.fileRegister.insert(client, {
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
    const row = {
      documentKey,
      kind,
      number,
      region,
      caseKey,
      period,
      hash,
      fileKey,
      issuedBy,
      issuedAt: issue.issuedAt,
    };
    if (!(await insertDocument(client, row))) throw taken(order);
    const detail = { kind, number, hash, ...(order.kind === 'BERKAS_KASUS' ? { reason: order.reason } : {}) };
    await appendAudit(client, { actor: issuedBy, action: 'document.issue', target: documentKey, region, detail });
    return row;
  });
}

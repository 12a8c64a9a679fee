/** Papers of a district: the letter that confirms a period's list, and the list that PT Pos pays by. */
import { z } from 'zod';
import { documentLimits } from '#contract/document.ts';
import type { OrderOf } from '#contract/document.ts';
import { findConfirmedNumbers, findProposalsByNumber, findProposalsOfPeriod } from '#db/documents.ts';
import { maskNumber } from '#db/vault.ts';
import type { PaymentLine } from '#documents/daftar-nominatif.ts';
import { visibleInstance } from '../commands.ts';
import { assertFits, caseData, citizenOf, fit, listedPersons, proposed, villageName } from './paper.ts';
import type { Desk, Draft } from './paper.ts';

/** Variables of the sign-off's case (process verifikasi-pengesahan-kabkota). */
const batch = z.object({ kodeKab: z.string(), periode: z.string() });

export async function drawSuratPengesahan(desk: Desk, order: OrderOf<'SURAT_PENGESAHAN'>): Promise<Draft> {
  await visibleInstance(desk.db, order.caseKey);
  const { kodeKab, periode } = await caseData(desk.db, order.caseKey, batch);
  const numbers = await findConfirmedNumbers(desk.db, order.caseKey, documentLimits.lines + 1);
  assertFits(numbers.length);
  const items = await listedPersons(desk, await findProposalsByNumber(desk.db, numbers, ['usulan']));
  return {
    region: kodeKab,
    caseKey: order.caseKey,
    period: periode,
    paper: { kind: order.kind, body: { ...order, period: periode, items } },
  };
}

/** Variable `danom` of a proposal's case: its place on a nominative list. */
export const payment = z.object({ nomor: z.string(), jumlah: z.int().nonnegative() });

export async function drawDaftarNominatif(desk: Desk, order: OrderOf<'DAFTAR_NOMINATIF'>): Promise<Draft> {
  const scope = { region: order.region, period: order.period, most: documentLimits.lines + 1 };
  const proposals = await findProposalsOfPeriod(desk.db, scope, ['usulan', 'danom']);
  assertFits(proposals.length);
  const lines: PaymentLine[] = [];
  for (const proposal of proposals) {
    const paid = payment.safeParse(proposal.variables['danom']);
    if (!paid.success || fit(proposed, proposal.variables['usulan']).program !== order.program) continue;
    const { nama, nik, alamat, rt, rw, hp } = await citizenOf(desk, proposal);
    lines.push({
      paymentId: paid.data.nomor,
      name: nama,
      nikMasked: maskNumber(nik),
      address: alamat ?? '-',
      rt: rt ?? '-',
      rw: rw ?? '-',
      village: await villageName(proposal.region),
      phone: hp,
      amount: paid.data.jumlah,
    });
  }
  return {
    region: order.region,
    caseKey: null,
    period: order.period,
    paper: { kind: order.kind, body: { ...order, lines } },
  };
}

/** Papers of a district: the letter that confirms a period's list, and the list that PT Pos pays by. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { documentLimits } from '#contract/document.ts';
import type { OrderOf } from '#contract/document.ts';
import { countConfirmed, findConfirmedNumbers, findProposalsByNumber, findProposalsOfPeriod } from '#db/documents.ts';
import { regionCovers } from '#db/region-scope.ts';
import { maskNumber } from '#db/vault.ts';
import type { PaymentLine } from '#documents/daftar-nominatif.ts';
import { CannotIssue } from './cannot-issue.ts';
import { assertFits, assertVisible, caseData, citizenOf, fit, listedPersons, proposed, villageName } from './desk.ts';
import type { Desk, Draft } from './desk.ts';

/** Variables of the sign-off's case (process verifikasi-pengesahan-kabkota). */
const batch = z.object({ kodeKab: z.string(), periode: z.string() });

/** A district's letter, or that of a part of it: the same number, letterhead and signature, and the list of that part. */
export async function drawSuratPengesahan(desk: Desk, order: OrderOf<'SURAT_PENGESAHAN'>): Promise<Draft> {
  await assertVisible(desk.db, order.caseKey);
  const { kodeKab, periode } = await caseData(desk.db, order.caseKey, batch);
  const region = order.part ?? kodeKab;
  if (!regionCovers(kodeKab, region)) throw new CannotIssue('outsideRegion');
  const numbers = await findConfirmedNumbers(desk.db, order.caseKey, region, documentLimits.lines + 1);
  assertFits(numbers.length);
  const items = await listedPersons(desk, await findProposalsByNumber(desk.db, numbers, ['usulan']));
  return {
    region,
    officeRegion: kodeKab,
    caseKey: order.caseKey,
    period: periode,
    paper: { kind: order.kind, body: { ...order, period: periode, items } },
  };
}

/** Segments of the code of a village, which is not parted further. */
const villageSegments = 4;
const segments = (region: string): readonly string[] => region.split('.');

/** The parts of a region that each fit on one letter: itself, else its kecamatan, else their villages. */
export function letterParts(region: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const below = [...counts.keys()].filter((code) => regionCovers(region, code));
  const lines = below.reduce((sum, code) => sum + (counts.get(code) ?? 0), 0);
  const depth = segments(region).length;
  if (lines <= documentLimits.lines || depth >= villageSegments) return [region];
  const children = new Set(
    below.map((code) =>
      segments(code)
        .slice(0, depth + 1)
        .join('.'),
    ),
  );
  return [...children].flatMap((child) => letterParts(child, counts));
}
/** Of the letter that confirms what a batch case has decided. @param region of the case */
export const partsOfLetter = async (db: PoolClient, caseKey: string, region: string): Promise<readonly string[]> =>
  letterParts(region, await countConfirmed(db, caseKey));

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

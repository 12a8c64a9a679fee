/** Papers for a recipient: the invitation to collect, and the receipt. */
import { z } from 'zod';
import type { OrderOf } from '#contract/document.ts';
import { findProposalOfCase, findProposalsByNumber } from '#db/documents.ts';
import type { ProposalOnPaper } from '#db/documents.ts';
import { fileLimits } from '#contract/file.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { Invitation } from '#documents/undangan.ts';
import { assertCovers } from '../accounts-view.ts';
import { visibleInstance } from '../commands.ts';
import { notFound, Refusal } from '../refusal.ts';
import { payment } from './district-papers.ts';
import { citizenOf, fit, proposed, villageName } from './paper.ts';
import type { Desk, Draft } from './paper.ts';
import { verifyUrlOf } from './verify-url.ts';

/** An invitation can be read at the counter for so long after the last day. */
const graceMs = 48 * 3_600_000;

const onList = z.object({ usulan: proposed, danom: payment });

async function invitationOf(
  desk: Desk,
  proposal: ProposalOnPaper,
  order: OrderOf<'UNDANGAN'>,
  { from, until, place, counter }: OrderOf<'UNDANGAN'>['invitations'][number],
): Promise<Invitation> {
  const { usulan, danom } = fit(onList, proposal.variables);
  const { nama, alamat, rt, rw } = await citizenOf(desk, proposal);
  const expiresAt = new Date(Date.parse(order.lastDay) + graceMs);
  return {
    name: nama,
    address: alamat ?? '-',
    rt: rt ?? '-',
    rw: rw ?? '-',
    village: await villageName(proposal.region),
    program: usulan.program,
    period: usulan.periode,
    amount: danom.jumlah,
    from,
    until,
    place,
    counter,
    lastDay: order.lastDay,
    qrUrl: verifyUrlOf(desk.deps, { kind: 'proposal', id: proposal.number }, expiresAt),
  };
}
export async function drawUndangan(desk: Desk, order: OrderOf<'UNDANGAN'>): Promise<Draft> {
  const numbers = order.invitations.map(({ proposalNumber }) => proposalNumber);
  const proposals = new Map(
    (await findProposalsByNumber(desk.db, numbers, ['usulan', 'danom'])).map((proposal) => [proposal.number, proposal]),
  );
  const unknown = numbers.filter((number) => !proposals.has(number));
  if (unknown.length > 0)
    throw new Refusal('wrongState', 'caseWithoutData', { values: { missing: unknown.slice(0, 10).join(', ') } });
  const invitations: Invitation[] = [];
  for (const invited of order.invitations) {
    const proposal = proposals.get(invited.proposalNumber);
    if (proposal === undefined) continue;
    assertCovers({ ...desk.account, region: order.region }, proposal.region);
    invitations.push(await invitationOf(desk, proposal, order, invited));
  }
  return {
    region: order.region,
    caseKey: null,
    period: invitations[0]?.period ?? null,
    paper: { kind: order.kind, body: { invitations } },
  };
}

const paid = z.object({
  usulan: proposed,
  danom: payment,
  penyaluran: z.object({ hasil: z.literal('TERBAYAR'), jumlah: z.int().positive().nullish() }),
});
const addressOf = async ({ alamat, rt, rw }: Citizen, region: string): Promise<string> =>
  [alamat, rt === null ? null : `RT ${rt}`, rw === null ? null : `RW ${rw}`, await villageName(region)]
    .filter((part) => part !== null)
    .join(', ');

export async function drawKuitansi(desk: Desk, order: OrderOf<'KUITANSI'>): Promise<Draft> {
  await visibleInstance(desk.db, order.caseKey);
  const proposal = await findProposalOfCase(desk.db, order.caseKey, Object.keys(paid.shape));
  if (proposal === null) throw notFound();
  const { usulan, danom, penyaluran } = fit(paid, proposal.variables);
  const citizen = await citizenOf(desk, proposal);
  const files = await desk.deps.fileRegister.ofCase(desk.db, order.caseKey, fileLimits.perCase);
  const recipient = {
    name: citizen.nama,
    nikMasked: maskNumber(citizen.nik),
    address: await addressOf(citizen, proposal.region),
  };
  const receipt = {
    paymentId: danom.nomor,
    recipient,
    program: usulan.program,
    period: usulan.periode,
    amount: penyaluran.jumlah ?? danom.jumlah,
    evidenceHashes: files.filter(({ kind }) => kind === 'FOTO_SERAH_TERIMA').map(({ originalHash }) => originalHash),
  };
  return {
    region: proposal.region,
    caseKey: order.caseKey,
    period: usulan.periode,
    paper: { kind: order.kind, body: { ...order, ...receipt } },
  };
}

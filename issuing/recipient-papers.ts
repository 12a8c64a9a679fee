/** Papers for a recipient: the invitation to collect, and the receipt. */
import { z } from 'zod';
import type { OrderOf } from '#contract/document.ts';
import { findProposalOfCase, findProposalsByNumber } from '#db/documents.ts';
import type { ProposalOnPaper } from '#db/documents.ts';
import { fileLimits } from '#contract/file.ts';
import { regionCovers } from '#db/region-scope.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { Invitation } from '#documents/undangan.ts';
import { CannotIssue } from './cannot-issue.ts';
import { assertVisible, citizenOf, fit, proposed, statusCheckOf, verifyUrlOf, villageName } from './desk.ts';
import type { Desk, Draft } from './desk.ts';
import { payment } from './district-papers.ts';

/** An invitation can be read at the counter for so long after the last day. */
const graceMs = 48 * 3_600_000;

/** Of a proposal whose recipient can be invited: PT Pos has given him an appointment (`jadwal`), and perhaps he is on a nominative list already. */
const invitable = z
  .object({
    usulan: proposed,
    jadwal: z.object({ mulai: z.string() }).nullish(),
    danom: payment.nullish(),
    kebijakan: z.object({ besaran: z.record(z.string(), z.unknown()) }).nullish(),
  })
  .refine(({ jadwal, danom }) => jadwal !== undefined || danom !== undefined, { path: ['jadwal'] });
/** As ordered; before that, as the policy says. */
function amountOf({ usulan, danom, kebijakan }: z.output<typeof invitable>): number | null {
  if (danom !== undefined && danom !== null) return danom.jumlah;
  const amount = kebijakan?.besaran[usulan.program];
  return typeof amount === 'number' ? amount : null;
}

async function invitationOf(
  desk: Desk,
  proposal: ProposalOnPaper,
  order: OrderOf<'UNDANGAN'>,
  { from, until, place, counter }: OrderOf<'UNDANGAN'>['invitations'][number],
): Promise<Invitation> {
  const known = fit(invitable, proposal.variables);
  const { usulan } = known;
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
    amount: amountOf(known),
    from,
    until,
    place,
    counter,
    lastDay: order.lastDay,
    qrUrl: verifyUrlOf(desk, { kind: 'proposal', id: proposal.number }, expiresAt),
    check: statusCheckOf(desk, proposal.number),
  };
}
export async function drawUndangan(desk: Desk, order: OrderOf<'UNDANGAN'>): Promise<Draft> {
  const numbers = order.invitations.map(({ proposalNumber }) => proposalNumber);
  const proposals = new Map(
    (await findProposalsByNumber(desk.db, numbers, Object.keys(invitable.shape))).map((proposal) => [
      proposal.number,
      proposal,
    ]),
  );
  const unknown = numbers.filter((number) => !proposals.has(number));
  if (unknown.length > 0) throw new CannotIssue('caseWithoutData', { missing: unknown.slice(0, 10).join(', ') });
  const invitations: Invitation[] = [];
  for (const invited of order.invitations) {
    const proposal = proposals.get(invited.proposalNumber);
    if (proposal === undefined) continue;
    if (!regionCovers(order.region, proposal.region)) throw new CannotIssue('outsideRegion');
    invitations.push(await invitationOf(desk, proposal, order, invited));
  }
  const [first, ...others] = proposals.values();
  return {
    region: order.region,
    // One alone belongs to its case.
    caseKey: others.length === 0 ? (first?.caseKey ?? null) : null,
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
  await assertVisible(desk.db, order.caseKey);
  const proposal = await findProposalOfCase(desk.db, order.caseKey, Object.keys(paid.shape));
  if (proposal === null) throw new CannotIssue('caseUnknown');
  const { usulan, danom, penyaluran } = fit(paid, proposal.variables);
  const citizen = await citizenOf(desk, proposal);
  const files = await desk.fileRegister.ofFamily(desk.db, proposal.caseKey, fileLimits.perCase);
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
    check: statusCheckOf(desk, proposal.number),
    evidenceHashes: files.filter(({ kind }) => kind === 'FOTO_SERAH_TERIMA').map(({ originalHash }) => originalHash),
  };
  return {
    region: proposal.region,
    caseKey: proposal.caseKey,
    period: usulan.periode,
    paper: { kind: order.kind, body: { ...order, ...receipt } },
  };
}

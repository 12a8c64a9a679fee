/** Papers of a village: minutes of a meeting, the statement that stands in for one, the notice board. */
import { z } from 'zod';
import type { OrderOf } from '#contract/document.ts';
import { villageCode } from '#contract/values.ts';
import { documentLimits } from '#contract/document.ts';
import { findPostedNumbers, findProposalsByNumber, findProposalsOfPeriod } from '#db/documents.ts';
import { regionNames } from '#db/regions.ts';
import { decisions } from '#documents/berita-acara.ts';
import type { DecidedItem } from '#documents/berita-acara.ts';
import type { PublicLine } from '#documents/papan-pengumuman.ts';
import { initials } from '#documents/person.ts';
import { assertFits, assertVisible, caseData, citizenOf, fit, listedPersons, proposed } from './desk.ts';
import type { Desk, Draft } from './desk.ts';

/** Variables of a meeting's case (process musyawarah-desa). */
const decided = z.object({
  kodeDesa: villageCode,
  periode: z.string(),
  keputusan: z.array(
    z.object({
      nomor: z.string(),
      hasil: z.enum(decisions),
      cara: z.string().nullish(),
      setuju: z.int().nullish(),
      tolak: z.int().nullish(),
      abstain: z.int().nullish(),
      alasan: z.string().nullish(),
    }),
  ),
});
const attended = z.object({ jumlahUndangan: z.int(), hadir: z.int(), percobaan: z.int() });
type Decision = z.output<typeof decided>['keputusan'][number];

async function decidedItems(desk: Desk, given: readonly Decision[]): Promise<DecidedItem[]> {
  assertFits(given.length);
  const byNumber = new Map(given.map((decision) => [decision.nomor, decision]));
  const proposals = await findProposalsByNumber(desk.db, [...byNumber.keys()], ['usulan']);
  const persons = await listedPersons(desk, proposals);
  return persons.flatMap((person): DecidedItem[] => {
    const decision = byNumber.get(person.number);
    if (decision === undefined) return [];
    const { hasil, cara, setuju, tolak, abstain, alasan } = decision;
    const isVote = cara === 'SUARA';
    return [
      {
        ...person,
        decision: hasil,
        method: isVote || cara === 'SPTJM' ? cara : 'MUFAKAT',
        votes: isVote ? { inFavour: setuju ?? 0, against: tolak ?? 0, abstaining: abstain ?? 0 } : null,
        reason: alasan === undefined || alasan === '' ? null : alasan,
      },
    ];
  });
}
const nameOf = async (region: string): Promise<string> => (await regionNames())(region) ?? region;

export async function drawBeritaAcara(desk: Desk, order: OrderOf<'BERITA_ACARA'>): Promise<Draft> {
  await assertVisible(desk.db, order.caseKey);
  const { kodeDesa, periode, keputusan } = await caseData(desk.db, order.caseKey, decided);
  const { jumlahUndangan, hadir, percobaan } = await caseData(desk.db, order.caseKey, attended);
  const items = await decidedItems(desk, keputusan);
  const villageName = await nameOf(kodeDesa);
  const meeting = { invited: jumlahUndangan, present: hadir, attempt: percobaan };
  return {
    region: kodeDesa,
    caseKey: order.caseKey,
    period: periode,
    paper: { kind: order.kind, body: { ...order, ...meeting, villageName, period: periode, items } },
  };
}

export async function drawSptjm(desk: Desk, order: OrderOf<'SPTJM'>): Promise<Draft> {
  await assertVisible(desk.db, order.caseKey);
  const { kodeDesa, periode, keputusan } = await caseData(desk.db, order.caseKey, decided);
  const items = await decidedItems(desk, keputusan);
  const villageName = await nameOf(kodeDesa);
  return {
    region: kodeDesa,
    caseKey: order.caseKey,
    period: periode,
    paper: { kind: order.kind, body: { ...order, villageName, period: periode, items } },
  };
}

const accepted = z.object({ hasil: z.literal('TERIMA') });
/** Lines for everybody: of the proposals of a village and period that were accepted, and of those a meeting has accepted that waits for objections. */
export async function publicLines(desk: Desk, village: string, period: string): Promise<PublicLine[]> {
  const scope = { region: village, period, most: documentLimits.lines + 1 };
  const proposals = await findProposalsOfPeriod(desk.db, scope, ['usulan', 'musyawarah']);
  assertFits(proposals.length);
  const told = proposals.filter(({ variables }) => accepted.safeParse(variables['musyawarah']).success);
  const posted = await findProposalsByNumber(desk.db, await findPostedNumbers(desk.db, village, period), ['usulan']);
  const shown = new Map([...told, ...posted].map((proposal) => [proposal.number, proposal])).values();
  const lines: PublicLine[] = [];
  for (const proposal of shown) {
    const { nama, rt } = await citizenOf(desk, proposal);
    const { program } = fit(proposed, proposal.variables['usulan']);
    lines.push({ initials: initials(nama), rt: rt ?? '-', program });
  }
  return lines;
}
export async function drawPapanPengumuman(desk: Desk, order: OrderOf<'PAPAN_PENGUMUMAN'>): Promise<Draft> {
  const lines = await publicLines(desk, order.village, order.period);
  const villageName = await nameOf(order.village);
  return {
    region: order.village,
    caseKey: null,
    period: order.period,
    paper: { kind: order.kind, body: { ...order, villageName, lines } },
  };
}

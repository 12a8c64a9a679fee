/**
 * For citizens with the number and the code of a proposal. The code is checked before anything is looked up: whether there is such a number
 * is told by neither the answer nor its time. Who has both may see how far the proposal is, wherever it is, and tell of it.
 */
import type { PoolClient } from 'pg';
import { publicSteps } from '#contract/citizen.ts';
import type { CitizenReport, CitizenStatus, citizenEndpoints } from '#contract/citizen.ts';
import type { WaitReason } from '#contract/case.ts';
import { appendAudit } from '#db/audit.ts';
import { latestElements } from '#db/queries/cases.ts';
import { findInstance } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { findProposalByNumber } from '#db/queries/proposals.ts';
import type { ProposalRow } from '#db/queries/proposals.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import { maskName } from '#db/vault.ts';
import type { Dependencies } from '../dependencies.ts';
import type { HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { begin, dataRequest, messageFor, tell } from '../proposal-reports.ts';
import type { Message, NewCase, Telling } from '../proposal-reports.ts';
import { statusesOf } from '../public-status.ts';
import { notFound, Refusal } from '../refusal.ts';
import { waitReasonsOf } from '../wait-reason.ts';

/** In the audit trail and in cases; no account has such a name. */
const citizenActor = '(warga)';
/** Process of objections; its definition is in definitions/dtks. */
const objectionProcess = 'sanggah';

interface Claim {
  readonly proposalNumber: string;
  readonly code: string;
}

/** @throws Refusal, the same for a wrong number and a wrong code */
async function claimedProposal(client: PoolClient, deps: Dependencies, claim: Claim): Promise<ProposalRow> {
  const wrong = new Refusal('wrongCode', 'citizenCodeWrong');
  if (!deps.publicTokens.isCodeOf(claim.proposalNumber, claim.code)) throw wrong;
  const proposal = await findProposalByNumber(client, claim.proposalNumber);
  // A code of ours for a number that was never given, or is gone.
  if (proposal === null) throw wrong;
  return proposal;
}

/** Called cases are followed to where somebody really works. */
const callsDeep = 5;
async function innermostReason(
  client: PoolClient,
  deps: Dependencies,
  instance: InstanceRow,
): Promise<WaitReason | null> {
  let reason: WaitReason | null = null;
  let waiting: InstanceRow | null = instance;
  for (let depth = 0; depth < callsDeep && waiting !== null; depth += 1) {
    reason = (await waitReasonsOf(client, deps.models, [waiting])).get(waiting.processInstanceKey) ?? reason;
    const childKey: string | undefined = reason?.detail.childCaseKey;
    waiting = childKey === undefined ? null : await findInstance(client, childKey);
  }
  return reason;
}

const stepNumbers: ReadonlyMap<string, number> = new Map(publicSteps.map((step, number) => [step, number]));
/** Steps beside the nine (a repair, a delay) happen at the last of the nine before them. */
function stepOf(statuses: readonly string[]): number {
  const latest = statuses.find((status) => stepNumbers.has(status));
  return latest === undefined ? 0 : (stepNumbers.get(latest) ?? 0);
}

async function statusFor(client: PoolClient, deps: Dependencies, proposal: ProposalRow): Promise<CitizenStatus> {
  const { proposalNumber, region, createdAt: submittedAt, processInstanceKey, subjectKey } = proposal;
  const citizen = await deps.vault.read(client, subjectKey);
  const instance = await findInstance(client, processInstanceKey);
  const model = instance === null ? null : await deps.models.get(client, instance.processDefinitionKey);
  const statuses = statusesOf(model, await latestElements(client, processInstanceKey));
  const reason = instance === null ? null : await innermostReason(client, deps, instance);
  return {
    proposalNumber,
    nameMasked: citizen === null ? null : maskName(citizen.nama),
    regionName: (await regionNames())(region),
    submittedAt,
    status: statuses[0] ?? null,
    step: stepOf(statuses),
    endElements: instance?.state === 'ACTIVE' ? [] : (instance?.endElements ?? []),
    next: reason === null ? null : { kind: reason.kind, until: reason.until, groups: reason.forWhom?.groups ?? [] },
  };
}

type Objection = Extract<CitizenReport, { readonly kind: 'OBJECTION' }>;
/** As form `sanggah` starts it, at the district: the village does not learn who objects. */
const objectionCase = ({ proposalNumber, subjectKey, region }: ProposalRow, objection: Objection): NewCase => ({
  processId: objectionProcess,
  variables: {
    nomorUsulan: proposalNumber,
    terhadap: objection.against,
    dasar: objection.ground,
    keterangan: objection.statement,
    kanal: 'WARGA',
    warga: subjectKey,
  },
  region: region.split('.').slice(0, 2).join('.'),
  actor: citizenActor,
});

/** For the next monthly update of the village, when the proposal's own case is over (process `temuan-penyaluran`). */
const findingFor = ({ proposalNumber, region, subjectKey }: ProposalRow, kind: 'DEATH' | 'MOVE'): Message => ({
  name: 'dtks.temuan-penyaluran',
  variables: {
    usulan: { nomor: proposalNumber, kodeDesa: region },
    warga: subjectKey,
    temuan: { jenis: kind === 'DEATH' ? 'MENINGGAL' : 'PINDAH', periode: new Date().toISOString().slice(0, 7) },
  },
});

/** @returns the case that deals with it. @throws Refusal when none does */
async function deliver(call: Telling, proposal: ProposalRow, told: CitizenReport): Promise<string> {
  switch (told.kind) {
    case 'OBJECTION':
      return begin(call, objectionCase(proposal, told));
    case 'DATA_REQUEST':
      return begin(call, dataRequest(proposal, told, citizenActor));
    case 'DEATH':
    case 'MOVE': {
      const { proposalNumber } = proposal;
      const reached =
        (await tell(call, proposalNumber, messageFor(told))) ??
        (await tell(call, proposalNumber, findingFor(proposal, told.kind)));
      if (reached === null) throw new Refusal('wrongState', 'nobodyTakesReports');
      return reached;
    }
  }
}

const wordsOf = (told: CitizenReport): string => (told.kind === 'OBJECTION' ? told.statement : told.reason);

export const citizenHandlers: HandlersOf<typeof citizenEndpoints> = {
  issueCitizenCode: ({ caller, params, db, deps }) =>
    db(async (client) => {
      const proposal = await findProposalByNumber(client, params.proposalNumber);
      if (proposal === null) throw notFound();
      const { proposalNumber: number, subjectKey: target, region } = proposal;
      const actor = caller.account.name;
      await appendAudit(client, { actor, action: 'subject.code', target, region, detail: { number } });
      return { code: deps.publicTokens.codeOf(number), url: `${deps.options.publicUrl}/status` };
    }),
  showStatusToCitizen: ({ body, deps }) =>
    inRegion(deps.pool, wholeCountry, async (client) =>
      statusFor(client, deps, await claimedProposal(client, deps, body)),
    ),
  reportByCitizen: async (call) => {
    const { body, deps } = call;
    const everywhere: Telling['db'] = (work) => inRegion(deps.pool, wholeCountry, work);
    const proposal = await everywhere((client) => claimedProposal(client, deps, body));
    const { report: told } = body;
    assertNoCitizenNumber({ words: wordsOf(told) });
    const { commandKey, memory } = call;
    const target = await deliver({ commandKey, memory, deps, db: everywhere }, proposal, told);
    await everywhere((client) =>
      appendAudit(client, {
        actor: citizenActor,
        action: 'proposal.report',
        target,
        region: proposal.region,
        detail: { kind: told.kind, number: proposal.proposalNumber },
      }),
    );
    return { reference: target };
  },
};

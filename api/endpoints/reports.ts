/** Reports on a proposal: a message to its case, by its number; a data request is a case of its own. */
import { z } from 'zod';
import type { Report, reportEndpoints } from '#contract/report.ts';
import { appendAudit } from '#db/audit.ts';
import { findByProcessId, nextKey } from '#db/queries/definitions.ts';
import { findProposalByNumber } from '#db/queries/proposals.ts';
import type { ProposalRow } from '#db/queries/proposals.ts';
import { isKey } from '#engine/keys.ts';
import type { JsonObject } from '#engine/json.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { messageKeyOf } from '../message-key.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertNotOnHold, startWorkflow, untilVisible } from '../starting.ts';

type ReportCall = Call<(typeof reportEndpoints)['reportOnProposal']>;
type DataRequest = Extract<Report, { readonly kind: 'DATA_REQUEST' }>;
type Told = Exclude<Report, DataRequest>;

/** Process id; its definition is in definitions/dtks. */
const dataRightsProcess = 'hak-subjek-data';

function messageFor(told: Told): { readonly name: string; readonly variables: JsonObject } {
  switch (told.kind) {
    case 'WITHDRAWAL':
      return { name: 'dtks.penarikan', variables: { penarikan: { alasan: told.reason } } };
    case 'DEATH':
      return { name: 'dtks.laporan-meninggal', variables: { laporan: { tanggal: told.date, uraian: told.reason } } };
    case 'MOVE':
      return { name: 'dtks.laporan-pindah', variables: { laporan: { tanggal: told.date, uraian: told.reason } } };
  }
}

/** @returns the case that got the message. @throws Refusal when none waits for it */
async function tell(call: ReportCall, { proposalNumber }: ProposalRow, told: Told): Promise<string> {
  const { name, variables } = messageFor(told);
  const message = {
    messageKey: await messageKeyOf(call),
    name,
    correlationKey: proposalNumber,
    messageId: null,
    timeToLiveMs: 0,
    variables,
  };
  const caseKey = await call.deps.temporal.correlate(call.commandKey, message);
  if (caseKey === null) throw new Refusal('wrongState', 'caseNotWaiting', { values: { number: proposalNumber } });
  return caseKey;
}

const remembered = z.string().refine(isKey);

/** @returns the new case. @throws Refusal when its process is not published */
async function begin(call: ReportCall, proposal: ProposalRow, { right, reason }: DataRequest): Promise<string> {
  const { caller, db, deps, memory } = call;
  const process = await db((client) => findByProcessId(client, dataRightsProcess, null));
  if (process === null) throw new Refusal('noStartEvent', 'processUnknown', { values: { process: dataRightsProcess } });
  assertNotOnHold(process);
  const earlier = remembered.safeParse(await memory.recall());
  const instanceKey = earlier.success ? earlier.data : await db(nextKey);
  await memory.remember(instanceKey);
  const { proposalNumber: nomor, region } = proposal;
  const variables = { usulan: { nomor, kodeDesa: region }, permintaan: { jenis: right, uraian: reason } };
  const actor = caller.account.name;
  await startWorkflow(deps, { process, instanceKey, variables, businessKey: null, region, actor });
  await untilVisible(deps, dataRightsProcess, instanceKey);
  return instanceKey;
}

export const reportHandlers: HandlersOf<typeof reportEndpoints> = {
  reportOnProposal: async (call) => {
    const { caller, params, body, db } = call;
    assertNoCitizenNumber({ reason: body.reason });
    const proposal = await db((client) => findProposalByNumber(client, params.proposalNumber));
    if (proposal === null) throw notFound();
    const processInstanceKey =
      body.kind === 'DATA_REQUEST' ? await begin(call, proposal, body) : await tell(call, proposal, body);
    await db((client) =>
      appendAudit(client, {
        actor: caller.account.name,
        action: 'proposal.report',
        target: processInstanceKey,
        region: proposal.region,
        detail: { kind: body.kind, number: proposal.proposalNumber, reason: body.reason },
      }),
    );
    return { processInstanceKey };
  },
};

/** Reports on a proposal: a message to its case, by its number; a data request is a case of its own. */
import type { reportEndpoints } from '#contract/report.ts';
import { appendAudit } from '#db/audit.ts';
import { findProposalByNumber } from '#db/queries/proposals.ts';
import type { HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { begin, dataRequest, messageFor, tell } from '../proposal-reports.ts';
import { notFound, Refusal } from '../refusal.ts';

export const reportHandlers: HandlersOf<typeof reportEndpoints> = {
  reportOnProposal: async (call) => {
    const { caller, params, body, db } = call;
    assertNoCitizenNumber({ reason: body.reason });
    const proposal = await db((client) => findProposalByNumber(client, params.proposalNumber));
    if (proposal === null) throw notFound();
    const { proposalNumber: number, region } = proposal;
    const actor = caller.account.name;
    const processInstanceKey =
      body.kind === 'DATA_REQUEST'
        ? await begin(call, dataRequest(proposal, body, actor))
        : await tell(call, number, messageFor(body));
    if (processInstanceKey === null) throw new Refusal('wrongState', 'caseNotWaiting', { values: { number } });
    await db((client) =>
      appendAudit(client, {
        actor,
        action: 'proposal.report',
        target: processInstanceKey,
        region,
        detail: { kind: body.kind, number, reason: body.reason },
      }),
    );
    return { processInstanceKey };
  },
};

/** Official papers: issued, listed, given out, and checked by anybody who holds one. */
import type { CheckedToken, documentEndpoints, documentKinds } from '#contract/document.ts';
import { documentLimits } from '#contract/document.ts';
import { appendAudit } from '#db/audit.ts';
import { findDocument, findDocuments } from '#db/documents.ts';
import type { DocumentRow } from '#db/documents.ts';
import type { TokenSubject } from '#db/public-token.ts';
import { latestElements } from '#db/queries/cases.ts';
import { findInstance } from '#db/queries/instances.ts';
import { findProposalsByNumber } from '#db/documents.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import type { PoolClient } from 'pg';
import { publicLines } from '#issuing/village-papers.ts';
import { assertCovers } from '../accounts-view.ts';
import type { Dependencies } from '../dependencies.ts';
import { issueDocument, refusing, sourcesOf } from '../documents/issue.ts';
import { answered } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { statusOf } from '../public-status.ts';
import { notFound, Refusal } from '../refusal.ts';
import { sendFile } from '../send-file.ts';

// The table holds only kinds of the contract: they are written by issueDocument alone.
const viewOf = ({ kind, ...row }: DocumentRow) => ({ ...row, kind: kind as (typeof documentKinds)[number] });

async function checkedDocument(db: PoolClient, documentKey: string): Promise<CheckedToken> {
  const found = await findDocument(db, documentKey);
  if (found === null) throw notFound();
  const { kind: documentKind, number, region, hash, issuedAt } = viewOf(found);
  return { kind: 'document', documentKind, number, regionName: (await regionNames())(region), hash, issuedAt };
}
async function checkedProposal(db: PoolClient, deps: Dependencies, proposalNumber: string): Promise<CheckedToken> {
  const [proposal] = await findProposalsByNumber(db, [proposalNumber], []);
  if (proposal === undefined) throw notFound();
  const instance = await findInstance(db, proposal.caseKey);
  const model = instance === null ? null : await deps.models.get(db, instance.processDefinitionKey);
  const status = statusOf(model, await latestElements(db, proposal.caseKey));
  return { kind: 'proposal', proposalNumber, regionName: (await regionNames())(proposal.region), status };
}
const checked = (db: PoolClient, deps: Dependencies, { kind, id }: TokenSubject): Promise<CheckedToken> =>
  kind === 'document' ? checkedDocument(db, id) : checkedProposal(db, deps, id);

export const documentHandlers: HandlersOf<typeof documentEndpoints> = {
  issueDocument: async (call) => viewOf(await issueDocument(call)),
  listDocuments: async ({ query, db }) => {
    const { caseKey = null, region = wholeCountry } = query;
    const filter = { caseKey, region: region === wholeCountry ? null : region };
    return { items: (await db((client) => findDocuments(client, filter, documentLimits.listed))).map(viewOf) };
  },
  getNoticeBoard: async ({ caller, query, db, deps }) => {
    assertCovers(caller.account, query.village);
    const lines = db((client) => publicLines({ ...sourcesOf(deps), db: client }, query.village, query.period));
    return { items: await refusing(lines) };
  },
  getDocument: async ({ caller, params, db, deps, response }) => {
    const { document, file } = await db(async (client) => {
      const found = await findDocument(client, params.documentKey);
      const stored = found === null ? null : await deps.fileRegister.find(client, found.fileKey);
      if (found === null || stored === null) throw notFound();
      const { documentKey: target, region, kind, number } = found;
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'document.read',
        target,
        region,
        detail: { kind, number },
      });
      return { document: found, file: stored };
    });
    await sendFile(response, deps.files, { ...file, name: `${document.kind}-${document.documentKey}` });
    return answered;
  },
  // Whoever holds a genuine token may know what it names; he has no region.
  checkToken: async ({ params, deps }) => {
    const subject = deps.publicTokens.verify(params.token, new Date());
    if (subject === 'forged') throw new Refusal('notFound', 'tokenForged');
    if (subject === 'expired') throw new Refusal('notFound', 'tokenExpired');
    return inRegion(deps.pool, wholeCountry, (client) => checked(client, deps, subject));
  },
};

/** Proposals: one, many, and how an import is doing. */
import type { proposalEndpoints } from '#contract/proposal.ts';
import { findByProcessId, nextKey } from '#db/queries/definitions.ts';
import {
  findImport,
  findImportProblems,
  findImports,
  findUnstartedByNumber,
  insertImport,
  searchProposals,
} from '#db/queries/proposals.ts';
import { isRegion } from '#db/regions.ts';
import { importLimits } from '#contract/proposal.ts';
import { assertCovers } from '../accounts-view.ts';
import type { HandlersOf } from '../handler.ts';
import { importProposals } from '../proposals/import.ts';
import { takeIn } from '../proposals/intake.ts';
import { periodFor, proposalProcessId, rulesInForce } from '../proposals/proposal-process.ts';
import { startProposal } from '../proposals/starter.ts';
import { notFound, Refusal } from '../refusal.ts';

export const proposalHandlers: HandlersOf<typeof proposalEndpoints> = {
  createProposal: async ({ caller, body, db, deps }) => {
    assertCovers(caller.account, body.kodeDesa);
    if (!(await isRegion(body.kodeDesa))) {
      throw new Refusal('invalidProposal', 'villageUnknown', {
        values: { code: body.kodeDesa },
        faults: [{ field: 'kodeDesa', text: 'notAVillage' }],
      });
    }
    const now = new Date();
    const taken = await db(async (client) => {
      const intake = {
        vault: deps.vault,
        actor: caller.account.name,
        importKey: null,
        period: periodFor(undefined, now),
        rules: await rulesInForce(client, now),
      };
      return takeIn(client, body, intake);
    });
    const { proposalNumber, processInstanceKey, subjectKey } =
      taken.state === 'known'
        ? taken.proposal
        : { proposalNumber: taken.number, processInstanceKey: taken.instanceKey, subjectKey: taken.subjectKey };
    const unstarted =
      taken.state === 'known' && taken.proposal.started
        ? null
        : await db((client) => findUnstartedByNumber(client, proposalNumber));
    if (unstarted !== null) await startProposal(deps, unstarted);
    return { proposalNumber, processInstanceKey, subjectKey, repeated: taken.state === 'known' };
  },
  searchProposals: async ({ body, db }) => {
    const { region, ...columns } = body.filter ?? {};
    const found = await db((client) => searchProposals(client, columns, region, body));
    return { items: [...found.rows], page: found.page };
  },
  importProposals: async ({ caller, query, db, deps, request, locale }) => {
    if (!/^text\/csv\b|^application\/octet-stream\b/i.test(request.get('Content-Type') ?? '')) {
      throw new Refusal('unsupportedMediaType', 'mediaType', { values: { type: 'text/csv' } });
    }
    if (Number(request.get('Content-Length') ?? '0') > importLimits.fileBytes)
      throw new Refusal('tooLarge', 'bodyTooLarge', { values: { limit: importLimits.fileBytes } });
    const { name: actor, region } = caller.account;
    const now = new Date();
    const period = periodFor(query.period, now);
    const { importKey, rules } = await db(async (client) => {
      const process = await findByProcessId(client, proposalProcessId, null);
      if (process === null)
        throw new Refusal('noStartEvent', 'processUnknown', { values: { process: proposalProcessId } });
      const key = await nextKey(client);
      await insertImport(client, { key, fileName: query.fileName, region, createdBy: actor });
      return { importKey: key, rules: await rulesInForce(client, now) };
    });
    await importProposals(request, {
      importKey,
      region,
      locale,
      db,
      intake: { vault: deps.vault, actor, importKey, period, rules },
    });
    deps.starter.wake();
    const run = await db((client) => findImport(client, importKey));
    if (run === null) throw notFound();
    return run;
  },
  listImports: async ({ query, db }) => ({ items: [...(await db((client) => findImports(client, query.limit)))] }),
  getImport: async ({ params, db }) =>
    db(async (client) => {
      const run = await findImport(client, params.importKey);
      if (run === null) throw notFound();
      return {
        ...run,
        problems: [...(await findImportProblems(client, params.importKey, importLimits.problemsShown))],
      };
    }),
};

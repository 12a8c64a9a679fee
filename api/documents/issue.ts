/** Papers that a person asks for. */
import type { documentEndpoints } from '#contract/document.ts';
import type { ProblemCode } from '#contract/problem.ts';
import type { DocumentRow } from '#db/documents.ts';
import { CannotIssue } from '#issuing/cannot-issue.ts';
import type { CannotIssueCode } from '#issuing/cannot-issue.ts';
import type { Sources } from '#issuing/desk.ts';
import { drawPaper, issuePaper } from '#issuing/issue.ts';
import { assertCovers } from '../accounts-view.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Call } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { Refusal } from '../refusal.ts';
import type { Reason } from '../texts.ts';
import { drawBerkasKasus } from './dossier.ts';

const refusals: Readonly<Record<CannotIssueCode, readonly [ProblemCode, Reason]>> = {
  caseUnknown: ['notFound', 'notFound'],
  caseWithoutData: ['wrongState', 'caseWithoutData'],
  tooManyLines: ['tooLarge', 'tooManyLines'],
  officeUnknown: ['wrongState', 'officeUnknown'],
  letterNumberTaken: ['alreadyExists', 'letterNumberTaken'],
  outsideRegion: ['notAllowed', 'outsideRegion'],
};
/** @throws Refusal for what cannot be issued */
export async function refusing<T>(issued: Promise<T>): Promise<T> {
  try {
    return await issued;
  } catch (error) {
    if (!(error instanceof CannotIssue)) throw error;
    const [problem, reason] = refusals[error.code];
    throw new Refusal(problem, reason, { values: error.values });
  }
}

export const sourcesOf = ({ vault, fileRegister, publicTokens, options }: Dependencies): Sources => ({
  vault,
  fileRegister,
  publicTokens,
  publicUrl: options.publicUrl,
});

export function issueDocument({
  caller,
  body: order,
  db,
  deps,
}: Call<(typeof documentEndpoints)['issueDocument']>): Promise<DocumentRow> {
  assertNoCitizenNumber(order);
  const { account } = caller;
  const press = { ...sourcesOf(deps), print: deps.print, files: deps.files };
  const issued = issuePaper(press, {
    order,
    issuedBy: account.name,
    jobKey: null,
    inTransaction: db,
    draw: async (desk) => {
      const draft =
        order.kind === 'BERKAS_KASUS'
          ? await drawBerkasKasus(desk.db, { deps, account }, order)
          : await drawPaper(desk, order);
      assertCovers(account, draft.region);
      return draft;
    },
  });
  return refusing(issued);
}

/** Verifications: begun here, done by a worker, told in the caller's language. */
import type { z } from 'zod';
import { differenceKinds, differencesPerPage, repairs } from '#contract/verification.ts';
import type { difference, DifferenceKind, Repair, verificationEndpoints } from '#contract/verification.ts';
import { appendAudit } from '#db/audit.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { wholeCountry } from '#db/region-scope.ts';
import { findVerification, insertVerification, listDifferences, setVerificationState } from '#db/verification/store.ts';
import type { NumberedDifference } from '#db/verification/store.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';
import { differenceText } from '../texts.ts';
import type { Locale } from '../texts.ts';

/** The stores know no regions: who compares them sees keys of all cases. */
function assertWholeCountry({ account }: Caller): void {
  if (account.region !== wholeCountry) throw new Refusal('notAllowed', 'outsideRegion');
}
const isKind = (kind: string): kind is DifferenceKind => (differenceKinds as readonly string[]).includes(kind);
const isRepair = (repair: string | null): repair is Repair =>
  repair !== null && (repairs as readonly string[]).includes(repair);

function viewOf(row: NumberedDifference, locale: Locale): z.output<typeof difference> {
  const { number, kind, instanceKey, detail, repair, outcome, outcomeMessage } = row;
  if (!isKind(kind)) throw new Error(`no difference is called ${kind}`);
  const { text, remedy } = differenceText(locale, kind, detail);
  return {
    number,
    kind,
    instanceKey,
    detail: text,
    remedy,
    repair: isRepair(repair) ? repair : null,
    outcome,
    outcomeMessage,
  };
}

export const verificationHandlers: HandlersOf<typeof verificationEndpoints> = {
  createVerification: async ({ caller, body, db, deps, memory }) => {
    assertWholeCountry(caller);
    const { scope = 'open', sample = null, restored = false } = body;
    const recalled = await memory.recall();
    const key = typeof recalled === 'string' ? recalled : await nextKey(deps.pool);
    await memory.remember(key);
    await db((client) => insertVerification(client, key, { scope, sample, restored }, caller.account.name));
    await deps.temporal.verify(key);
    return { verificationKey: key };
  },
  getVerification: async ({ caller, params, db }) => {
    assertWholeCountry(caller);
    const found = await db((client) => findVerification(client, params.verificationKey));
    if (found === null) throw notFound();
    const { options: _, ...row } = found;
    return row;
  },
  listDifferences: async ({ caller, params, query, db, locale }) => {
    assertWholeCountry(caller);
    const rows = await db(async (client) => {
      if ((await findVerification(client, params.verificationKey)) === null) throw notFound();
      return listDifferences(client, params.verificationKey, query.after, differencesPerPage);
    });
    return { items: rows.map((row) => viewOf(row, locale)) };
  },
  repairDifferences: async ({ caller, params, body, db, deps, commandKey }) => {
    assertWholeCountry(caller);
    const { verificationKey } = params;
    const { reason, numbers = null } = body;
    await db(async (client) => {
      const found = await findVerification(client, verificationKey);
      if (found === null) throw notFound();
      if (found.state !== 'COMPLETED') throw new Refusal('wrongState', 'verificationRuns');
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'verification.repair',
        target: verificationKey,
        region: wholeCountry,
        detail: { reason, numbers: numbers === null ? null : [...numbers], commandKey },
      });
    });
    await db((client) => setVerificationState(client, verificationKey, 'REPAIRING'));
    await deps.temporal.repair(commandKey, { key: verificationKey, numbers });
    return { verificationKey };
  },
};

/** Citizens: masked for everybody, in full for a reason that is kept. */
import type { PoolClient } from 'pg';
import type { subjectEndpoints } from '#contract/subject.ts';
import { appendAudit } from '#db/audit.ts';
import { regionNames } from '#db/regions.ts';
import { personOfSubject } from '#db/registry/people.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import type { Account } from '#db/accounts.ts';
import { copiesOf, readCopy } from '#db/subject-rights.ts';
import { assertMayRead, assertProtectsData } from '../data-protection.ts';
import type { HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound } from '../refusal.ts';

async function visibleCitizen(db: PoolClient, vault: Vault, account: Account, subjectKey: string): Promise<Citizen> {
  const citizen = await vault.read(db, subjectKey);
  if (citizen === null) throw notFound();
  await assertMayRead(db, account, subjectKey);
  return citizen;
}

export const subjectHandlers: HandlersOf<typeof subjectEndpoints> = {
  getSubject: async ({ caller, params, db, deps }) => {
    const { subjectKey } = params;
    const {
      personKey,
      nik,
      noKk,
      hp,
      ibuKandung: _,
      kodeDesa: region,
      ...citizen
    } = await db(async (client) => ({
      ...(await visibleCitizen(client, deps.vault, caller.account, subjectKey)),
      personKey: await personOfSubject(client, subjectKey),
    }));
    const nameOf = await regionNames();
    return {
      ...citizen,
      subjectKey,
      personKey,
      region,
      regionName: nameOf(region),
      nikMasked: maskNumber(nik),
      noKkMasked: maskNumber(noKk),
      hpMasked: hp === null ? null : maskNumber(hp),
    };
  },
  revealSubject: async ({ caller, params, body, db, deps }) => {
    assertNoCitizenNumber({ reason: body.reason });
    return db(async (client) => {
      const { nik, noKk, hp, ibuKandung, kodeDesa } = await visibleCitizen(
        client,
        deps.vault,
        caller.account,
        params.subjectKey,
      );
      const entry = {
        actor: caller.account.name,
        action: 'subject.reveal',
        target: params.subjectKey,
        region: kodeDesa,
      };
      await appendAudit(client, { ...entry, detail: { reason: body.reason } });
      return { nik, noKk, hp, ibuKandung };
    });
  },
  listSubjectCopies: async ({ caller, params, db, deps }) => {
    assertProtectsData(caller.account);
    return db(async (client) => {
      await visibleCitizen(client, deps.vault, caller.account, params.subjectKey);
      return { items: [...(await copiesOf(client, params.subjectKey))] };
    });
  },
  getSubjectCopy: async ({ caller, params, db, deps }) => {
    assertProtectsData(caller.account);
    const { subjectKey, copyKey } = params;
    return db(async (client) => {
      const { kodeDesa: region } = await visibleCitizen(client, deps.vault, caller.account, subjectKey);
      const copy = await readCopy(client, deps.vault, subjectKey, copyKey);
      if (copy === null) throw notFound();
      const actor = caller.account.name;
      await appendAudit(client, { actor, action: 'subject.copy', target: subjectKey, region, detail: { copyKey } });
      return jsonView(copy);
    });
  },
};

/** Citizens: masked for everybody, in full for a reason that is kept. */
import type { PoolClient } from 'pg';
import type { subjectEndpoints } from '#contract/subject.ts';
import { appendAudit } from '#db/audit.ts';
import { regionNames } from '#db/regions.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import type { HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound } from '../refusal.ts';

async function visibleCitizen(db: PoolClient, vault: Vault, subjectKey: string): Promise<Citizen> {
  const citizen = await vault.read(db, subjectKey);
  if (citizen === null) throw notFound();
  return citizen;
}

export const subjectHandlers: HandlersOf<typeof subjectEndpoints> = {
  getSubject: async ({ params, db, deps }) => {
    const {
      nik,
      noKk,
      hp,
      ibuKandung: _,
      kodeDesa: region,
      ...citizen
    } = await db((client) => visibleCitizen(client, deps.vault, params.subjectKey));
    const nameOf = await regionNames();
    return {
      ...citizen,
      subjectKey: params.subjectKey,
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
      const { nik, noKk, hp, ibuKandung, kodeDesa } = await visibleCitizen(client, deps.vault, params.subjectKey);
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
};

/** The two people of a case of process `gabung-duplikat`. Whoever may see the case may compare them, wherever the second one lives. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { comparedFields } from '#contract/comparison.ts';
import type { Comparison, ComparedPerson, comparisonEndpoints } from '#contract/comparison.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import type { Account } from '#db/accounts.ts';
import { appendAudit } from '#db/audit.ts';
import { processVariables } from '#db/queries/cases.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { inRegion, regionCovers, wholeCountry } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import { visibleInstance } from '../commands.ts';
import { assertMayRead } from '../data-protection.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { messageKeyOf } from '../message-key.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound, Refusal } from '../refusal.ts';

/** Process id; its definition is in definitions/dtks. */
const mergeProcess = 'gabung-duplikat';
const undoMessage = 'dtks.urai-penggabungan';

const side = z.enum(['PERTAMA', 'KEDUA']);
const field = z.enum(comparedFields);
/** Variables of the case, as its process writes them. */
const variables = z.object({
  usulan: z.object({ nomor: z.string() }),
  pembanding: z.object({ nomor: z.string() }),
  perbandingan: z.object({ pertama: z.string(), kedua: z.string(), beda: z.partialRecord(field, z.boolean()) }),
  skorDuplikat: z.number().nullish(),
  pilihanGanda: z
    .object({ bertahan: side.nullish(), isian: z.partialRecord(field, side.nullable()).nullish() })
    .nullish(),
  batasUrai: z.string().nullish(),
});
type Compared = z.output<typeof variables>;
type CaseCall = Pick<Call<Endpoint>, 'caller' | 'deps' | 'db'>;

async function mergeCase(db: PoolClient, caseKey: string): Promise<{ instance: InstanceRow; compared: Compared }> {
  const instance = await visibleInstance(db, caseKey);
  const parsed = variables.safeParse(await processVariables(db, caseKey, Object.keys(variables.shape)));
  // Before the two are compared there is nothing to see.
  if (instance.processDefinitionId !== mergeProcess || !parsed.success) throw notFound();
  return { instance, compared: parsed.data };
}

const addressOf = ({ alamat, rt, rw }: Citizen): string =>
  [alamat, rt === null ? null : `RT ${rt}`, rw === null ? null : `RW ${rw}`].filter((part) => part !== null).join(', ');

const shown = (citizen: Citizen): ComparedPerson['values'] => ({
  nik: maskNumber(citizen.nik),
  noKk: maskNumber(citizen.noKk),
  nama: citizen.nama,
  tempatLahir: citizen.tempatLahir,
  tanggalLahir: citizen.tanggalLahir,
  jenisKelamin: citizen.jenisKelamin,
  ibuKandung: citizen.ibuKandung === null ? null : '•••',
  hp: citizen.hp === null ? null : maskNumber(citizen.hp),
  alamat: addressOf(citizen),
});

/** A person of another region is seen because of the case, and that is written down. */
async function personOf(
  { caller, deps }: CaseCall,
  { subjectKey, proposalNumber, caseKey }: { subjectKey: string; proposalNumber: string; caseKey: string },
): Promise<ComparedPerson> {
  const nameOf = await regionNames();
  const { account } = caller as { readonly account: Account };
  return inRegion(deps.pool, wholeCountry, async (db) => {
    const citizen = await deps.vault.read(db, subjectKey);
    if (citizen === null) throw notFound();
    await assertMayRead(db, account, subjectKey);
    const { kodeDesa: region } = citizen;
    const revealable = regionCovers(account.region, region);
    if (!revealable) {
      const entry = { actor: account.name, action: 'subject.compare', target: subjectKey, region };
      await appendAudit(db, { ...entry, detail: { caseKey } });
    }
    return { subjectKey, proposalNumber, regionName: nameOf(region), revealable, values: shown(citizen) };
  });
}

function choiceOf({ pilihanGanda }: Compared): Comparison['choice'] {
  if (pilihanGanda === null || pilihanGanda === undefined) return null;
  const fields = Object.entries(pilihanGanda.isian ?? {}).filter(([, chosen]) => chosen !== null);
  return {
    survivor: pilihanGanda.bertahan ?? null,
    fields: Object.fromEntries(fields) as NonNullable<Comparison['choice']>['fields'],
  };
}

const instantOf = (text: string | null | undefined): string | null =>
  text === null || text === undefined || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString();

export const comparisonHandlers: HandlersOf<typeof comparisonEndpoints> = {
  getComparison: async (call) => {
    const { caseKey } = call.params;
    const { instance, compared } = await call.db((client) => mergeCase(client, caseKey));
    const { usulan, pembanding, perbandingan } = compared;
    const first = { subjectKey: perbandingan.pertama, proposalNumber: usulan.nomor, caseKey };
    const second = { subjectKey: perbandingan.kedua, proposalNumber: pembanding.nomor, caseKey };
    return {
      caseKey,
      first: await personOf(call, first),
      second: await personOf(call, second),
      different: comparedFields.filter((name) => perbandingan.beda[name] === true),
      score: compared.skorDuplikat ?? null,
      choice: choiceOf(compared),
      undoUntil: instance.state === 'ACTIVE' ? instantOf(compared.batasUrai) : null,
    };
  },
  requestMergeUndoing: async (call) => {
    const { caller, params, body, db, deps, commandKey } = call;
    assertNoCitizenNumber({ reason: body.reason });
    const { instance, compared } = await db((client) => mergeCase(client, params.caseKey));
    const number = `${compared.usulan.nomor}/${compared.pembanding.nomor}`;
    const actor = caller.account.name;
    const reached = await deps.temporal.correlate(commandKey, {
      messageKey: await messageKeyOf(call),
      name: undoMessage,
      correlationKey: number,
      messageId: null,
      timeToLiveMs: 0,
      variables: { permintaanUrai: { alasan: body.reason, oleh: actor } },
    });
    if (reached === null) throw new Refusal('wrongState', 'caseNotWaiting', { values: { number } });
    await db((client) =>
      appendAudit(client, {
        actor,
        action: 'person.merge.question',
        target: params.caseKey,
        region: instance.region,
        detail: { reason: body.reason },
      }),
    );
    return undefined;
  },
};

/** A start form with citizen data: the person goes to the vault, the case gets the reference. */
import type { PoolClient } from 'pg';
import type { Endpoint } from '#contract/endpoint.ts';
import { villageCode } from '#contract/values.ts';
import type { Citizen } from '#db/vault.ts';
import type { FormRow } from '#db/queries/definitions.ts';
import type { JsonObject } from '#engine/json.ts';
import { assertCovers } from '../accounts-view.ts';
import type { Call } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { Refusal } from '../refusal.ts';
import { citizenChange, subjectVariable } from './task-form.ts';
import { judgeForm } from './validate.ts';

/** A person must have these to be kept; what else is missing is kept as unknown. */
const newCitizen = citizenChange
  .required({ nik: true, noKk: true, nama: true, tanggalLahir: true, jenisKelamin: true })
  .extend({ kodeDesa: villageCode });
const unknown = {
  tempatLahir: null,
  ibuKandung: null,
  hp: null,
  alamat: null,
  rt: null,
  rw: null,
  penanda: null,
  lat: null,
  lon: null,
};

/** The variables to start with. Without a form they are taken as they come. @throws Refusal */
export async function startData(
  db: PoolClient,
  { caller, deps }: Pick<Call<Endpoint>, 'caller' | 'deps'>,
  form: FormRow | null,
  data: JsonObject,
): Promise<JsonObject> {
  if (form === null) {
    assertNoCitizenNumber(data);
    return data;
  }
  const { faults, variables, vault } = judgeForm(form.schema, data, {
    variables: {},
    shown: new Map(),
    nowMs: Date.now(),
    zone: 'Asia/Jakarta',
  });
  if (faults.length > 0) throw new Refusal('invalidForm', 'formWrong', { values: { count: faults.length }, faults });
  assertNoCitizenNumber(variables);
  if (Object.keys(vault).length === 0) return variables;
  const parsed = newCitizen.safeParse(vault);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => ({ field: path.map(String).join('.'), text: 'required' }));
    throw new Refusal('invalidForm', 'formWrong', { values: { count: wrong.length }, faults: wrong });
  }
  assertCovers(caller.account, parsed.data.kodeDesa);
  const given = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  return { ...variables, [subjectVariable]: await deps.vault.create(db, { ...unknown, ...given } as Citizen) };
}

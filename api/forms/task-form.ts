/** Forms with citizen data: filled from the vault when read, split into vault and variables when sent. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Endpoint } from '#contract/endpoint.ts';
import { appendAudit } from '#db/audit.ts';
import { findForm } from '#db/queries/definitions.ts';
import { visibleVariables } from '#db/queries/instances.ts';
import type { UserTaskRow } from '#db/queries/user-tasks.ts';
import { isCitizenField, maskNumber } from '#db/vault.ts';
import type { Citizen, CitizenField } from '#db/vault.ts';
import { isKey } from '#engine/keys.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { assertMayRead } from '../data-protection.ts';
import type { Call } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { Refusal } from '../refusal.ts';
import { fieldsOf, withValueAt } from './fields.ts';
import type { FormField } from './fields.ts';
import { fileFaults } from './form-files.ts';
import { judgeForm } from './validate.ts';

/** Process variable with the key of the citizen a case is about. */
export const subjectVariable = 'warga';
/** Zone that forms reckon days in. */
const formZone = 'Asia/Jakarta';
/** Shown with stars until somebody asks for them with a reason. */
const masked = new Set<CitizenField>(['nik', 'noKk', 'hp']);
/** Never shown in a form: it opens bank accounts. */
const secret = new Set<CitizenField>(['ibuKandung']);

export const subjectKeyIn = (variables: JsonObject): string | null => {
  const value = variables[subjectVariable];
  return typeof value === 'string' && isKey(value) ? value : null;
};
/** What a reader of the form sees of a vault field. */
export function shownValue(citizen: Citizen, field: CitizenField): Json {
  const value = citizen[field] ?? null;
  if (secret.has(field)) return null;
  return typeof value === 'string' && masked.has(field) ? maskNumber(value) : value;
}

export interface OpenForm {
  /** What the form is filled with: variables, with vault fields shown as their readers may see them. */
  readonly data: JsonObject;
  readonly shown: ReadonlyMap<string, Json>;
  readonly subjectKey: string | null;
}
const inVault = (field: FormField): field is FormField & { readonly vault: CitizenField } =>
  field.vault !== null && isCitizenField(field.vault);

/** @throws Refusal when the form shows data of a citizen whose processing is restricted. */
export async function openForm(
  db: PoolClient,
  { caller, deps: { vault } }: Pick<Call<Endpoint>, 'caller' | 'deps'>,
  schema: JsonObject,
  variables: JsonObject,
): Promise<OpenForm> {
  const fields = fieldsOf(schema).filter(inVault);
  const subjectKey = subjectKeyIn(variables);
  if (fields.length > 0 && subjectKey !== null) await assertMayRead(db, caller.account, subjectKey);
  const citizen = fields.length === 0 || subjectKey === null ? null : await vault.read(db, subjectKey);
  const shown = new Map<string, Json>();
  let data: JsonObject = variables;
  for (const { path, vault: field } of citizen === null ? [] : fields) {
    const value = citizen === null ? null : shownValue(citizen, field);
    shown.set(path.join('.'), value);
    data = withValueAt(data, path, value);
  }
  return { data, shown, subjectKey };
}

const text = (most: number) => z.string().trim().min(1).max(most);
const optional = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .nullable()
    .transform((value) => value || null);
/** What the vault takes, whatever a form lets through. */
export const citizenChange = z
  .strictObject({
    nik: text(32),
    noKk: text(32),
    nama: text(120),
    tempatLahir: optional(80),
    tanggalLahir: z.iso.date(),
    jenisKelamin: z.enum(['L', 'P']),
    ibuKandung: optional(120),
    hp: optional(20),
    alamat: optional(200),
    rt: optional(5),
    rw: optional(5),
    penanda: optional(200),
    lat: z.number().min(-90).max(90).nullable(),
    lon: z.number().min(-180).max(180).nullable(),
    surveiLat: z.number().min(-90).max(90).nullable(),
    surveiLon: z.number().min(-180).max(180).nullable(),
  })
  .partial();

function parseChange(values: Readonly<Record<string, Json>>): Partial<Citizen> {
  const parsed = citizenChange.safeParse(values);
  if (parsed.success) return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  const faults = parsed.error.issues.map(({ path }) => ({ field: path.map(String).join('.'), text: 'pattern' }));
  throw new Refusal('invalidForm', 'formWrong', { values: { count: faults.length }, faults });
}

interface Change {
  readonly subjectKey: string;
  readonly region: string;
  readonly before: Citizen;
  readonly change: Partial<Citizen>;
}
type TaskCall = Pick<Call<Endpoint>, 'caller' | 'db' | 'deps'>;

async function judge(
  db: PoolClient,
  call: TaskCall,
  task: UserTaskRow,
  data: JsonObject,
): Promise<{ variables: JsonObject; change: Change | null }> {
  const form = task.formId === null ? null : await findForm(db, task.formId);
  if (form === null) return { variables: data, change: null };
  const { vault } = call.deps;
  const visible = await visibleVariables(db, task.processInstanceKey, task.userTaskKey);
  const { data: filled, shown, subjectKey } = await openForm(db, call, form.schema, visible);
  const submission = judgeForm(form.schema, data, { variables: filled, shown, nowMs: Date.now(), zone: formZone });
  const fields = fieldsOf(form.schema);
  const files = { fields, variables: submission.variables, caseKey: task.processInstanceKey };
  const faults = [...submission.faults, ...(await fileFaults(db, call.deps.fileRegister, files))];
  if (faults.length > 0) throw new Refusal('invalidForm', 'formWrong', { values: { count: faults.length }, faults });
  if (Object.keys(submission.vault).length === 0) return { variables: submission.variables, change: null };
  const change = parseChange(submission.vault);
  const before = subjectKey === null ? null : await vault.read(db, subjectKey);
  if (subjectKey === null || before === null) throw new Refusal('wrongState', 'notFound');
  return { variables: submission.variables, change: { subjectKey, region: before.kodeDesa, before, change } };
}

/** Writes to the vault and the audit trail; the names of the fields are kept there, their values never. */
async function apply(call: TaskCall, { subjectKey, region, change }: Change, action: string): Promise<void> {
  await call.db(async (db) => {
    await call.deps.vault.update(db, subjectKey, change);
    await appendAudit(db, {
      actor: call.caller.account.name,
      action,
      target: subjectKey,
      region,
      detail: { fields: Object.keys(change) },
    });
  });
}

/** Judges what was sent for a task's form and writes nothing; the citizen's part is left out. @throws Refusal */
export async function readSubmission(call: TaskCall, task: UserTaskRow, data: JsonObject): Promise<JsonObject> {
  const { variables } = await call.db((db) => judge(db, call, task, data));
  assertNoCitizenNumber(variables);
  return variables;
}

/**
 * Judges what was sent for a task's form, writes the citizen's part to the vault and hands the rest to `complete`. The vault comes
 * first, because the next step of the case may read it at once; when the engine refuses, it is put back.
 */
export async function submitForm(
  call: TaskCall,
  task: UserTaskRow,
  data: JsonObject,
  complete: (variables: JsonObject) => Promise<void>,
): Promise<void> {
  const { variables, change } = await call.db((db) => judge(db, call, task, data));
  assertNoCitizenNumber(variables);
  if (change === null) return complete(variables);
  await apply(call, change, 'subject.update');
  try {
    await complete(variables);
  } catch (error) {
    // Unavailable: it may still happen, and the same request will come again.
    if (error instanceof Refusal && error.code !== 'unavailable') {
      const back = Object.fromEntries(
        Object.keys(change.change).map((name) => [name, change.before[name as CitizenField]]),
      );
      await apply(call, { ...change, change: back }, 'subject.update.undone');
    }
    throw error;
  }
  return undefined;
}

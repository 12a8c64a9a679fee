/** Files in a form: a field of type `filepicker` holds the key of a file of the task's case (POST /v2/files), or a list of such keys. */
import type { PoolClient } from 'pg';
import type { FileRegister } from '#db/files.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { isKey } from '#engine/keys.ts';
import type { FieldFault } from '../refusal.ts';
import { valueAt } from './fields.ts';
import type { FormField } from './fields.ts';

interface Filled {
  /** Path of the value, joined by dots; rows by their index. */
  readonly field: string;
  readonly value: Json;
}
function filled(fields: readonly FormField[], data: Json, above: readonly string[]): readonly Filled[] {
  return fields.flatMap((field): readonly Filled[] => {
    const value = valueAt(data, field.path) ?? null;
    const path = [...above, ...field.path];
    const { rows } = field;
    if (rows !== null)
      return (Array.isArray(value) ? value : []).flatMap((row, index) => filled(rows, row, [...path, String(index)]));
    return field.type === 'filepicker' && value !== null ? [{ field: path.join('.'), value }] : [];
  });
}

/** Fields that name something else than files of this case. */
export async function fileFaults(
  db: PoolClient,
  register: FileRegister,
  form: { readonly fields: readonly FormField[]; readonly variables: JsonObject; readonly caseKey: string },
): Promise<readonly FieldFault[]> {
  const faults: FieldFault[] = [];
  for (const { field, value } of filled(form.fields, form.variables, [])) {
    const keys = Array.isArray(value) ? value : [value];
    for (const key of keys) {
      const found = typeof key === 'string' && isKey(key) ? await register.find(db, key) : null;
      if (found?.caseKey === form.caseKey) continue;
      faults.push({ field, text: 'notAFile' });
      break;
    }
  }
  return faults;
}

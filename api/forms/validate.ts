/** A submitted form, judged again on the server: nothing a browser can leave out or add gets through. */
import { parseExpression } from '#bpmn/feel.ts';
import { evaluate } from '#engine/feel/evaluate.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import type { FieldFault } from '../refusal.ts';
import { isEmpty, valueFault } from './field-value.ts';
import { fieldsOf, leavesOf, valueAt, withValueAt } from './fields.ts';
import type { FormField } from './fields.ts';

export interface FormContext {
  /** Variables the form is shown with. */
  readonly variables: JsonObject;
  /** What the vault shows for its fields, by form path: the same text back means unchanged and is not judged. */
  readonly shown: ReadonlyMap<string, Json>;
  readonly nowMs: number;
  readonly zone: string;
}
export interface Submission {
  readonly faults: readonly FieldFault[];
  /** What becomes variables. */
  readonly variables: JsonObject;
  /** Vault field → value, changed ones only. */
  readonly vault: Readonly<Record<string, Json>>;
}

const rowsMost = 1_000;
const nameOf = (path: readonly string[]): string => path.join('.');

class Judgement {
  readonly faults: FieldFault[] = [];
  readonly vault: Record<string, Json> = {};
  readonly #context: FormContext;

  constructor(context: FormContext) {
    this.#context = context;
  }

  /** Whether some condition hides the field. A condition that cannot be evaluated hides nothing, as in form-js. */
  #hidden(field: FormField, data: JsonObject): boolean {
    const { variables, nowMs, zone } = this.#context;
    const scope: JsonObject = { ...variables, ...merged(variables, data) };
    return field.hideConditions.some((condition) => {
      const parsed = parseExpression(condition.replace(/^=/, ''));
      if (!parsed.ok) return false;
      const lookup = (name: string): Json | undefined => (Object.hasOwn(scope, name) ? scope[name] : undefined);
      const result = evaluate(parsed.ast, { lookup, nowMs, zone });
      return result.ok && result.value === true;
    });
  }

  #options(field: FormField): readonly Json[] | null {
    if (field.optionsVariable === null) return field.options;
    const values = valueAt(this.#context.variables, field.optionsVariable.split('.'));
    if (!Array.isArray(values)) return null;
    return (values as readonly Json[]).map((option) => valueAt(option, ['value']) ?? option);
  }

  #complain(path: readonly string[], text: string, values?: FieldFault['values']): void {
    this.faults.push({ field: nameOf(path), text, ...(values === undefined ? {} : { values }) });
  }

  /** Values of the fields, judged; `prefix` locates a row. */
  judge(fields: readonly FormField[], data: JsonObject, prefix: readonly string[]): JsonObject {
    this.#refuseUnknown(fields, data, prefix);
    let kept: JsonObject = {};
    for (const field of fields) {
      const value = valueAt(data, field.path);
      if (field.fixed || this.#hidden(field, data)) continue;
      if (field.rows !== null) {
        if (value !== undefined)
          kept = withValueAt(kept, field.path, this.#judgeRows(field, field.rows, value, prefix));
        continue;
      }
      if (field.vault !== null && this.#unchanged(field, value)) continue;
      this.#judgeValue(field, value, [...prefix, ...field.path]);
      if (value === undefined) {
        // What form-js sends for a box nobody ticked.
        if (field.type === 'checkbox' && field.vault === null) kept = withValueAt(kept, field.path, false);
        continue;
      }
      if (field.vault === null) kept = withValueAt(kept, field.path, value);
      else this.vault[field.vault] = value === '' ? null : value;
    }
    return kept;
  }

  #unchanged(field: FormField, value: Json | undefined): boolean {
    return value === undefined ? !this.#mustBeGiven(field) : this.#context.shown.get(nameOf(field.path)) === value;
  }
  /** A required vault field may be left out only when the vault has it. */
  #mustBeGiven(field: FormField): boolean {
    const known = this.#context.shown.get(nameOf(field.path));
    return field.validate['required'] === true && (known === undefined || known === null);
  }

  #judgeValue(field: FormField, value: Json | undefined, path: readonly string[]): void {
    if (value === undefined || isEmpty(field, value)) {
      if (field.validate['required'] === true) this.#complain(path, 'required');
      return;
    }
    const fault = valueFault(field, value, this.#options(field));
    if (fault !== null) this.#complain(path, fault.text, fault.values);
  }

  #judgeRows(field: FormField, rows: readonly FormField[], value: Json, prefix: readonly string[]): Json {
    const path = [...prefix, ...field.path];
    if (!Array.isArray(value)) {
      this.#complain(path, 'notAList');
      return null;
    }
    if (value.length > rowsMost) {
      this.#complain(path, 'tooMany', { limit: rowsMost });
      return null;
    }
    return (value as readonly Json[]).map((row, index) =>
      this.judge(rows, isRow(row) ? row : {}, [...path, String(index)]),
    );
  }

  #refuseUnknown(fields: readonly FormField[], data: JsonObject, prefix: readonly string[]): void {
    const known = fields.map((field) => nameOf(field.path));
    for (const leaf of leavesOf(data)) {
      const name = nameOf(leaf);
      // An empty object may stand where fields lie deeper; a field's value may itself be an object.
      if (known.some((field) => field === name || field.startsWith(`${name}.`) || name.startsWith(`${field}.`)))
        continue;
      this.#complain([...prefix, ...leaf], 'unknown');
    }
  }
}
const isRow = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Form data over variables, object by object, as form-js shows them. */
function merged(variables: JsonObject, data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const known = variables[name];
      return [
        name,
        known !== undefined && isRow(known) && isRow(value) ? { ...known, ...merged(known, value) } : value,
      ];
    }),
  );
}

/** Judges what was submitted for a form. */
export function judgeForm(schema: JsonObject, data: JsonObject, context: FormContext): Submission {
  const judgement = new Judgement(context);
  const variables = judgement.judge(fieldsOf(schema), data, []);
  return { faults: judgement.faults, variables, vault: judgement.vault };
}

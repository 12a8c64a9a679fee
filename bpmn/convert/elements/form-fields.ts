/** camunda:formField and camunda:formProperty → components of form-js. Camunda 7 manual, "Generated Task Forms". */
import type { Json, JsonObject } from '#engine/json.ts';
import type { ModdleElement } from '../../moddle.ts';
import type { ConvertContext } from '../context.ts';
import { addProperty } from '../edit.ts';
import { nameText } from '../juel/piece.ts';
import { attributeOf, localName, partsOf } from '../vendor.ts';
import { platform, processOf } from './process.ts';

/** As Camunda Modeler writes them; schema of form-js 1.23. */
const header = { type: 'default', schemaVersion: 19, ...platform } as const;

/** Type of a field → type of a component, with what that type needs besides. */
const components: Readonly<Record<string, JsonObject & { readonly type: string }>> = {
  string: { type: 'textfield' },
  long: { type: 'number', decimalDigits: 0 },
  int: { type: 'number', decimalDigits: 0 },
  integer: { type: 'number', decimalDigits: 0 },
  double: { type: 'number' },
  boolean: { type: 'checkbox' },
  date: { type: 'datetime', subtype: 'date' },
  enum: { type: 'select' },
};
/** Constraint → name in form-js's `validate`; the value is a number but for `required`. */
const constraints: Readonly<Record<string, string>> = {
  required: 'required',
  minlength: 'minLength',
  maxlength: 'maxLength',
  min: 'min',
  max: 'max',
};

/** `holders`: one camunda:formData, or several camunda:formProperty. */
export function formOfFields(
  formId: string,
  holders: readonly ModdleElement[],
  element: ModdleElement,
  context: ConvertContext,
): JsonObject {
  const fields = holders.flatMap((holder) =>
    localName(holder) === 'formData' ? partsOf(holder, 'formField') : [holder],
  );
  for (const holder of holders) businessKeyOf(holder, element, context);
  return { id: formId, ...header, components: fields.map((field) => componentOf(field, element, context)) };
}

/** camunda:businessKey names the field that identifies the case. */
function businessKeyOf(holder: ModdleElement, element: ModdleElement, { log }: ConvertContext): void {
  const field = attributeOf(holder, 'businessKey');
  if (field === null || field === '') return;
  addProperty(processOf(element), 'alur.businessKey', `=${nameText(field)}`);
  log.mapped({ element, construct: `${holder.$type} businessKey`, original: field }, 'alur.businessKey');
}

function componentOf(field: ModdleElement, element: ModdleElement, context: ConvertContext): JsonObject {
  const id = attributeOf(field, 'id') ?? '';
  const label = attributeOf(field, 'label') ?? attributeOf(field, 'name') ?? id;
  const type = attributeOf(field, 'type') ?? 'string';
  const finding = { element, construct: `${field.$type} ${id}`, original: type };
  const unable = (detail: string): void => context.log.needsPerson(finding, 'FORM_FIELD', { field: id, detail });
  const known = Object.hasOwn(components, type) ? components[type] : undefined;
  if (known === undefined) unable(`type="${type}"`);
  const base = known ?? { type: 'textfield' };
  const kind = base.type;
  const values = partsOf(field, 'value').map((value) => {
    const key = attributeOf(value, 'id') ?? '';
    return { value: key, label: attributeOf(value, 'name') ?? key };
  });
  const fallback = defaultOf(field, kind, unable);
  const { validate, readonly } = constraintsOf(field, unable);
  context.log.mapped(finding, kind);
  return {
    ...base,
    id,
    key: id,
    ...(kind === 'datetime' ? { dateLabel: label } : { label }),
    ...(kind === 'select' ? { values } : {}),
    ...(fallback === null ? {} : { defaultValue: fallback }),
    ...(Object.keys(validate).length === 0 ? {} : { validate }),
    ...(readonly ? { readonly } : {}),
    ...propertiesOf(field),
  };
}

/** null: none. */
function defaultOf(field: ModdleElement, kind: string, unable: (detail: string) => void): Json {
  const source = attributeOf(field, 'defaultValue') ?? attributeOf(field, 'default');
  if (source === null || source === '') return null;
  const isNumber = kind === 'number' && Number.isFinite(Number(source));
  if (/[$#]\{/.test(source) || kind === 'datetime' || (kind === 'number' && !isNumber)) {
    unable(`defaultValue="${source}"`);
    return null;
  }
  if (kind === 'checkbox') return source === 'true';
  return isNumber ? Number(source) : source;
}

interface Constraints {
  readonly validate: JsonObject;
  readonly readonly: boolean;
}
function constraintsOf(field: ModdleElement, unable: (detail: string) => void): Constraints {
  const validate: Record<string, Json> = {};
  let readonly = attributeOf(field, 'writable') === 'false';
  if (attributeOf(field, 'required') === 'true') validate['required'] = true;
  for (const constraint of partsOf(field, 'validation').flatMap((holder) => partsOf(holder, 'constraint'))) {
    const name = attributeOf(constraint, 'name') ?? '';
    const config = attributeOf(constraint, 'config');
    const known = Object.hasOwn(constraints, name) ? constraints[name] : undefined;
    if (name === 'readonly') readonly = config !== 'false';
    else if (known === 'required') validate[known] = config !== 'false';
    else if (known !== undefined && config !== null && Number.isFinite(Number(config)))
      validate[known] = Number(config);
    else unable(`${name} ${config ?? ''}`.trim());
  }
  // A variable of another name, or a value that is computed, has no place in a form.
  for (const name of ['variable', 'expression', 'readable', 'datePattern']) {
    const value = attributeOf(field, name);
    if (value !== null && value !== attributeOf(field, 'id') && value !== 'true') unable(`${name}="${value}"`);
  }
  return { validate, readonly };
}

function propertiesOf(field: ModdleElement): JsonObject {
  const entries = partsOf(field, 'properties')
    .flatMap((holder) => partsOf(holder, 'property'))
    .map((part) => [attributeOf(part, 'id') ?? '', attributeOf(part, 'value') ?? ''] as const);
  return entries.length === 0 ? {} : { properties: Object.fromEntries(entries) };
}

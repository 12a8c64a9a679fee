/** The fields of a form-js 1.23 schema, flattened: where each value lies, what it may be, when it is shown. */
import type { Json, JsonObject } from '#engine/json.ts';

export interface FormField {
  readonly type: string;
  /** Where the value lies in the form's data, such as `['survei', 'keberadaan']`. */
  readonly path: readonly string[];
  readonly label: string;
  /** Hide conditions of the field and the groups around it, as written. */
  readonly hideConditions: readonly string[];
  readonly validate: JsonObject;
  /** Values of its options; null: any (no options, or they come from variables). */
  readonly options: readonly Json[] | null;
  /** Variable that holds the options (`valuesKey`), null: none. */
  readonly optionsVariable: string | null;
  /** Shown, not filled in: what is sent for it is left out. */
  readonly fixed: boolean;
  /** Citizen field in the vault (property `vault`), null: an ordinary variable. */
  readonly vault: string | null;
  readonly component: JsonObject;
  /** Fields of one row; for dynamiclist only. */
  readonly rows: readonly FormField[] | null;
}

const writes = new Set([
  'checkbox',
  'checklist',
  'datetime',
  'expression',
  'filepicker',
  'number',
  'radio',
  'select',
  'taglist',
  'textarea',
  'textfield',
]);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
const segments = (path: Json | undefined): readonly string[] => textOf(path)?.split('.') ?? [];

export function fieldsOf(schema: JsonObject): readonly FormField[] {
  return inComponents(listOf(schema['components']), [], []);
}
function inComponents(
  components: readonly Json[],
  path: readonly string[],
  conditions: readonly string[],
): readonly FormField[] {
  return components.filter(isObject).flatMap((component) => inComponent(component, path, conditions));
}
function inComponent(component: JsonObject, path: readonly string[], around: readonly string[]): readonly FormField[] {
  const type = textOf(component['type']) ?? '';
  const hide = textOf(objectOf(component['conditional'])['hide']);
  const hideConditions = hide === null ? around : [...around, hide];
  const children = listOf(component['components']);
  if (type === 'group') return inComponents(children, [...path, ...segments(component['path'])], hideConditions);
  const rows = type === 'dynamiclist' ? inComponents(children, [], []) : null;
  const key = rows === null ? component['key'] : component['path'];
  if ((rows === null && !writes.has(type)) || textOf(key) === null) return [];
  const options = listOf(component['values']).map((option) => objectOf(option)['value'] ?? null);
  return [
    {
      type,
      path: [...path, ...segments(key)],
      label: textOf(component['label']) ?? textOf(component['dateLabel']) ?? '',
      hideConditions,
      validate: objectOf(component['validate']),
      options: options.length > 0 ? options : null,
      optionsVariable: textOf(component['valuesKey']),
      fixed: component['disabled'] === true || component['readonly'] === true,
      vault: textOf(objectOf(component['properties'])['vault']),
      component,
      rows,
    },
  ];
}

/** The value at a path, undefined when there is none. */
export function valueAt(data: Json | undefined, path: readonly string[]): Json | undefined {
  let value = data;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
/** A copy of `data` with the value at a path. */
export function withValueAt(data: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return data;
  return { ...data, [name]: rest.length === 0 ? value : withValueAt(objectOf(data[name]), rest, value) };
}
/** Paths of all values that are not objects. */
export function leavesOf(data: JsonObject, prefix: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(data).flatMap(([name, value]) => {
    const path = [...prefix, name];
    return isObject(value) && Object.keys(value).length > 0 ? leavesOf(value, path) : [path];
  });
}

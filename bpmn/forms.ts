/** References to forms (zeebe:formDefinition), forms embedded in a process (zeebe:userTaskForm), and form-js schemas. */
import type { Properties } from '#engine/model.ts';
import type { JsonObject } from '#engine/json.ts';
import type { ProblemCode, ProblemValues } from './admission.ts';
import type { TransformContext } from './context.ts';
import { limits } from './limits.ts';
import { extension, extensions, filled, idOf, text, type ModdleElement } from './moddle.ts';
import { isReserved } from './variables.ts';

interface FormReference {
  readonly formId: string | null;
  /** `alur.formReference` for a form that lives outside Alur. */
  readonly properties: Properties;
}

const none: FormReference = { formId: null, properties: {} };
const embeddedPrefix = 'camunda-forms:bpmn:';
/** Forms embedded in a process get its id as prefix: they are published with it and replaced with it. */
export const embeddedFormId = (processId: string, formId: string): string => `${processId}.${formId}`;

/** Property by which the shell learns of a form that is not kept here. */
export const formReferenceProperty = 'alur.formReference';

/** Id of a published form under its version tag: refers to the newest form with that tag. */
export const taggedFormId = (formId: string, versionTag: string): string => `${formId}#${versionTag}`;
/** Id of one content of a form, for processes that are bound to what they were published with. */
export const pinnedFormId = (formId: string, contentSha256: string): string =>
  `${formId}@${contentSha256.slice(0, 16)}`;

export function formOf(element: ModdleElement, context: TransformContext): FormReference {
  const definition = extension(element, 'zeebe:FormDefinition');
  if (definition === null) return none;
  const { graph, log, node } = context;
  const given = ['formId', 'formKey', 'externalReference'].filter((name) => filled(definition, name) !== null);
  const attribute = given[0];
  const reference = attribute === undefined ? null : filled(definition, attribute);
  if (given.length !== 1 || reference === null) {
    log.add('FORM_REFERENCE', node.id);
    return none;
  }
  if (attribute === 'formId') return { formId: boundFormId(definition, reference, context), properties: {} };
  if (attribute === 'formKey' && reference.startsWith(embeddedPrefix)) {
    const id = reference.slice(embeddedPrefix.length);
    if (!embedded(graph.process).some((form) => idOf(form) === id))
      log.add('FORM_EMBEDDED_MISSING', node.id, { form: id });
    return { formId: embeddedFormId(graph.processId, id), properties: {} };
  }
  log.add('FORM_OUTSIDE', node.id, { form: reference });
  return { formId: null, properties: { [formReferenceProperty]: reference } };
}

/** Which form the id means: the newest, the newest with a tag, or the one published together with the process. */
function boundFormId(definition: ModdleElement, formId: string, { boundForms, log, node }: TransformContext): string {
  const binding = filled(definition, 'bindingType') ?? 'latest';
  switch (binding) {
    case 'latest':
      return formId;
    case 'versionTag': {
      const tag = filled(definition, 'versionTag');
      if (tag === null) log.add('VERSION_TAG_MISSING', node.id);
      return taggedFormId(formId, tag ?? '');
    }
    case 'deployment': {
      const pinned = boundForms?.get(formId);
      if (boundForms !== null && pinned === undefined) log.add('FORM_NOT_IN_DEPLOYMENT', node.id, { form: formId });
      return pinned ?? formId;
    }
    default: {
      const allowed = 'latest, deployment, versionTag';
      log.add('BINDING_UNSUPPORTED', node.id, { binding, extension: 'zeebe:formDefinition', allowed });
      return formId;
    }
  }
}

const embedded = (process: ModdleElement): readonly ModdleElement[] =>
  extensions(process).filter((element) => element.$type === 'zeebe:UserTaskForm');

export interface FormSource {
  readonly formId: string;
  readonly schema: JsonObject;
}
export interface FormProblem {
  readonly code: ProblemCode;
  readonly values: ProblemValues;
}

/** The forms embedded in a process, each with its problems. */
export function embeddedForms(process: ModdleElement): readonly {
  readonly formId: string;
  readonly schema: JsonObject | null;
  readonly problems: readonly FormProblem[];
}[] {
  return embedded(process).map((form) => {
    const read = readForm(text(form, 'body') ?? '');
    return { formId: embeddedFormId(idOf(process) ?? '', idOf(form) ?? ''), ...read };
  });
}

/** Components of form-js 1.23 and whether each writes a variable under its `key`. */
const componentTypes: Readonly<Record<string, boolean>> = {
  button: false,
  checkbox: true,
  checklist: true,
  datetime: true,
  documentPreview: false,
  dynamiclist: false,
  expression: true,
  filepicker: true,
  group: false,
  html: false,
  iframe: false,
  image: false,
  number: true,
  radio: true,
  select: true,
  separator: false,
  spacer: false,
  table: false,
  taglist: true,
  text: false,
  textarea: true,
  textfield: true,
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** form-js JSON → schema. `formId` is the schema's own `id`, null when it has none. */
export function readForm(source: string): {
  readonly schema: JsonObject | null;
  readonly id: string | null;
  readonly problems: readonly FormProblem[];
} {
  const problems: FormProblem[] = [];
  const invalid = (detail: string): void => void problems.push({ code: 'FORM_INVALID', values: { detail } });
  let schema: unknown = null;
  try {
    schema = JSON.parse(source);
  } catch (error) {
    invalid(error instanceof Error ? error.message : String(error));
    return { schema: null, id: null, problems };
  }
  if (!isObject(schema)) {
    invalid('{ … } ?');
    return { schema: null, id: null, problems };
  }
  if (schema['type'] !== 'default') invalid('type: "default"');
  const id = typeof schema['id'] === 'string' && schema['id'].trim() !== '' ? schema['id'].trim() : null;
  if (id !== null && isReserved(id)) problems.push({ code: 'RESERVED_ID', values: { id } });
  if (Array.isArray(schema['components'])) new ComponentCheck(problems).list(schema['components'], '', 0);
  else invalid('components: […]');
  return { schema: schema as JsonObject, id, problems };
}

/** form-js nests at most a few levels; deeper is an attack. */
const componentDepth = 20;

class ComponentCheck {
  readonly #problems: FormProblem[];
  readonly #keys = new Set<string>();
  #count = 0;

  constructor(problems: FormProblem[]) {
    this.#problems = problems;
  }
  list(components: readonly unknown[], path: string, depth: number): void {
    for (const component of components) {
      if (++this.#count > limits.formComponents || depth > componentDepth) {
        this.#add('XML_LIMIT', { detail: `formComponents: ${limits.formComponents}` });
        return;
      }
      if (isObject(component)) this.#component(component, path, depth);
      else this.#add('FORM_INVALID', { detail: 'components: [{ … }]' });
    }
  }
  #component(component: Record<string, unknown>, path: string, depth: number): void {
    const type = String(component['type']);
    const writes = Object.hasOwn(componentTypes, type) ? componentTypes[type] : undefined;
    if (writes === undefined) this.#add('FORM_FIELD_UNKNOWN', { type });
    const key = component['key'];
    if (writes === true) this.#key(key, path, type, component['conditional'] !== undefined);
    if (!Array.isArray(component['components'])) return;
    const own = typeof component['path'] === 'string' && component['path'] !== '' ? `${component['path']}.` : '';
    this.list(component['components'], `${path}${own}`, depth + 1);
  }
  /** Two fields may share a key when a condition shows only one of them at a time. */
  #key(key: unknown, path: string, type: string, conditional: boolean): void {
    if (typeof key !== 'string' || key.trim() === '') {
      this.#add('FORM_INVALID', { detail: `${type}: key` });
      return;
    }
    if (key.split('.').some(isReserved)) this.#add('NAME_RESERVED', { name: key, kind: 'key' });
    const full = `${path}${key}`;
    if (this.#keys.has(full) && !conditional) this.#add('FORM_FIELD_DUPLICATE', { key: full });
    this.#keys.add(full);
  }
  #add(code: ProblemCode, values: ProblemValues): void {
    this.#problems.push({ code, values });
  }
}

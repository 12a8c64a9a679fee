/** form-js behind a small surface: show, read, say errors. Loaded only where a form is shown. */
import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import type { TFunction } from 'i18next';
import { translatePage, translateValidation } from './form-language.ts';

export type FormValues = Record<string, unknown>;
export interface FormError {
  /** Path of the value, joined by dots. */
  readonly path: string;
  readonly label: string;
  readonly message: string;
  readonly focus: () => void;
}

/** Files that were chosen for a field and are not sent yet. */
export interface ChosenFiles {
  /** Stands for them in the form's data. */
  readonly token: string;
  readonly files: readonly File[];
  /** What they show (contract/file.ts), as the form says (property `berkas`). */
  readonly kind: string | undefined;
  readonly several: boolean;
}

interface FormField {
  readonly id: string;
  readonly type: string;
  readonly key?: string;
  readonly multiple?: boolean | string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly label?: string;
  readonly dateLabel?: string;
  readonly components?: readonly FormField[];
}
interface SchemaPart {
  readonly type?: string;
  readonly components?: readonly SchemaPart[];
}

/** The page has its own button, which knows about waiting and errors. */
function withoutButtons<T extends SchemaPart>(part: T): T {
  if (part.components === undefined) return part;
  return { ...part, components: part.components.filter((child) => child.type !== 'button').map(withoutButtons) };
}

export class FormHost {
  readonly #form: Form;
  readonly #container: HTMLElement;
  readonly #stopTranslating: () => void;

  constructor(container: HTMLElement, t: TFunction, onChange: (data: FormValues) => void) {
    this.#container = container;
    const language = {
      __init__: ['validationLanguage'],
      validationLanguage: ['type', validationLanguage(t)],
    };
    this.#form = new Form({ container, additionalModules: [language] });
    this.#form.on('changed', (event: { data: FormValues }) => onChange(event.data));
    this.#stopTranslating = translatePage(container, t);
  }

  async show(schema: string, data: FormValues): Promise<void> {
    await this.#form.importSchema(withoutButtons(JSON.parse(schema) as SchemaPart), data);
  }

  setReadOnly(readOnly: boolean): void {
    this.#form.setProperty('readOnly', readOnly);
  }

  /** Checks and reads the form. */
  submit(): {
    readonly data: FormValues;
    readonly files: readonly ChosenFiles[];
    readonly errors: readonly FormError[];
  } {
    // Its types do not know of the files yet.
    const { data, errors, files } = this.#form.submit() as ReturnType<Form['submit']> & {
      readonly files: ReadonlyMap<string, readonly File[]>;
    };
    return {
      data,
      files: this.#chosen(data, files),
      errors: this.#fields().flatMap((field) => this.#errorsOf(field, errors[field.id])),
    };
  }

  /** The server's findings that belong to a field of this form. */
  errorsAt(messages: ReadonlyMap<string, string>): readonly FormError[] {
    return this.#fields().flatMap((field) => this.#errorsOf(field, [messages.get(this.#pathOf(field)) ?? null]));
  }

  /** Shows the server's findings at their fields. */
  showErrors(messages: ReadonlyMap<string, string>): void {
    const found = this.#fields().map((field) => [field.id, messages.get(this.#pathOf(field))] as const);
    const errors = Object.fromEntries(
      found.flatMap(([id, message]) => (message === undefined ? [] : [[id, [message]]])),
    );
    // The only way form-js offers to say an error that its own rules did not find.
    this.#form['_setState']({ errors });
  }

  destroy(): void {
    this.#stopTranslating();
    this.#form.destroy();
  }

  /** Only what the data name: a field may have been hidden since. */
  #chosen(data: FormValues, files: ReadonlyMap<string, readonly File[]>): readonly ChosenFiles[] {
    const fields = this.#fields().filter(({ type }) => type === 'filepicker');
    return textsIn(data).flatMap(([name, token]) => {
      const chosen = files.get(token);
      if (chosen === undefined || chosen.length === 0) return [];
      const field = fields.find(({ key }) => key?.split('.').at(-1) === name);
      const several = field?.multiple === true || chosen.length > 1;
      return [{ token, files: chosen, kind: field?.properties?.['berkas'], several }];
    });
  }
  #fields(): readonly FormField[] {
    return this.#form.get<{ getAll(): FormField[] }>('formFieldRegistry').getAll();
  }
  #pathOf(field: FormField): string {
    return this.#form.get<{ getValuePath(field: FormField): string[] }>('pathRegistry').getValuePath(field).join('.');
  }
  #errorsOf(field: FormField, found: unknown): readonly FormError[] {
    return messagesIn(found).map((message) => ({
      path: this.#pathOf(field),
      label: field.label ?? field.dateLabel ?? field.key ?? field.id,
      message,
      focus: () => this.#focus(field.id),
    }));
  }
  #focus(fieldId: string): void {
    const part = `[id^="${CSS.escape(`fjs-form-${this.#form['_id']}-${fieldId}`)}"]`;
    // A select draws what it shows before the input that takes the focus.
    const element =
      this.#container.querySelector<HTMLElement>(`:is(input, textarea, select)${part}`) ??
      this.#container.querySelector<HTMLElement>(part);
    element?.focus();
    element?.scrollIntoView({ block: 'center' });
  }
}

/** Texts in a value with the name of their property, at any depth. */
function textsIn(value: unknown, name = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([inner, member]) => textsIn(member, Array.isArray(value) ? name : inner));
}

/** Errors of repeated fields come nested by index. */
function messagesIn(found: unknown): readonly string[] {
  if (Array.isArray(found)) return found.flatMap((entry) => (typeof entry === 'string' ? [entry] : messagesIn(entry)));
  return found !== null && typeof found === 'object' ? Object.values(found).flatMap(messagesIn) : [];
}

interface Validator {
  validateFieldInstance(instance: unknown, value: unknown): string[];
}
function validationLanguage(t: TFunction): unknown {
  function speak(validator: Validator): object {
    const check = validator.validateFieldInstance.bind(validator);
    validator.validateFieldInstance = (instance, value) =>
      check(instance, value).map((message) => translateValidation(message, t));
    return {};
  }
  return Object.assign(
    function ValidationLanguage(validator: Validator) {
      return speak(validator);
    },
    { $inject: ['validator'] },
  );
}

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

interface FormField {
  readonly id: string;
  readonly type: string;
  readonly key?: string;
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
  submit(): { readonly data: FormValues; readonly errors: readonly FormError[] } {
    const { data, errors } = this.#form.submit();
    return {
      data,
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

/** One field's value against its rules, as form-js would judge it. */
import type { Json, JsonObject } from '#engine/json.ts';
import type { FieldFault } from '../refusal.ts';
import type { FieldText, Values } from '../texts.ts';
import type { FormField } from './fields.ts';

type Fault = Omit<FieldFault, 'field'>;
const fault = (text: FieldText, values?: Values): Fault => (values === undefined ? { text } : { text, values });

const numberOf = (value: Json | undefined): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

/** What form-js takes for not filled in. */
export const isEmpty = (field: FormField, value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  (field.type === 'checkbox' && value === false);

function textFault(value: Json, rules: JsonObject): Fault | null {
  if (typeof value !== 'string') return fault('notAText');
  const least = numberOf(rules['minLength']);
  const most = numberOf(rules['maxLength']);
  if (least !== null && value.trim().length < least) return fault('tooShort', { limit: least });
  if (most !== null && value.length > most) return fault('tooLong', { limit: most });
  if (rules['validationType'] === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return fault('email');
  if (rules['validationType'] === 'phone' && !/^\+?[0-9 ()-]{6,20}$/.test(value)) return fault('phone');
  const pattern = rules['pattern'];
  return typeof pattern === 'string' && pattern !== '' && !matches(pattern, value) ? fault('pattern') : null;
}
/** Longest text that a form's own pattern is tried on: such patterns come from administrators and may be slow. */
const patternTextMost = 1_000;
function matches(pattern: string, value: string): boolean {
  try {
    return value.length <= patternTextMost && new RegExp(pattern).test(value);
  } catch {
    // A pattern that is none cannot be met in the browser either; it is the form's fault, not the caller's.
    return true;
  }
}

function numberFault(field: FormField, value: Json): Fault | null {
  const asText = field.component['serializeToString'] === true;
  if (typeof value !== (asText ? 'string' : 'number')) return fault(asText ? 'notAText' : 'notANumber');
  const number = numberOf(value);
  if (number === null) return fault('notANumber');
  const least = numberOf(field.validate['min']);
  const most = numberOf(field.validate['max']);
  if (least !== null && number < least) return fault('tooSmall', { limit: least });
  if (most !== null && number > most) return fault('tooBig', { limit: most });
  const digits = numberOf(field.component['decimalDigits']);
  const given = String(number).split('.')[1]?.length ?? 0;
  return digits !== null && given > digits ? fault('decimals', { limit: digits }) : null;
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
function dateFault(field: FormField, value: Json): Fault | null {
  if (typeof value !== 'string') return fault('notADate');
  const subtype = field.component['subtype'];
  if (subtype === 'time') return timePattern.test(value) ? null : fault('notADate');
  const [day = '', time] = value.split('T');
  if (!isDay(day)) return fault('notADate');
  const timed = time !== undefined && timePattern.test(time);
  return (subtype === 'datetime') === timed && (time === undefined || timed) ? null : fault('notADate');
}

/** Texts of different order are the same choice when they are objects. */
const sameChoice = (a: Json, b: Json): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
function choiceFault(field: FormField, value: Json, options: readonly Json[] | null): Fault | null {
  const several = field.type === 'checklist' || field.type === 'taglist';
  if (several && !Array.isArray(value)) return fault('notAList');
  if (options === null) return null;
  const chosen: readonly Json[] = several && Array.isArray(value) ? value : [value];
  return chosen.every((choice) => options.some((option) => sameChoice(choice, option))) ? null : fault('notAnOption');
}

/** What is wrong with a value that is filled in; null: nothing. `options`: what may be chosen now. */
export function valueFault(field: FormField, value: Json, options: readonly Json[] | null): Fault | null {
  switch (field.type) {
    case 'textfield':
    case 'textarea':
      return textFault(value, field.validate);
    case 'number':
      return numberFault(field, value);
    case 'checkbox':
      return typeof value === 'boolean' ? null : fault('notABoolean');
    case 'datetime':
      return dateFault(field, value);
    case 'radio':
    case 'select':
    case 'checklist':
    case 'taglist':
      return choiceFault(field, value, options);
    default:
      return null;
  }
}

/** Texts of the API by language; Indonesian is the default. Words live in texts/*.json. */
import { z } from 'zod';
import en from './texts/en.json' with { type: 'json' };
import id from './texts/id.json' with { type: 'json' };

export type Locale = 'id' | 'en';
export type Texts = typeof id;
export type Reason = keyof Texts['reasons'];
export type FieldText = keyof Texts['fields'];
export type Values = Readonly<Record<string, string | number>>;

const texts: Readonly<Record<Locale, Texts>> = { id, en };
const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

export const textsOf = (locale: Locale): Texts => texts[locale];
export const reasonText = (locale: Locale, reason: Reason, values: Values = {}): string =>
  fill(texts[locale].reasons[reason], values);
export const fieldText = (locale: Locale, code: FieldText, values: Values = {}): string =>
  fill(texts[locale].fields[code], values);

/** Why a case cannot follow another version, and what to do. */
export const impactText = (locale: Locale, code: keyof Texts['impact'], values: Values): string =>
  fill(texts[locale].impact[code], values);

/** What differs and what to do about it. */
export const differenceText = (
  locale: Locale,
  kind: keyof Texts['differences'],
  values: Values,
): { readonly text: string; readonly remedy: string } => {
  const { text, remedy } = texts[locale].differences[kind];
  return { text: fill(text, values), remedy: fill(remedy, values) };
};

export const stuckText = (locale: Locale, cause: keyof Texts['stuck'], values: Values): string =>
  fill(texts[locale].stuck[cause], values);

interface FaultWords {
  readonly message: string;
  readonly remedy: string;
}
const faultWords = (
  words: Readonly<Record<string, { readonly text: string; readonly remedy: string }>>,
  code: string,
  values: Values,
): FaultWords => {
  const { text, remedy } = words[code] ?? { text: code, remedy: '' };
  return { message: fill(text, values), remedy: fill(remedy, values) };
};
/** What is wrong with a cell of a list (exchange/fault.ts), and what to do about it. */
export const cellFaultText = (locale: Locale, code: string, values: Values): FaultWords =>
  faultWords(texts[locale].exchange.cells, code, values);
/** The same of a file as a whole. */
export const fileFaultText = (locale: Locale, code: string, values: Values): FaultWords =>
  faultWords(texts[locale].exchange.files, code, values);

const isFieldText = (code: string): code is FieldText => Object.hasOwn(id.fields, code);
/** The contract's own messages are codes; the rest comes from zod's texts of the language. */
export const messageText = (locale: Locale, message: string): string =>
  isFieldText(message) ? fieldText(locale, message) : message;

const zodTexts = { id: z.locales.id().localeError, en: z.locales.en().localeError } as const;
export const zodTextsOf = (locale: Locale): (typeof zodTexts)[Locale] => zodTexts[locale];

/** Language of an `Accept-Language` header: English when it is asked for before Indonesian, else Indonesian. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const first = /\b(id|in|en)\b/i.exec(acceptLanguage ?? '');
  return first?.[1]?.toLowerCase() === 'en' ? 'en' : 'id';
}

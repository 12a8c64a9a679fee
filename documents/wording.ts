/** Words, dates and money as a document prints them. The words are data: section `documents` of definitions/dtks/texts.*.json. */
import en from '#definitions/dtks/texts.en.json' with { type: 'json' };
import id from '#definitions/dtks/texts.id.json' with { type: 'json' };
import { rupiahInWords } from './rupiah-in-words.ts';

export type Language = 'id' | 'en';
export type TextKey = keyof typeof id.documents;
type Values = Readonly<Record<string, string | number>>;

export interface Wording {
  readonly language: Language;
  readonly text: (key: TextKey, values?: Values) => string;
  /** Name of a programme; the code itself when it has none. */
  readonly program: (code: string) => string;
  /** Of people who do a kind of task; the id itself when it has none. */
  readonly group: (id: string) => string;
  /** How a delivery came out; the code itself when it has no words. */
  readonly deliveryResult: (code: string) => string;
  /** 23 November 2026. @param at date or ISO 8601 time */
  readonly date: (at: string) => string;
  /** Senin, 23 November 2026. */
  readonly weekdayAndDate: (at: string) => string;
  /** 09.30 WIB. */
  readonly time: (at: string) => string;
  /** 23/11/2026 09.30.05, for logs. */
  readonly moment: (at: string) => string;
  /** November 2026, from `2026-11`; a quarter (`2026-T1`) is named by the texts. */
  readonly period: (period: string) => string;
  /** Rp600.000. */
  readonly money: (rupiah: number) => string;
  readonly moneyInWords: (rupiah: number) => string;
  /** 12.345,6: to one decimal. */
  readonly number: (value: number) => string;
}

const localeOf: Readonly<Record<Language, string>> = { id: 'id-ID', en: 'en-GB' };
const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** Words of papers in one language. */
const textsIn =
  (language: Language): Wording['text'] =>
  (key, values = {}) =>
    fill({ id, en }[language].documents[key], values);
/** In the language that papers are printed in. */
export const printedTexts = textsIn('id');

/** @param zone IANA time zone of the office, such as Asia/Jakarta. */
export function wordingOf(language: Language, zone: string): Wording {
  const named = (names: Readonly<Record<string, string>>) => (code: string) => names[code] ?? code;
  const { programs, groups, deliveryResults } = { id, en }[language];
  const locale = localeOf[language];
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    return (at: string): string => formatter.format(new Date(at));
  };
  const text = textsIn(language);
  const month = format({ month: 'long', year: 'numeric', timeZone: 'UTC' });
  return {
    language,
    text,
    program: named(programs),
    group: named(groups),
    deliveryResult: named(deliveryResults),
    date: format({ dateStyle: 'long' }),
    weekdayAndDate: format({ dateStyle: 'full' }),
    time: format({ hour: '2-digit', minute: '2-digit', hour12: false, timeZoneName: 'short' }),
    moment: format({ dateStyle: 'short', timeStyle: 'medium' }),
    period: (period) => {
      const [year = '', part = ''] = period.split('-');
      return part.startsWith('T') ? text('umum.tahap', { tahap: part.slice(1), tahun: year }) : month(`${period}-01`);
    },
    money: (rupiah) => `Rp${new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(rupiah)}`,
    moneyInWords: (rupiah) => rupiahInWords(rupiah),
    number: (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value),
  };
}

/** Indonesian first, English second, both complete; the choice is kept on the device and follows the account's locale. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readStored, writeStored } from '../lib/stored.ts';
import en from './en.json';
import id from './id.json';

export const languages = ['id', 'en'] as const;
export type Language = (typeof languages)[number];

function isLanguage(value: string | null | undefined): value is Language {
  return value === 'id' || value === 'en';
}

export async function setUpLanguage(): Promise<void> {
  const stored = readStored('language');
  const language = isLanguage(stored) ? stored : 'id';
  await i18next.use(initReactI18next).init({
    resources: { id: { translation: id }, en: { translation: en } },
    lng: language,
    fallbackLng: 'id',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  i18next.on('languageChanged', (next) => {
    document.documentElement.lang = next;
  });
}

export function chooseLanguage(language: Language): void {
  writeStored('language', language);
  void i18next.changeLanguage(language);
}

/** The account's language holds unless this device has a choice of its own. */
export function followAccountLanguage(locale: string): void {
  if (readStored('language') === null && isLanguage(locale) && locale !== i18next.language)
    void i18next.changeLanguage(locale);
}

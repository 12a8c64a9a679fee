import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionEndpoints } from '#contract/session.ts';
import { chooseLanguage, languages, type Language } from '../i18n/setup.ts';
import { call } from '../lib/api.ts';
import { useSession } from '../lib/session.tsx';

/** Each language is named in itself. The choice holds on this device and, when signed in, for the account. */
export function LanguageSwitch(): ReactNode {
  const { t, i18n } = useTranslation();
  const { account } = useSession();
  function choose(language: Language): void {
    chooseLanguage(language);
    // The page already speaks the language; an account that could not be told keeps its old one for next time.
    if (account !== null && account !== undefined)
      call(sessionEndpoints.changeLocale, { body: { locale: language } }).catch(() => undefined);
  }
  return (
    <div className="language-switch" role="group" aria-label={t('layout.language')}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => choose(language)}
        >
          {i18n.getFixedT(language)('layout.languageName')}
        </button>
      ))}
    </div>
  );
}

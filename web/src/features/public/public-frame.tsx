import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { Logo } from '../../components/logo.tsx';
import './public.css';

/** A page for everybody, without an account. */
export function PublicFrame({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="public">
      <header className="public-brand">
        <Logo size={40} />
        <span>{t('app.name')}</span>
      </header>
      <main id="main" className="card">
        <div className="card-body stack">{children}</div>
      </main>
      <LanguageSwitch />
    </div>
  );
}

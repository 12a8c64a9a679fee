import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { Logo } from '../../components/logo.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './session.css';

export function SignInPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="sign-in">
      <header className="sign-in-brand">
        <Logo size={40} />
        <span>{t('app.name')}</span>
      </header>
      <main id="main" className="card">
        <div className="card-body">
          <PageHeader title={t('session.title')} lead={t('session.lead')} />
          <SignInForm />
          <p className="small muted sign-in-help">{t('session.help')}</p>
          <p className="small">
            <Link to="/status">{t('citizen.link')}</Link>
          </p>
        </div>
      </main>
      <LanguageSwitch />
    </div>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { useSession } from '../../lib/session.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './session.css';

/** The session ran out: sign in again over the page, which keeps what was typed. */
export function SessionExpired(): ReactNode {
  const { t } = useTranslation();
  const { account, expired, signOut } = useSession();
  if (!expired || account === null || account === undefined) return null;
  return (
    <Dialog title={t('session.expired')} onClose={() => undefined} closable={false}>
      <p className="expired-lead">{t('session.expiredLead')}</p>
      <SignInForm name={account.name}>
        <button type="button" className="button plain" onClick={() => void signOut().catch(() => location.reload())}>
          {t('session.leave')}
        </button>
      </SignInForm>
    </Dialog>
  );
}

import { Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import type { Account } from '#contract/account.ts';
import { LanguageSwitch } from '../components/language-switch.tsx';
import { Logo } from '../components/logo.tsx';
import { Loading } from '../components/states.tsx';
import { SessionExpired } from '../features/session/session-expired.tsx';
import { useLiveUpdates } from '../lib/live.ts';
import { useAccount, useSession } from '../lib/session.tsx';
import { groupNames } from '../lib/terms.ts';
import { useShortcuts } from '../lib/shortcuts.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { homeOf, navigationOf } from './navigation.ts';

export function Layout(): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const { expired } = useSession();
  const { pathname } = useLocation();
  const [help, setHelp] = useState(false);
  useLiveUpdates(!expired);
  useEffect(() => showCurrentEntry(pathname), [pathname]);
  useShortcuts(useMemo(() => [{ key: '?', label: 'shortcuts.help', run: () => setHelp(true) }], []));
  return (
    <div className="app">
      <a className="skip-link" href="#main">
        {t('layout.skip')}
      </a>
      <header className="topbar">
        <div className="topbar-inner">
          <Link className="brand" to={homeOf(account)}>
            <Logo size={28} />
            {t('app.name')}
          </Link>
          <nav className="main-nav" aria-label={t('layout.mainNav')}>
            <ul>
              {navigationOf(account).map((item) => (
                <li key={item.to}>
                  <NavLink to={item.to}>{t(item.label)}</NavLink>
                </li>
              ))}
            </ul>
          </nav>
          <div className="topbar-tools">
            <AccountMenu key={pathname} account={account} />
          </div>
        </div>
      </header>
      <main id="main" className="page" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="footer">
        <div>
          <span>{t('app.footer')}</span>
          <button type="button" onClick={() => setHelp(true)}>
            {t('shortcuts.title')}
          </button>
          <a href="/docs">{t('layout.apiDocs')}</a>
        </div>
      </footer>
      <PageFocus />
      {help ? <HelpDialog onClose={() => setHelp(false)} /> : null}
      <SessionExpired />
    </div>
  );
}

/** After moving to another page the heading takes the focus, so that screen readers start there. Lists with detail keep theirs. */
function PageFocus(): ReactNode {
  const { pathname } = useLocation();
  const section = pathname.split('/')[1] === 'tasks' ? '/tasks' : pathname;
  const before = useRef(section);
  useEffect(() => {
    if (before.current === section) return;
    before.current = section;
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [section]);
  return null;
}

/** On a phone the menu scrolls sideways: the current page's entry is brought into view. */
function showCurrentEntry(pathname: string): void {
  const entry = document.querySelector<HTMLElement>(`.main-nav a[href="/${pathname.split('/')[1] ?? ''}"]`);
  entry?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

function AccountMenu({ account }: { account: Account }): ReactNode {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    function close(event: Event): void {
      const menu = element.current;
      if (menu === null || !menu.open) return;
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !menu.contains(event.target as Node))
        menu.open = false;
    }
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  return (
    <details ref={element} className="account-menu">
      <summary aria-label={t('layout.account', { name: account.displayName })}>
        <span className="account-name">{account.displayName}</span> <span aria-hidden="true">▾</span>
      </summary>
      <div>
        <strong>{account.displayName}</strong>
        <dl>
          <dt>{t('layout.accountName')}</dt>
          <dd>{account.name}</dd>
          <dt>{t('layout.roles')}</dt>
          <dd>{account.roles.map((role) => t(`roles.${role}`)).join(', ')}</dd>
          {account.groups.length === 0 ? null : (
            <>
              <dt>{t('layout.groups')}</dt>
              <dd>{groupNames(account.groups)}</dd>
            </>
          )}
          <dt>{t('layout.region')}</dt>
          <dd>{account.region === '*' ? t('accounts.everywhere') : (account.regionName ?? account.region)}</dd>
        </dl>
        <div className="stack">
          <LanguageSwitch />
          <button type="button" className="button" onClick={() => void signOut().catch(() => location.reload())}>
            {t('session.signOut')}
          </button>
        </div>
      </div>
    </details>
  );
}

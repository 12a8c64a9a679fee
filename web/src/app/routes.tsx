/** The pages. Each feature is loaded when it is first visited. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, Navigate, useLocation } from 'react-router';
import type { Role } from '#contract/values.ts';
import { PageHeader } from '../components/page-header.tsx';
import { ErrorNotice, Loading, Notice } from '../components/states.tsx';
import { SignInPage } from '../features/session/sign-in-page.tsx';
import { hasRole, useAccount, useSession } from '../lib/session.tsx';
import { Layout } from './layout.tsx';
import { homeOf } from './navigation.ts';

const page = (load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> =>
  lazy(async () => ({ default: await load() }));

const TasksPage = page(async () => (await import('../features/tasks/tasks-page.tsx')).TasksPage);
const CasePage = page(async () => (await import('../features/cases/case-page.tsx')).CasePage);
const ReportPage = page(async () => (await import('../features/cases/report-page.tsx')).ReportPage);
const PersonsPage = page(async () => (await import('../features/registry/persons-page.tsx')).PersonsPage);
const PersonPage = page(async () => (await import('../features/registry/person-page.tsx')).PersonPage);
const OverviewPage = page(async () => (await import('../features/supervision/overview-page.tsx')).OverviewPage);
const CasesPage = page(async () => (await import('../features/supervision/cases-page.tsx')).CasesPage);
const IncidentsPage = page(async () => (await import('../features/supervision/incidents-page.tsx')).IncidentsPage);
const ReportsPage = page(async () => (await import('../features/supervision/reports-page.tsx')).ReportsPage);
const ReportCasesPage = page(
  async () => (await import('../features/supervision/report-cases-page.tsx')).ReportCasesPage,
);
const BatchesPage = page(async () => (await import('../features/supervision/batches-page.tsx')).BatchesPage);
const DefinitionsPage = page(
  async () => (await import('../features/definitions/definitions-page.tsx')).DefinitionsPage,
);
const DefinitionPage = page(async () => (await import('../features/definitions/definition-page.tsx')).DefinitionPage);
const MigratePage = page(async () => (await import('../features/definitions/migrate-page.tsx')).MigratePage);
const PublishPage = page(async () => (await import('../features/definitions/publish-page.tsx')).PublishPage);
const StartPage = page(async () => (await import('../features/proposals/start-page.tsx')).StartPage);
const StartFormPage = page(async () => (await import('../features/proposals/start-form-page.tsx')).StartFormPage);
const ImportPage = page(async () => (await import('../features/proposals/import-page.tsx')).ImportPage);
const AccountsPage = page(async () => (await import('../features/administration/accounts-page.tsx')).AccountsPage);
const SettingsPage = page(async () => (await import('../features/administration/settings-page.tsx')).SettingsPage);

const CheckPage = page(async () => (await import('../features/public/check-page.tsx')).CheckPage);

const StatusPage = page(async () => (await import('../features/public/status-page.tsx')).StatusPage);

const watchers: readonly Role[] = ['supervisor', 'administrator'];

export const router = createBrowserRouter([
  {
    // Printed in QR codes: for everybody.
    path: '/periksa/:token',
    element: (
      <Suspense fallback={<Loading />}>
        <CheckPage />
      </Suspense>
    ),
    errorElement: <Crashed />,
  },
  {
    // For citizens without an account.
    path: '/status',
    element: (
      <Suspense fallback={<Loading />}>
        <StatusPage />
      </Suspense>
    ),
    errorElement: <Crashed />,
  },
  {
    path: '/',
    element: <SignedIn />,
    errorElement: <Crashed />,
    children: [
      { index: true, element: <Home /> },
      // One route: list and detail keep their state while the chosen task changes.
      { path: 'tasks/:taskKey?', element: <TasksPage /> },
      { path: 'cases/:caseKey', element: <CasePage /> },
      { path: 'proposals/:proposalNumber/report', element: <ReportPage /> },
      { path: 'persons', element: <PersonsPage /> },
      { path: 'persons/:personKey', element: <PersonPage /> },
      { path: 'start', element: <StartPage /> },
      { path: 'start/import', element: <ImportPage /> },
      { path: 'start/:processDefinitionId', element: <StartFormPage /> },
      { path: 'supervision', element: <Only roles={watchers} page={<OverviewPage />} /> },
      { path: 'supervision/cases', element: <Only roles={watchers} page={<CasesPage />} /> },
      { path: 'supervision/incidents', element: <Only roles={watchers} page={<IncidentsPage />} /> },
      { path: 'supervision/batches/:batchKey?', element: <Only roles={watchers} page={<BatchesPage />} /> },
      { path: 'supervision/reports/:report?', element: <Only roles={watchers} page={<ReportsPage />} /> },
      { path: 'supervision/reports/:report/cases', element: <Only roles={watchers} page={<ReportCasesPage />} /> },
      { path: 'definitions', element: <Only roles={watchers} page={<DefinitionsPage />} /> },
      { path: 'definitions/publish', element: <Only roles={['administrator']} page={<PublishPage />} /> },
      { path: 'definitions/:processDefinitionId', element: <Only roles={watchers} page={<DefinitionPage />} /> },
      {
        path: 'definitions/:processDefinitionId/migrate',
        element: <Only roles={watchers} page={<MigratePage />} />,
      },
      { path: 'accounts', element: <Only roles={['administrator']} page={<AccountsPage />} /> },
      { path: 'settings', element: <Only roles={['administrator']} page={<SettingsPage />} /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]);

/** Everything but the sign-in page needs an account; after signing in the asked page opens. */
function SignedIn(): ReactNode {
  const { account, error, reload } = useSession();
  if (account === undefined) return error === null ? <Loading /> : <ErrorNotice error={error} onRetry={reload} />;
  return account === null ? <SignInPage /> : <Layout />;
}

function Home(): ReactNode {
  return <Navigate to={homeOf(useAccount())} replace />;
}

function Only({ roles, page: inner }: { roles: readonly Role[]; page: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  if (hasRole(account, ...roles)) return inner;
  return (
    <>
      <PageHeader title={t('problems.notAllowed.title')} />
      <Notice tone="warn">
        <p>{t('problems.notAllowed.remedy')}</p>
      </Notice>
    </>
  );
}

function NotFound(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <PageHeader title={t('problems.pageNotFound.title')} lead={t('problems.pageNotFound.remedy', { path: pathname })} />
  );
}

function Crashed(): ReactNode {
  const { t } = useTranslation();
  return (
    <main className="page">
      <PageHeader title={t('problems.unexpected.title')} lead={t('problems.unexpected.remedy')}>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          {t('common.reload')}
        </button>
      </PageHeader>
    </main>
  );
}

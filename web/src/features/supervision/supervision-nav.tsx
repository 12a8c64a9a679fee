import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { statisticsQuery } from '../../lib/statistics-query.ts';

/** A report is a page of its tab; the overview is no page above the others. */
const isWithin = (pathname: string, tab: string): boolean =>
  pathname === tab || (tab !== '/supervision' && pathname.startsWith(`${tab}/`));

export function SupervisionNav(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { data } = useQuery(statisticsQuery());
  const tabs = [
    { to: '/supervision', label: t('supervision.tabs.overview'), count: undefined },
    { to: '/supervision/cases', label: t('supervision.tabs.cases'), count: data?.openCases },
    { to: '/supervision/incidents', label: t('supervision.tabs.incidents'), count: data?.openIncidents },
    { to: '/supervision/batches', label: t('supervision.tabs.batches'), count: undefined },
    { to: '/supervision/reports', label: t('supervision.tabs.reports'), count: undefined },
  ];
  return (
    <nav className="tabs supervision-tabs" aria-label={t('supervision.tabsLabel')}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} aria-current={isWithin(pathname, tab.to) ? 'page' : undefined}>
          {tab.label}
          {tab.count === undefined ? null : (
            <span className={tab.to.endsWith('incidents') && tab.count > 0 ? 'count bad' : 'count'}>{tab.count}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

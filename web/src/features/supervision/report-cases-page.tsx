import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { z } from 'zod';
import type { periodReportEndpoints } from '#contract/period-report.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { today } from '../../lib/format.ts';
import { periodName } from '../../lib/period-name.ts';
import { useAccount } from '../../lib/session.tsx';
import { useUrlFilters } from '../../lib/url-filters.ts';
import { figureQuery, reportAddress, reportChoiceOf } from './report-queries.ts';
import './supervision.css';

type Item = z.infer<typeof periodReportEndpoints.listReportCases.ok>['items'][number];

/** What a figure of a report counts, one by one. */
export function ReportCasesPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const { region } = useAccount();
  const { report } = useParams();
  const { get } = useUrlFilters();
  const choice = reportChoiceOf(report, get, { region, today: today() });
  const figure = { row: get('row') === '' ? null : get('row'), column: get('column') };
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    figureQuery(choice, figure),
  );
  const [first] = data?.pages ?? [];
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const about = [...(first?.rowLabels ?? []), periodName(choice.period, i18n.language, t), choice.region].join(' · ');
  return (
    <>
      <PageHeader
        title={first === undefined ? t('reports.cases') : `${first.title}: ${first.columnLabel}`}
        lead={about}
        crumbs={[{ to: reportAddress(choice), label: first?.title ?? t('reports.title') }]}
      />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {first === undefined ? null : (
        <div className="card">
          {items.length === 0 ? <Empty title={t('reports.noCases')} /> : <CaseTable items={items} />}
          {hasNextPage ? (
            <div className="card-body">
              <button
                type="button"
                className="button"
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {t('reports.more')}
              </button>
            </div>
          ) : null}
        </div>
      )}
    </>
  );
}

function CaseTable({ items }: { items: readonly Item[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards">
        <caption className="visually-hidden">{t('reports.cases')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('reports.case')}</th>
            <th scope="col">{t('reports.place')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={`${item.caseKey ?? item.personKey ?? ''}/${String(index)}`}>
              <th scope="row">
                <CaseName item={item} />
              </th>
              <td data-label={t('reports.place')}>{item.regionName ?? item.region}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Help that came with a list has no case, but a person. */
function CaseName({ item: { caseKey, number, personKey } }: { item: Item }): ReactNode {
  const { t } = useTranslation();
  if (caseKey !== null) return <Link to={`/cases/${caseKey}`}>{number ?? caseKey}</Link>;
  if (personKey !== null) return <Link to={`/persons/${personKey}`}>{number ?? t('reports.ofList')}</Link>;
  return number ?? t('reports.ofList');
}

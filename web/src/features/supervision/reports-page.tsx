import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import type { PeriodReport, ReportName } from '#contract/period-report.ts';
import { ChoiceField } from '../../components/choice-field.tsx';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { formatDateTime, today } from '../../lib/format.ts';
import { periodName } from '../../lib/period-name.ts';
import { useAccount } from '../../lib/session.tsx';
import { useUrlFilters } from '../../lib/url-filters.ts';
import { ReportChart } from './report-chart.tsx';
import {
  fileAddress,
  fileTypes,
  periodChoices,
  reportAddress,
  reportChoiceOf,
  reportListQuery,
  reportQuery,
  type ReportChoice,
} from './report-queries.ts';
import { ReportTable } from './report-table.tsx';
import { SupervisionNav } from './supervision-nav.tsx';
import './supervision.css';

export function ReportsPage(): ReactNode {
  const { t } = useTranslation();
  const { region } = useAccount();
  const { report } = useParams();
  const { get } = useUrlFilters();
  const choice = reportChoiceOf(report, get, { region, today: today() });
  const { data, error, isPending, refetch } = useQuery(reportQuery(choice));
  return (
    <>
      <PageHeader title={t('reports.title')} lead={t('reports.lead')} />
      <SupervisionNav />
      <div className="stack">
        <div className="card">
          <ReportFilters choice={choice} />
        </div>
        {isPending ? <Loading /> : null}
        {error !== null ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined || error !== null ? null : <ReportCard report={data} choice={choice} />}
      </div>
    </>
  );
}

function ReportFilters({ choice }: { choice: ReportChoice }): ReactNode {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(reportListQuery());
  // At once: a control that shows the address must not fall back while it is being used.
  const show = (change: Partial<ReportChoice>): void =>
    void navigate(reportAddress({ ...choice, ...change }), { flushSync: true });
  const names = (data?.items ?? []).map(({ report, title }): readonly [ReportName, string] => [report, title]);
  const periods = new Set([choice.period, ...periodChoices(today())]);
  return (
    <search className="filters case-filters">
      <ChoiceField
        label={t('reports.report')}
        options={names}
        value={choice.report}
        onChange={(report) => show({ report })}
      />
      <ChoiceField
        label={t('reports.period')}
        options={[...periods].map((period) => [period, periodName(period, i18n.language, t)] as const)}
        value={choice.period}
        onChange={(period) => show({ period })}
      />
      <Field label={t('reports.region')} hint={t('reports.regionHint')}>
        {({ id, describedBy }) => (
          <input
            key={choice.region}
            id={id}
            aria-describedby={describedBy}
            className="input"
            defaultValue={choice.region}
            onBlur={({ target }) => target.value === choice.region || show({ region: target.value.trim() })}
            onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={choice.by === 'area'}
          onChange={({ target }) => show({ by: target.checked ? 'area' : 'all' })}
        />{' '}
        {t('reports.byArea')}
      </label>
    </search>
  );
}

function ReportCard({ report, choice }: { report: PeriodReport; choice: ReportChoice }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <section className="card" aria-label={report.title}>
      <header>
        <div>
          <h2>{report.title}</h2>
          <RegionPath report={report} choice={choice} />
        </div>
        <div className="button-row">
          {fileTypes.map((type) => (
            <a key={type} className="button" href={fileAddress(choice, type)} download>
              {t('reports.download', { type: type.toUpperCase() })}
            </a>
          ))}
        </div>
      </header>
      <div className="card-body stack">
        <p>{report.explanation}</p>
        <p className="small muted">{t('reports.readAt', { time: formatDateTime(report.readAt, i18n.language) })}</p>
        {report.isCut ? (
          <Notice tone="warn">
            <p>{t('reports.cut')}</p>
          </Notice>
        ) : null}
        {report.rows.length === 0 ? null : <ReportChart report={report} />}
      </div>
      {report.rows.length === 0 ? (
        <Empty title={t('reports.empty')}>
          <p>{t('reports.emptyHint')}</p>
        </Empty>
      ) : (
        <ReportTable report={report} choice={choice} />
      )}
    </section>
  );
}

/** From the region up to the account's own. */
function RegionPath({ report, choice }: { report: PeriodReport; choice: ReportChoice }): ReactNode {
  const { t } = useTranslation();
  const { region: own } = useAccount();
  const segments = report.region === '*' ? [] : report.region.split('.');
  const names = report.regionName?.split(', ') ?? [];
  const above = segments.slice(1).map((_, index) => ({
    code: segments.slice(0, segments.length - index - 1).join('.'),
    name: names[index + 1],
  }));
  const country = report.region === '*' ? [] : [{ code: '*', name: t('reports.country') }];
  const reachable = [...above, ...country].filter(
    ({ code }) => own === '*' || code === own || code.startsWith(`${own}.`),
  );
  return (
    <p>
      {report.region === '*' ? report.regionName : (names[0] ?? report.region)}
      {reachable.map(({ code, name }) => (
        <span key={code}>
          {', '}
          <Link to={reportAddress({ ...choice, region: code })}>{name ?? code}</Link>
        </span>
      ))}
    </p>
  );
}

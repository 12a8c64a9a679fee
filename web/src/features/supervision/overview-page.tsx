import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Statistics } from '#contract/statistics.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { formatNumber } from '../../lib/format.ts';
import { useAccount } from '../../lib/session.tsx';
import { endingName, elementName, processName } from '../../lib/terms.ts';
import { statisticsQuery } from '../../lib/statistics-query.ts';
import { SupervisionNav } from './supervision-nav.tsx';
import './supervision.css';

export function OverviewPage(): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const { data, error, isPending, refetch } = useQuery(statisticsQuery());
  return (
    <>
      <PageHeader
        title={t('supervision.title')}
        lead={t('supervision.lead', { region: account.regionName ?? account.region })}
      />
      <SupervisionNav />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : <Overview statistics={data} />}
    </>
  );
}

function Overview({ statistics }: { statistics: Statistics }): ReactNode {
  const { t, i18n } = useTranslation();
  const numbers = [
    { id: 'openCases', value: statistics.openCases, to: '/supervision/cases', bad: false },
    { id: 'overdue', value: statistics.overdueUserTasks, to: '/supervision/cases?overdue=1', bad: true },
    { id: 'incidents', value: statistics.openIncidents, to: '/supervision/incidents', bad: true },
    { id: 'ended', value: statistics.endedCases, to: '/supervision/cases?state=ended', bad: false },
  ];
  return (
    <div className="stack">
      <ul className="numbers">
        {numbers.map((number) => (
          <li key={number.id} className={number.bad && number.value > 0 ? 'card bad' : 'card'}>
            <Link to={number.to}>
              <strong className="number">{formatNumber(number.value, i18n.language)}</strong>
              <span>{t(`supervision.numbers.${number.id}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <Stages statistics={statistics} />
      <div className="two-columns">
        <Processes statistics={statistics} />
        <Endings statistics={statistics} />
      </div>
    </div>
  );
}

/** Where cases stand: the count and the age of the oldest say where work piles up. */
function Stages({ statistics }: { statistics: Statistics }): ReactNode {
  const { t, i18n } = useTranslation();
  const stages = statistics.byElement.toSorted((a, b) => b.open - a.open);
  const most = stages[0]?.open ?? 1;
  return (
    <section className="card" aria-label={t('supervision.stages')}>
      <header>
        <h2>{t('supervision.stages')}</h2>
      </header>
      {stages.length === 0 ? (
        <Empty title={t('supervision.noStages')} />
      ) : (
        <div className="table-wrap">
          <table className="table cards">
            <thead>
              <tr>
                <th scope="col">{t('supervision.columns.step')}</th>
                <th scope="col">{t('supervision.columns.waiting')}</th>
                <th scope="col">{t('supervision.columns.overdue')}</th>
                <th scope="col">{t('supervision.columns.oldest')}</th>
              </tr>
            </thead>
            <tbody>
              {stages.map((stage) => {
                const query = new URLSearchParams({ process: stage.processDefinitionId, element: stage.elementId });
                return (
                  <tr key={`${stage.processDefinitionId}/${stage.elementId}`}>
                    <th scope="row">
                      <span>
                        <Link to={`/supervision/cases?${query.toString()}`}>
                          {elementName(stage.processDefinitionId, stage.elementId, stage.name)}
                        </Link>
                      </span>
                    </th>
                    <td data-label={t('supervision.columns.waiting')}>
                      <span className="bar-cell">
                        <span className="number">{formatNumber(stage.open, i18n.language)}</span>
                        <span className="bar" aria-hidden="true">
                          <span style={{ width: `${String((stage.open / most) * 100)}%` }} />
                        </span>
                      </span>
                    </td>
                    <td data-label={t('supervision.columns.overdue')}>
                      {stage.overdue > 0 ? (
                        <span className="badge bad">{stage.overdue}</span>
                      ) : (
                        <span className="muted">0</span>
                      )}
                    </td>
                    <td data-label={t('supervision.columns.oldest')}>
                      <RelativeTime iso={stage.oldestSince} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Processes({ statistics }: { statistics: Statistics }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <section className="card" aria-label={t('supervision.processes')}>
      <header>
        <h2>{t('supervision.processes')}</h2>
      </header>
      <div className="table-wrap">
        <table className="table cards">
          <thead>
            <tr>
              <th scope="col">{t('supervision.columns.process')}</th>
              <th scope="col">{t('supervision.columns.open')}</th>
              <th scope="col">{t('supervision.columns.incident')}</th>
              <th scope="col">{t('supervision.columns.ended')}</th>
            </tr>
          </thead>
          <tbody>
            {statistics.byProcess.map((process) => {
              const id = encodeURIComponent(process.processDefinitionId);
              return (
                <tr key={process.processDefinitionId}>
                  <th scope="row">
                    <span>{processName(process.processDefinitionId, process.name)}</span>
                  </th>
                  <td data-label={t('supervision.columns.open')}>
                    <Link to={`/supervision/cases?process=${id}`}>{formatNumber(process.open, i18n.language)}</Link>
                  </td>
                  <td data-label={t('supervision.columns.incident')}>
                    {process.withIncident === 0 ? (
                      <span className="muted">0</span>
                    ) : (
                      <Link className="badge bad" to={`/supervision/cases?process=${id}&incident=1`}>
                        {process.withIncident}
                      </Link>
                    )}
                  </td>
                  <td data-label={t('supervision.columns.ended')}>
                    <Link to={`/supervision/cases?process=${id}&state=ended`}>
                      {formatNumber(process.completed + process.terminated, i18n.language)}
                    </Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Endings({ statistics }: { statistics: Statistics }): ReactNode {
  const { t, i18n } = useTranslation();
  const endings = statistics.endings.toSorted((a, b) => b.cases - a.cases);
  return (
    <section className="card" aria-label={t('supervision.endings')}>
      <header>
        <h2>{t('supervision.endings')}</h2>
      </header>
      {endings.length === 0 ? (
        <Empty title={t('supervision.noEndings')} />
      ) : (
        <ul className="endings">
          {endings.map((ending) => {
            const query = new URLSearchParams({
              process: ending.processDefinitionId,
              end: ending.elementId,
              state: 'ended',
            });
            return (
              <li key={`${ending.processDefinitionId}/${ending.elementId}`}>
                <Link to={`/supervision/cases?${query.toString()}`}>
                  {endingName(ending.processDefinitionId, ending.elementId)}
                </Link>
                <span className="number">{formatNumber(ending.cases, i18n.language)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

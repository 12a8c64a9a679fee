import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { formatNumber } from '../../lib/format.ts';
import { hasRole, useAccount } from '../../lib/session.tsx';
import { latestDefinitionsQuery } from './definition-queries.ts';
import './definitions.css';

export function DefinitionsPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const account = useAccount();
  const { data, error, isPending, refetch } = useQuery(latestDefinitionsQuery());
  return (
    <>
      <PageHeader title={t('definitions.title')} lead={t('definitions.lead')}>
        {hasRole(account, 'administrator') ? (
          <Link className="button primary" to="/definitions/publish">
            {t('definitions.publish')}
          </Link>
        ) : null}
      </PageHeader>
      <div className="card">
        {isPending ? <Loading /> : null}
        {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined ? null : data.items.length === 0 ? (
          <Empty title={t('definitions.empty')}>
            <p>{t('definitions.emptyHint')}</p>
          </Empty>
        ) : (
          <div className="table-wrap">
            <table className="table cards">
              <caption className="visually-hidden">{t('definitions.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('definitions.columns.name')}</th>
                  <th scope="col">{t('definitions.columns.version')}</th>
                  <th scope="col">{t('definitions.columns.published')}</th>
                  <th scope="col">{t('definitions.columns.active')}</th>
                  <th scope="col">{t('definitions.columns.incident')}</th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((definition) => (
                  <tr key={definition.processDefinitionKey}>
                    <th scope="row">
                      <span>
                        <Link to={`/definitions/${encodeURIComponent(definition.processDefinitionId)}`}>
                          {definition.name ?? definition.processDefinitionId}
                        </Link>
                        <br />
                        <code className="muted">{definition.processDefinitionId}</code>
                      </span>
                    </th>
                    <td data-label={t('definitions.columns.version')}>{definition.version}</td>
                    <td data-label={t('definitions.columns.published')}>
                      {definition.statistics === undefined ? (
                        '–'
                      ) : (
                        <RelativeTime iso={definition.statistics.deployedAt} />
                      )}
                    </td>
                    <td data-label={t('definitions.columns.active')}>
                      {formatNumber(definition.statistics?.active ?? 0, i18n.language)}
                    </td>
                    <td data-label={t('definitions.columns.incident')}>
                      {(definition.statistics?.withIncident ?? 0) > 0 ? (
                        <span className="badge bad">{definition.statistics?.withIncident}</span>
                      ) : (
                        '0'
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </>
  );
}

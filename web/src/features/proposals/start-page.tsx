import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ProcessDefinition } from '#contract/process-definition.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { proposalProcessId } from './proposal-of-form.ts';
import { startableQuery } from './proposal-queries.ts';
import './proposals.css';

/** What can be started, and the way to bring many proposals at once. */
export function StartPage(): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(startableQuery());
  const isProposal = (definition: ProcessDefinition): boolean => definition.processDefinitionId === proposalProcessId;
  // What is done every day comes first.
  const definitions = (data?.items ?? []).toSorted((a, b) => Number(isProposal(b)) - Number(isProposal(a)));
  return (
    <>
      <PageHeader title={t('start.title')} lead={t('start.lead')} />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      <ul className="start-list">
        {definitions.map((definition) => (
          <li key={definition.processDefinitionKey} className="card">
            <h2>
              <Link to={`/start/${encodeURIComponent(definition.processDefinitionId)}`}>
                {isProposal(definition) ? t('start.newProposal') : (definition.name ?? definition.processDefinitionId)}
              </Link>
            </h2>
            <p>{isProposal(definition) ? t('start.newProposalHint') : t('start.processHint')}</p>
          </li>
        ))}
        <li className="card">
          <h2>
            <Link to="/start/import">{t('start.import')}</Link>
          </h2>
          <p>{t('start.importHint')}</p>
        </li>
      </ul>
      {data !== undefined && data.items.length === 0 ? (
        <Empty title={t('start.empty')}>
          <p>{t('start.emptyHint')}</p>
        </Empty>
      ) : null}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CaseStateBadge } from '../../components/case/case-state.tsx';
import { DecisionList } from '../../components/case/decision-list.tsx';
import { IdentityCard } from '../../components/case/identity-card.tsx';
import { WaitNotice } from '../../components/case/wait-notice.tsx';
import { Fact } from '../../components/fact.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { caseQuery, decisionsQuery } from '../../lib/case-queries.ts';
import { statusName } from '../../lib/terms.ts';

interface CaseFactsProps {
  readonly caseKey: string;
  readonly rootKey: string | null;
  /** The task that is open beside: waiting for it needs no telling. */
  readonly currentTask: string;
}

/** What an officer needs to know of the case while filling in the form. */
export function CaseFacts({ caseKey, rootKey, currentTask }: CaseFactsProps): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery(caseQuery(rootKey ?? caseKey));
  const decisions = useQuery(decisionsQuery(rootKey ?? caseKey));
  if (data === undefined) return null;
  return (
    <aside className="case-facts stack" aria-label={t('cases.facts')}>
      <section className="card" aria-label={t('cases.case')}>
        <header>
          <h2>{t('cases.case')}</h2>
          <CaseStateBadge
            state={data.state}
            overdue={data.waitReason?.overdue === true}
            incident={data.incidentElements.length > 0}
          />
        </header>
        <div className="card-body">
          <dl className="facts">
            <Fact label={t('cases.number')}>
              <Link to={`/cases/${data.caseKey}`} className="number">
                {data.businessKey ?? data.caseKey}
              </Link>
            </Fact>
            {data.status === null ? null : <Fact label={t('cases.stage')}>{statusName(data.status)}</Fact>}
            <Fact label={t('cases.region')}>{data.regionName ?? data.region}</Fact>
            <Fact label={t('cases.started')}>
              <ExactTime iso={data.startedAt} />
            </Fact>
          </dl>
        </div>
      </section>
      {data.waitReason === null || data.waitReason.detail.userTaskKey === currentTask ? null : (
        <WaitNotice reason={data.waitReason} processDefinitionId={data.processDefinitionId} />
      )}
      {data.subjectKey === null ? null : <IdentityCard subjectKey={data.subjectKey} />}
      {decisions.data === undefined || decisions.data.items.length === 0 ? null : (
        <section className="card" aria-label={t('decisions.title')}>
          <header>
            <h2>{t('decisions.title')}</h2>
          </header>
          <DecisionList items={decisions.data.items} />
        </section>
      )}
    </aside>
  );
}

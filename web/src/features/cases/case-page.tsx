import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { CaseHeader } from '#contract/case.ts';
import { CaseStateBadge } from '../../components/case/case-state.tsx';
import { DecisionList } from '../../components/case/decision-list.tsx';
import { IdentityCard } from '../../components/case/identity-card.tsx';
import { endName, statusName } from '../../components/case/wait-sentence.ts';
import { WaitNotice } from '../../components/case/wait-notice.tsx';
import { Fact } from '../../components/fact.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RetryIncident } from '../../components/retry-incident.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { TabLinks } from '../../components/tabs.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { caseQuery, decisionsQuery } from '../../lib/case-queries.ts';
import { hasRole, useAccount } from '../../lib/session.tsx';
import { CancelCase } from './cancel-case.tsx';
import { CaseDiagram } from './case-diagram.tsx';
import { CaseTimeline } from './case-timeline.tsx';
import { CaseVariables } from './case-variables.tsx';
import './cases.css';

const tabs = ['timeline', 'diagram', 'decisions', 'data'] as const;
type Tab = (typeof tabs)[number];

export function CasePage(): ReactNode {
  const { t } = useTranslation();
  const { caseKey = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery(caseQuery(caseKey));
  if (isPending) return <Loading />;
  if (data === undefined) {
    return (
      <>
        <PageHeader title={t('cases.case')} />
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return <OpenCase header={data} />;
}

function OpenCase({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const [search] = useSearchParams();
  const wanted = search.get('tab');
  const tab: Tab = tabs.find((name) => name === wanted) ?? 'timeline';
  const name = header.businessKey ?? header.caseKey;
  const supervises = hasRole(account, 'supervisor', 'administrator');
  const { incidentKey, userTaskKey } = header.waitReason?.detail ?? {};
  return (
    <>
      <PageHeader
        title={name}
        lead={[header.processDefinitionName ?? header.processDefinitionId, header.regionName ?? header.region].join(
          ' · ',
        )}
        {...(header.parent === null
          ? {}
          : { crumbs: [{ to: `/cases/${header.parent.caseKey}`, label: t('cases.parent') }] })}
      >
        <CaseStateBadge
          state={header.state}
          overdue={header.waitReason?.overdue === true}
          incident={header.incidentElements.length > 0}
        />
        {supervises && header.state === 'ACTIVE' && header.parent === null ? (
          <CancelCase caseKey={header.caseKey} name={name} />
        ) : null}
      </PageHeader>
      <div className="case-columns">
        <div className="stack">
          {header.waitReason === null ? (
            <CaseEnd header={header} />
          ) : (
            <WaitNotice reason={header.waitReason}>
              {userTaskKey === undefined ? null : (
                <Link className="button" to={`/tasks/${userTaskKey}`}>
                  {t('cases.openTask')}
                </Link>
              )}
              {incidentKey === undefined || !supervises ? null : (
                <RetryIncident incidentKey={incidentKey} caseName={name} />
              )}
              {header.waitReason.detail.childCaseKey === undefined ? null : (
                <Link className="button" to={`/cases/${header.waitReason.detail.childCaseKey}`}>
                  {t('cases.openChild')}
                </Link>
              )}
            </WaitNotice>
          )}
          <section className="card">
            <TabLinks
              label={t('cases.tabsLabel')}
              name="tab"
              current={tab}
              tabs={tabs.map((id) => ({ id, label: t(`cases.tabs.${id}`) }))}
            />
            <div className="case-tab">
              {tab === 'timeline' ? <CaseTimeline caseKey={header.caseKey} /> : null}
              {tab === 'diagram' ? <CaseDiagram header={header} /> : null}
              {tab === 'decisions' ? <CaseDecisions caseKey={header.caseKey} /> : null}
              {tab === 'data' ? <CaseVariables caseKey={header.caseKey} /> : null}
            </div>
          </section>
        </div>
        <aside className="stack" aria-label={t('cases.facts')}>
          <CaseFacts header={header} />
          {header.subjectKey === null ? null : <IdentityCard subjectKey={header.subjectKey} />}
        </aside>
      </div>
    </>
  );
}

function CaseEnd({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  if (header.state === 'ACTIVE') return null;
  const ends = header.endElements.map((element) => endName(element, t)).join(', ');
  return (
    <section className={`notice ${header.state === 'COMPLETED' ? 'good' : 'warn'}`} aria-label={t('cases.ended')}>
      <h2>{ends === '' ? t(`cases.states.${header.state}`) : t('cases.endedAs', { end: ends })}</h2>
      {header.endedAt === null ? null : (
        <p className="small">
          {t('cases.endedAt')} <ExactTime iso={header.endedAt} />
        </p>
      )}
    </section>
  );
}

function CaseFacts({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="card" aria-label={t('cases.facts')}>
      <header>
        <h2>{t('cases.facts')}</h2>
      </header>
      <div className="card-body">
        <dl className="facts">
          {header.status === null ? null : <Fact label={t('cases.stage')}>{statusName(header.status, t)}</Fact>}
          <Fact label={t('cases.region')}>{header.regionName ?? header.region}</Fact>
          <Fact label={t('cases.started')}>
            <ExactTime iso={header.startedAt} />
          </Fact>
          {header.endedAt === null ? null : (
            <Fact label={t('cases.endedLabel')}>
              <ExactTime iso={header.endedAt} />
            </Fact>
          )}
          <Fact label={t('cases.process')}>
            {t('cases.processVersion', {
              name: header.processDefinitionName ?? header.processDefinitionId,
              version: header.processDefinitionVersion,
            })}
          </Fact>
          <Fact label={t('cases.key')}>
            <code>{header.caseKey}</code>
          </Fact>
        </dl>
        {header.children.length === 0 ? null : (
          <>
            <h3>{t('cases.children')}</h3>
            <ul className="child-list">
              {header.children.map((child) => (
                <li key={child.caseKey}>
                  <Link to={`/cases/${child.caseKey}`}>{child.processDefinitionId}</Link>{' '}
                  <CaseStateBadge state={child.state} overdue={false} incident={false} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}

function CaseDecisions({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(decisionsQuery(caseKey));
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <Empty title={t('decisions.empty')}>
        <p>{t('decisions.emptyHint')}</p>
      </Empty>
    );
  }
  return <DecisionList items={data.items} />;
}

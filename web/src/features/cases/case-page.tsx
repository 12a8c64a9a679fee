import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { CaseHeader } from '#contract/case.ts';
import { CaseStateBadge } from '../../components/case/case-state.tsx';
import { DecisionList } from '../../components/case/decision-list.tsx';
import { dataRightsProcessId, SubjectCopies } from './subject-copies.tsx';
import { MergeCase } from './merge-case.tsx';
import { mergeProcessId } from '../../components/case/person-comparison.tsx';
import { CitizenCode } from './citizen-code.tsx';
import { PersonLink } from './person-link.tsx';
import { ReportLink } from './report-link.tsx';
import { IdentityCard } from '../../components/case/identity-card.tsx';
import { CaseFiles } from '../../components/papers/case-files.tsx';
import { CasePapers } from '../../components/papers/case-papers.tsx';
import { WaitNotice } from '../../components/case/wait-notice.tsx';
import { Fact } from '../../components/fact.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RetryIncident } from '../../components/retry-incident.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { TabLinks } from '../../components/tabs.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { caseQuery, decisionsQuery } from '../../lib/case-queries.ts';
import { hasRole, useAccount } from '../../lib/session.tsx';
import { endName, processName, statusHelp, statusName } from '../../lib/terms.ts';
import { AdHocChoice } from './ad-hoc-choice.tsx';
import { CancelCase } from './cancel-case.tsx';
import { CaseDiagram } from './case-diagram.tsx';
import { CaseMoments } from './case-moments.tsx';
import { CaseRepairs } from './case-repairs.tsx';
import { CaseTimeline } from './case-timeline.tsx';
import { CaseVariables } from './case-variables.tsx';
import './cases.css';

const tabs = ['timeline', 'papers', 'diagram', 'decisions', 'data', 'moments'] as const;
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
  return (
    <>
      <PageHeader
        title={name}
        lead={[
          processName(header.processDefinitionId, header.processDefinitionName),
          header.regionName ?? header.region,
        ].join(' · ')}
        {...(header.parent === null
          ? {}
          : { crumbs: [{ to: `/cases/${header.parent.caseKey}`, label: t('cases.parent') }] })}
      >
        <CaseStateBadge
          state={header.state}
          overdue={header.waitReason?.overdue === true}
          incident={header.incidentElements.length > 0}
          suspended={header.suspendedAt !== null}
        />
        <ReportLink header={header} />
        <CitizenCode header={header} />
        {supervises && header.state === 'ACTIVE' && header.parent === null ? (
          <CancelCase caseKey={header.caseKey} name={name} />
        ) : null}
      </PageHeader>
      <div className="case-columns">
        <div className="stack">
          <CaseNow header={header} name={name} supervises={supervises} />
          {header.processDefinitionId === mergeProcessId ? <MergeCase caseKey={header.caseKey} /> : null}
          {supervises
            ? header.choices.map((choice) => (
                <AdHocChoice
                  key={choice.elementInstanceKey}
                  choice={choice}
                  processDefinitionId={header.processDefinitionId}
                />
              ))
            : null}
          <section className="card">
            <TabLinks
              label={t('cases.tabsLabel')}
              name="tab"
              current={tab}
              tabs={tabs.map((id) => ({ id, label: t(`cases.tabs.${id}`) }))}
            />
            <div className="case-tab">
              <CaseTab tab={tab} header={header} />
            </div>
          </section>
        </div>
        <aside className="stack" aria-label={t('cases.facts')}>
          <CaseFacts header={header} />
          {supervises && header.state === 'ACTIVE' ? <CaseRepairs header={header} /> : null}
          {header.processDefinitionId === dataRightsProcessId && header.subjectKey !== null ? (
            <SubjectCopies subjectKey={header.subjectKey} />
          ) : null}
          {header.subjectKey === null ? null : (
            <>
              <IdentityCard subjectKey={header.subjectKey} />
              <PersonLink subjectKey={header.subjectKey} />
            </>
          )}
        </aside>
      </div>
    </>
  );
}

function CaseTab({ tab, header }: { tab: Tab; header: CaseHeader }): ReactNode {
  switch (tab) {
    case 'timeline':
      return <CaseTimeline caseKey={header.caseKey} processDefinitionId={header.processDefinitionId} />;
    case 'papers':
      return (
        <div className="stack">
          <CasePapers
            caseKey={header.caseKey}
            processDefinitionId={header.processDefinitionId}
            region={header.region}
          />
          <CaseFiles caseKey={header.caseKey} />
        </div>
      );
    case 'diagram':
      return <CaseDiagram header={header} />;
    case 'decisions':
      return <CaseDecisions caseKey={header.caseKey} />;
    case 'data':
      return <CaseVariables caseKey={header.caseKey} />;
    case 'moments':
      return <CaseMoments header={header} />;
  }
}

interface CaseNowProps {
  readonly header: CaseHeader;
  readonly name: string;
  readonly supervises: boolean;
}

/** Why the case waits, with the step that helps, or how it ended. */
function CaseNow({ header, name, supervises }: CaseNowProps): ReactNode {
  const { t } = useTranslation();
  if (header.waitReason === null) return <CaseEnd header={header} />;
  const { incidentKey, userTaskKey, childCaseKey } = header.waitReason.detail;
  return (
    <WaitNotice reason={header.waitReason} processDefinitionId={header.processDefinitionId}>
      {userTaskKey === undefined ? null : (
        <Link className="button" to={`/tasks/${userTaskKey}`}>
          {t('cases.openTask')}
        </Link>
      )}
      {incidentKey === undefined || !supervises ? null : <RetryIncident incidentKey={incidentKey} caseName={name} />}
      {childCaseKey === undefined ? null : (
        <Link className="button" to={`/cases/${childCaseKey}`}>
          {t('cases.openChild')}
        </Link>
      )}
    </WaitNotice>
  );
}

function CaseEnd({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  if (header.state === 'ACTIVE') return null;
  const ends = header.endElements.map((element) => endName(element)).join(', ');
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
          {header.status === null ? null : (
            <Fact label={t('cases.stage')}>
              <strong>{statusName(header.status)}</strong>
              <p className="small muted">{statusHelp(header.status)}</p>
            </Fact>
          )}
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
              name: processName(header.processDefinitionId, header.processDefinitionName),
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
                  <Link to={`/cases/${child.caseKey}`}>{processName(child.processDefinitionId, null)}</Link>{' '}
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

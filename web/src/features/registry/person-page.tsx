import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Person } from '#contract/person.ts';
import { CaseStateBadge } from '../../components/case/case-state.tsx';
import { IdentityCard } from '../../components/case/identity-card.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { formatDate } from '../../lib/format.ts';
import { endName } from '../../lib/terms.ts';
import { FamilyMembers } from './family-members.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { historyLines, type HistoryKind, type HistoryLine } from './person-history.ts';
import { familyQuery, participationsQuery, personCasesQuery, personQuery } from './person-queries.ts';
import './registry.css';

/** One human being: who it is, help, cases, family and past. */
export function PersonPage(): ReactNode {
  const { t } = useTranslation();
  const { personKey = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery(personQuery(personKey));
  const crumbs = [{ to: '/persons', label: t('register.searchTitle') }];
  if (isPending) return <Loading />;
  if (data === undefined) {
    return (
      <>
        <PageHeader title={t('register.person')} crumbs={crumbs} />
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const present = data.memberships.find(({ validTo }) => validTo === null);
  return (
    <>
      <PageHeader title={data.nama ?? t('register.nameless')} lead={data.regionName ?? data.region} crumbs={crumbs} />
      <div className="person-columns">
        <div className="stack">
          <Standing person={data} />
          <Ledger personKey={personKey} />
          <Cases personKey={personKey} />
          <History person={data} />
        </div>
        <aside className="stack" aria-label={t('register.person')}>
          {data.subjectKey === null ? null : <IdentityCard subjectKey={data.subjectKey} />}
          {present === undefined ? null : <FamilyCard familyKey={present.familyKey} />}
        </aside>
      </div>
    </>
  );
}

function Standing({ person }: { person: Person }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <>
      {person.mergedInto === null ? null : (
        <Notice tone="warn" title={t('register.mergedAway')}>
          <p>{t('register.mergedAwayHint')}</p>
          <div className="button-row">
            <Link className="button" to={`/persons/${person.mergedInto}`}>
              {t('register.openSurvivor')}
            </Link>
          </div>
        </Notice>
      )}
      {person.subjectKey === null ? <Notice tone="info" title={t('register.erased')} /> : null}
      {person.deceasedOn === null ? null : (
        <Notice tone="info" title={t('register.deceasedOn', { date: formatDate(person.deceasedOn, i18n.language) })} />
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="card-body stack">{children}</div>
    </section>
  );
}

function Ledger({ personKey }: { personKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(participationsQuery(personKey));
  return (
    <Section title={t('register.ledger')}>
      {isPending ? <Loading /> : null}
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? <p className="muted">{t('register.noHelp')}</p> : null}
      {data === undefined || data.items.length === 0 ? null : <LedgerTable items={data.items} />}
    </Section>
  );
}

function Cases({ personKey }: { personKey: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(personCasesQuery(personKey));
  return (
    <Section title={t('register.cases')}>
      {isPending ? <Loading /> : null}
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? <p className="muted">{t('register.noCases')}</p> : null}
      <ul className="person-cases">
        {data?.items.map(({ caseKey, proposalNumber, state, endElements, createdAt }) => (
          <li key={caseKey}>
            <Link className="number" to={`/cases/${caseKey}`}>
              {proposalNumber}
            </Link>
            {state === null ? null : <CaseStateBadge state={state} overdue={false} incident={false} />}
            <span className="small muted">
              {[formatDate(createdAt, i18n.language), ...endElements.map(endName)].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const lineTones: Readonly<Partial<Record<HistoryKind, string>>> = { registered: 'good', merged: 'warn', died: 'bad' };

function History({ person }: { person: Person }): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t('register.history')}>
      <ol className="history">
        {historyLines(person).map((line) => (
          <li key={`${line.kind} ${line.on} ${line.personKey ?? line.place ?? ''}`} className={lineTones[line.kind]}>
            <HistorySentence line={line} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

function HistorySentence({ line }: { line: HistoryLine }): ReactNode {
  const { t, i18n } = useTranslation();
  const { kind, on, place, reason, personKey } = line;
  return (
    <>
      <time dateTime={on}>{formatDate(on, i18n.language)}</time>
      <p>{t(`register.past.${kind}`, { place: place ?? '', reason: reason ?? '' })}</p>
      {personKey === null ? null : (
        <Link className="small" to={`/persons/${personKey}`}>
          {t('register.openEntry')}
        </Link>
      )}
    </>
  );
}

function FamilyCard({ familyKey }: { familyKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(familyQuery(familyKey));
  return (
    <Section title={t('register.family')}>
      {isPending ? <Loading /> : null}
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : <FamilyMembers family={data} />}
    </Section>
  );
}

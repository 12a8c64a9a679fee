import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ProcessInstance } from '#contract/process-instance.ts';
import { CaseStateBadge } from '../../components/case/case-state.tsx';
import { waitingFor, waitSentence } from '../../components/case/wait-sentence.ts';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { RetryIncident } from '../../components/retry-incident.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { statisticsQuery } from '../../lib/statistics-query.ts';
import { elementName, endName, groupName, knownGroups, processName } from '../../lib/terms.ts';
import { useUrlFilters } from '../../lib/url-filters.ts';
import { BatchDialog } from './batch-dialog.tsx';
import { caseFiltersOf, caseListQuery, caseListStates, casesPerPage, type CaseFilters } from './supervision-queries.ts';
import { SupervisionNav } from './supervision-nav.tsx';
import './supervision.css';

type SetFilters = (values: Readonly<Record<string, string | null>>) => void;
/** Typing pauses this long before the list is asked again. */
const typingPauseMs = 350;

export function CasesPage(): ReactNode {
  const { t } = useTranslation();
  const { get, set } = useUrlFilters();
  const filters = useMemo(() => caseFiltersOf(get), [get]);
  const [changing, setChanging] = useState(false);
  const { data, error, isPending, refetch } = useQuery(caseListQuery(filters));
  return (
    <>
      <PageHeader title={t('supervision.casesTitle')} lead={t('supervision.casesLead')} />
      <SupervisionNav />
      <div className="card">
        <CaseFilterBar filters={filters} onChange={set} />
        <FilterChips filters={filters} onChange={set} />
        <div className="button-row batch-open">
          <button type="button" className="button" onClick={() => setChanging(true)}>
            {t('batch.open')}
          </button>
        </div>
        {changing ? <BatchDialog filters={filters} onClose={() => setChanging(false)} /> : null}
        {isPending ? <Loading /> : null}
        {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined ? null : data.items.length === 0 ? (
          <Empty title={t('supervision.noCases')}>
            <p>{t('supervision.noCasesHint')}</p>
          </Empty>
        ) : (
          <>
            <CaseTable items={data.items} />
            <Pager
              page={filters.page}
              perPage={casesPerPage}
              total={data.page.totalItems}
              more={data.page.hasMoreTotalItems}
              onPage={(page) => set({ page: page === 0 ? null : String(page) })}
            />
          </>
        )}
      </div>
    </>
  );
}

function CaseTable({ items }: { items: readonly ProcessInstance[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards case-table">
        <caption className="visually-hidden">{t('supervision.casesTitle')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('supervision.columns.case')}</th>
            <th scope="col">{t('supervision.columns.state')}</th>
            <th scope="col">{t('supervision.columns.reason')}</th>
            <th scope="col">{t('supervision.columns.for')}</th>
            <th scope="col">{t('supervision.columns.since')}</th>
            <th scope="col">{t('supervision.columns.until')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <CaseRow key={item.processInstanceKey} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CaseRow({ item }: { item: ProcessInstance }): ReactNode {
  const { t } = useTranslation();
  const reason = item.case?.waitReason ?? null;
  const name = item.businessId ?? item.processInstanceKey;
  return (
    <tr>
      <th scope="row">
        <span>
          <Link className="number" to={`/cases/${item.processInstanceKey}`}>
            {name}
          </Link>
          <CasePlace item={item} />
        </span>
      </th>
      <td data-label={t('supervision.columns.state')}>
        <span>
          <CaseStateBadge
            state={item.case?.state ?? item.state}
            overdue={reason?.overdue === true}
            incident={item.hasIncident}
            suspended={typeof item.case?.suspendedAt === 'string'}
          />
        </span>
      </td>
      <td data-label={t('supervision.columns.reason')}>
        <span>
          {reason === null ? endings(item) : waitSentence(reason, item.processDefinitionId, t)}
          {reason?.detail.incidentKey === undefined ? null : (
            <RetryIncident incidentKey={reason.detail.incidentKey} caseName={name} />
          )}
        </span>
      </td>
      <td data-label={t('supervision.columns.for')}>{reason === null ? '–' : waitingFor(reason, t)}</td>
      <td data-label={t('supervision.columns.since')}>
        <RelativeTime iso={reason?.since ?? item.endDate ?? item.startDate} />
      </td>
      <td data-label={t('supervision.columns.until')}>{reason?.until ? <RelativeTime iso={reason.until} /> : '–'}</td>
    </tr>
  );
}

function endings(item: ProcessInstance): string {
  return (item.case?.endElements ?? []).map(endName).join(', ');
}

function CasePlace({ item }: { item: ProcessInstance }): ReactNode {
  const village = item.case?.regionName?.split(',')[0];
  return (
    <span className="small muted case-place">
      {processName(item.processDefinitionId, item.processDefinitionName)}
      {village === undefined ? '' : ` · ${village}`}
    </span>
  );
}

function CaseFilterBar({ filters, onChange }: { filters: CaseFilters; onChange: SetFilters }): ReactNode {
  const { t } = useTranslation();
  const statistics = useQuery(statisticsQuery());
  const [number, setNumber] = useState(filters.number);
  useEffect(() => {
    if (number === filters.number) return;
    const timer = setTimeout(() => onChange({ q: number, page: null }), typingPauseMs);
    return () => clearTimeout(timer);
  }, [number, filters.number, onChange]);
  return (
    <search className="filters case-filters">
      <Field label={t('supervision.filter.number')}>
        {({ id }) => (
          <input
            id={id}
            className="input"
            type="search"
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('supervision.filter.process')}>
        {({ id }) => (
          <select
            id={id}
            className="input"
            value={filters.process}
            onChange={(event) => onChange({ process: event.target.value, element: null, page: null })}
          >
            <option value="">{t('supervision.filter.anyProcess')}</option>
            {(statistics.data?.byProcess ?? []).map((process) => (
              <option key={process.processDefinitionId} value={process.processDefinitionId}>
                {processName(process.processDefinitionId, process.name)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('supervision.filter.waitingFor')}>
        {({ id }) => (
          <select
            id={id}
            className="input"
            value={filters.waitingFor}
            onChange={(event) => onChange({ for: event.target.value, page: null })}
          >
            <option value="">{t('supervision.filter.anybody')}</option>
            {knownGroups.map((group) => (
              <option key={group} value={group}>
                {groupName(group)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('supervision.filter.state')}>
        {({ id }) => (
          <select
            id={id}
            className="input"
            value={filters.state}
            onChange={(event) => onChange({ state: event.target.value, page: null })}
          >
            {caseListStates.map((state) => (
              <option key={state} value={state}>
                {t(`supervision.filter.states.${state}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <FilterChecks filters={filters} onChange={onChange} />
    </search>
  );
}

function FilterChecks({ filters, onChange }: { filters: CaseFilters; onChange: SetFilters }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="filter-checks">
      <label className="check">
        <input
          type="checkbox"
          checked={filters.overdue}
          onChange={(event) => onChange({ overdue: event.target.checked ? '1' : null, page: null })}
        />{' '}
        {t('supervision.filter.overdue')}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={filters.incident}
          onChange={(event) => onChange({ incident: event.target.checked ? '1' : null, page: null })}
        />{' '}
        {t('supervision.filter.incident')}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={filters.suspended}
          onChange={(event) => onChange({ suspended: event.target.checked ? '1' : null, page: null })}
        />{' '}
        {t('supervision.filter.suspended')}
      </label>
    </div>
  );
}

/** Chosen filters that have no field of their own, and one way to clear all. */
function FilterChips({ filters, onChange }: { filters: CaseFilters; onChange: SetFilters }): ReactNode {
  const { t } = useTranslation();
  const statistics = useQuery(statisticsQuery());
  const stage = statistics.data?.byElement.find((entry) => entry.elementId === filters.element);
  const chips = [
    filters.element === ''
      ? null
      : {
          id: 'element',
          label: t('supervision.filter.atStep', {
            name: elementName(filters.process, filters.element, stage?.name ?? null),
          }),
        },
    filters.end === '' ? null : { id: 'end', label: t('supervision.filter.endedAs', { name: endName(filters.end) }) },
  ].filter((chip) => chip !== null);
  const any =
    chips.length > 0 ||
    filters.number !== '' ||
    filters.process !== '' ||
    filters.waitingFor !== '' ||
    filters.overdue ||
    filters.incident ||
    filters.suspended;
  if (!any) return null;
  return (
    <div className="chips case-chips">
      {chips.map((chip) => (
        <button key={chip.id} type="button" className="chip" onClick={() => onChange({ [chip.id]: null, page: null })}>
          {chip.label} <span aria-hidden="true">✕</span>
          <span className="visually-hidden">{t('common.removeFilter')}</span>
        </button>
      ))}
      <button
        type="button"
        className="button plain"
        onClick={() =>
          onChange({
            q: null,
            process: null,
            element: null,
            for: null,
            end: null,
            overdue: null,
            incident: null,
            suspended: null,
            state: null,
            page: null,
          })
        }
      >
        {t('common.clearFilters')}
      </button>
    </div>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { z } from 'zod';
import { incidentEndpoints, type incident } from '#contract/incident.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { RetryIncident } from '../../components/retry-incident.tsx';
import { Empty, ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { call } from '../../lib/api.ts';
import { problemText } from '../../lib/problem-text.ts';
import { elementName } from '../../lib/terms.ts';
import { incidentListQuery, mostIncidents } from './supervision-queries.ts';
import { SupervisionNav } from './supervision-nav.tsx';
import './supervision.css';

type Incident = z.infer<typeof incident>;
/** Retries sent at the same time. */
const lanes = 4;

export function IncidentsPage(): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(incidentListQuery());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => groupByCause(data?.items ?? []), [data]);
  const retry = useRetrySeveral(() => setChosen(new Set()));
  const open = useMemo(() => new Set((data?.items ?? []).map((item) => item.incidentKey)), [data]);
  const selected = [...chosen].filter((key) => open.has(key));
  return (
    <>
      <PageHeader title={t('supervision.incidentsTitle')} lead={t('supervision.incidentsLead')} />
      <SupervisionNav />
      <div className="stack">
        {isPending ? <Loading /> : null}
        {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {retry.data === undefined ? null : <RetryResult result={retry.data} />}
        {data === undefined ? null : data.items.length === 0 ? (
          <div className="card">
            <Empty title={t('incident.none')}>
              <p>{t('incident.noneHint')}</p>
            </Empty>
          </div>
        ) : (
          <>
            <div className="button-row incident-actions">
              <button
                type="button"
                className="button primary"
                disabled={selected.length === 0 || retry.isPending}
                onClick={() => retry.mutate(selected)}
              >
                {retry.isPending ? t('common.sending') : t('incident.retrySelected', { count: selected.length })}
              </button>
              {data.page.totalItems > mostIncidents ? (
                <p className="small muted">{t('incident.firstOnly', { count: mostIncidents })}</p>
              ) : null}
            </div>
            {groups.map((group) => (
              <IncidentGroup key={group.id} group={group} chosen={chosen} onChoose={setChosen} />
            ))}
          </>
        )}
      </div>
    </>
  );
}

interface Group {
  readonly id: string;
  readonly code: string;
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly items: readonly Incident[];
}

/** One cause: the same code at the same step. */
function groupByCause(items: readonly Incident[]): readonly Group[] {
  const groups = new Map<string, Incident[]>();
  for (const item of items) {
    const id = `${item.errorType}/${item.processDefinitionId}/${item.elementId}`;
    groups.set(id, [...(groups.get(id) ?? []), item]);
  }
  return [...groups]
    .map(([id, members]) => ({
      id,
      code: members[0]?.errorType ?? '',
      processDefinitionId: members[0]?.processDefinitionId ?? '',
      elementId: members[0]?.elementId ?? '',
      items: members,
    }))
    .sort((a, b) => b.items.length - a.items.length);
}

interface IncidentGroupProps {
  readonly group: Group;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

function IncidentGroup({ group, chosen, onChoose }: IncidentGroupProps): ReactNode {
  const { t } = useTranslation();
  const keys = group.items.map((item) => item.incidentKey);
  const all = keys.every((key) => chosen.has(key));
  function toggle(changed: readonly string[], on: boolean): void {
    const next = new Set(chosen);
    for (const key of changed) {
      if (on) next.add(key);
      else next.delete(key);
    }
    onChoose(next);
  }
  const title = t(`incidents.${group.code}`, { defaultValue: group.code });
  const step = elementName(group.processDefinitionId, group.elementId, null);
  return (
    <section className="card incident-group" aria-label={`${title}, ${step}`}>
      <header>
        <div>
          <h2>
            {title} <span className="count bad">{group.items.length}</span>
          </h2>
          <p className="small muted">{t('incident.atStep', { name: step })}</p>
          <p className="small">{t(`incidentRemedy.${group.code}`, { defaultValue: '' })}</p>
        </div>
        <label className="check">
          <input type="checkbox" checked={all} onChange={(event) => toggle(keys, event.target.checked)} />{' '}
          {t('incident.chooseAll')}
        </label>
      </header>
      <ul>
        {group.items.map((item) => {
          const name = item.case?.businessKey ?? item.processInstanceKey;
          return (
            <li key={item.incidentKey}>
              <input
                type="checkbox"
                aria-label={t('incident.choose', { name })}
                checked={chosen.has(item.incidentKey)}
                onChange={(event) => toggle([item.incidentKey], event.target.checked)}
              />
              <div>
                <p>
                  <Link className="number" to={`/cases/${item.processInstanceKey}`}>
                    {name}
                  </Link>{' '}
                  <span className="small muted">
                    {item.case?.regionName?.split(',')[0] ?? ''} · <RelativeTime iso={item.creationTime} />
                  </span>
                </p>
                <p className="small">{item.errorMessage}</p>
              </div>
              <RetryIncident incidentKey={item.incidentKey} caseName={name} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface RetryResultValue {
  readonly done: number;
  readonly failed: number;
  readonly firstError: unknown;
}

function RetryResult({ result }: { result: RetryResultValue }): ReactNode {
  const { t } = useTranslation();
  return (
    <Notice
      tone={result.failed === 0 ? 'good' : 'warn'}
      title={t('incident.severalRetried', { done: result.done, failed: result.failed })}
    >
      {result.failed === 0 ? null : <p>{problemText(result.firstError, t).title}</p>}
    </Notice>
  );
}

function useRetrySeveral(onDone: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (keys: readonly string[]): Promise<RetryResultValue> => {
      const queue = [...keys];
      let done = 0;
      const errors: unknown[] = [];
      async function work(): Promise<void> {
        for (let incidentKey = queue.shift(); incidentKey !== undefined; incidentKey = queue.shift()) {
          try {
            await call(incidentEndpoints.resolveIncident, {
              params: { incidentKey },
              body: { reason: t('incident.retryReason') },
            });
            done += 1;
          } catch (error) {
            errors.push(error);
          }
        }
      }
      await Promise.all(Array.from({ length: lanes }, work));
      return { done, failed: errors.length, firstError: errors[0] };
    },
    onSuccess: onDone,
    onSettled: () => {
      for (const topic of ['case', 'cases', 'incidents', 'statistics'])
        void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
}

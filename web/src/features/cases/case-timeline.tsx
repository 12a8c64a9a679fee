import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { TimelineEntry } from '#contract/case.ts';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { timelineQuery } from '../../lib/case-queries.ts';
import { formatDate, formatDateTime, formatTime } from '../../lib/format.ts';
import { decisionName, elementName, endName, messageName, processName, valueText } from '../../lib/terms.ts';

/** Steps of the machinery, shown on request. */
const minor: readonly TimelineEntry['kind'][] = [
  'timerSet',
  'messageAwaited',
  'signalAwaited',
  'conditionAwaited',
  'userTaskAssigned',
  'userTaskUnassigned',
  'childStarted',
  'listenerCompleted',
  'userTaskChangeRequested',
  'loopStarted',
  'stepPaused',
];
const tones: Partial<Record<TimelineEntry['kind'], string>> = {
  incidentRaised: 'bad',
  jobFailed: 'warn',
  jobErrorThrown: 'warn',
  caseErrored: 'bad',
  caseCanceled: 'warn',
  caseCompleted: 'good',
  userTaskCompleted: 'good',
  incidentResolved: 'good',
  escalated: 'warn',
  compensationStarted: 'warn',
  flowInterrupted: 'warn',
  userTaskChangeDenied: 'warn',
  interventionMade: 'warn',
};

export function CaseTimeline({
  caseKey,
  processDefinitionId,
}: {
  caseKey: string;
  processDefinitionId: string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(timelineQuery(caseKey));
  const [all, setAll] = useState(false);
  const days = useMemo(() => {
    const shown = (data?.items ?? []).filter((entry) => all || !minor.includes(entry.kind)).toReversed();
    const byDay = new Map<string, TimelineEntry[]>();
    for (const entry of shown) {
      const day = formatDate(entry.at, i18n.language);
      byDay.set(day, [...(byDay.get(day) ?? []), entry]);
    }
    return byDay;
  }, [data, all, i18n.language]);
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <Empty title={t('timeline.empty')} />;
  return (
    <div className="timeline">
      <label className="check">
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />{' '}
        {t('timeline.showAll')}
      </label>
      {[...days].map(([day, entries]) => (
        <section key={day}>
          <h3>{day}</h3>
          <ol>
            {entries.map((entry) => (
              <li key={entry.number} className={tones[entry.kind]}>
                <TimelineText entry={entry} processDefinitionId={processDefinitionId} />
                <p className="small muted">
                  <time dateTime={entry.at}>{formatTime(entry.at, i18n.language)}</time> ·{' '}
                  {actorName(entry.detail.completedBy ?? entry.actor, t)}
                </p>
              </li>
            ))}
          </ol>
        </section>
      ))}
      {data.next === null ? null : <p className="small muted">{t('timeline.more')}</p>}
    </div>
  );
}

interface TimelineTextProps {
  readonly entry: TimelineEntry;
  readonly processDefinitionId: string;
}

/** What happened, in a sentence and its particulars. */
export function TimelineText({ entry, processDefinitionId }: TimelineTextProps): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <>
      <p className="timeline-what">
        {t(`timeline.${entry.kind}`, timelineValues(entry, processDefinitionId, t, i18n.language))}
      </p>
      <Particulars entry={entry} />
    </>
  );
}

export function actorName(actor: string, t: TFunction): string {
  return actor === 'system' ? t('common.system') : actor;
}

function timelineValues(
  entry: TimelineEntry,
  processDefinitionId: string,
  t: TFunction,
  language: string,
): Readonly<Record<string, string>> {
  const { detail } = entry;
  const called = detail.processDefinitionId;
  return {
    name: subjectOf(entry, processDefinitionId),
    actor: actorName(detail.completedBy ?? entry.actor, t),
    assignee: detail.assignee ?? '',
    due: detail.dueDate === undefined ? '' : formatDateTime(detail.dueDate, language),
    message: detail.messageName === undefined ? (entry.name ?? '') : messageName(detail.messageName),
    process: called === undefined ? '' : processName(called, null),
    signal: detail.signalName ?? '',
    code: detail.caughtBy?.name ?? detail.code ?? '',
    count: String(detail.count ?? ''),
    change: detail.command === undefined ? '' : t(`intervention.${detail.command}`, { defaultValue: detail.command }),
    steps: (detail.steps ?? []).map((step) => elementName(processDefinitionId, step.elementId, step.name)).join(', '),
    ends: (detail.endElements ?? []).map(endName).join(', '),
  };
}

/** What the line is about: the decision, the called process, or the step. */
function subjectOf({ kind, detail, elementId, name }: TimelineEntry, processDefinitionId: string): string {
  if (kind === 'decisionEvaluated' && detail.decisionId !== undefined) return decisionName(detail.decisionId);
  if (detail.processDefinitionId !== undefined) return processName(detail.processDefinitionId, name);
  return elementId === null ? (name ?? '') : elementName(processDefinitionId, elementId, name);
}

/** What a change by hand changed directly: each name as it was and as it is. */
function changesOf({ before, after }: TimelineEntry['detail'], t: TFunction): string[] {
  const membersOf = (value: unknown): Record<string, unknown> =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const [was, is] = [membersOf(before), membersOf(after)];
  const spoken = (values: Record<string, unknown>, name: string): string =>
    Object.hasOwn(values, name) ? valueText(values[name], t) : t('timeline.notThere');
  return Object.keys(is).map((name) =>
    t('timeline.changed', { name, before: spoken(was, name), after: spoken(is, name) }),
  );
}

/** The second line of an entry, where it has something to tell. */
function Particulars({ entry }: { entry: TimelineEntry }): ReactNode {
  const { t, i18n } = useTranslation();
  const { detail, kind } = entry;
  const parts = [
    kind === 'decisionEvaluated' && detail.output !== undefined
      ? t('timeline.output', { value: valueText(detail.output, t) })
      : null,
    detail.message === undefined || detail.message === '' ? null : detail.message,
    detail.reason === undefined ? null : t('timeline.because', { reason: detail.reason }),
    ...changesOf(detail, t),
    kind === 'jobFailed' && detail.retries !== undefined ? t('timeline.retriesLeft', { count: detail.retries }) : null,
    kind === 'incidentRaised' && detail.code !== undefined
      ? t(`incidents.${detail.code}`, { defaultValue: detail.code })
      : null,
    kind === 'userTaskCreated' && detail.dueDate !== undefined
      ? t('timeline.due', { due: formatDateTime(detail.dueDate, i18n.language) })
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : <p className="small">{parts.join(' · ')}</p>;
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { CaseHeader, TimelineEntry } from '#contract/case.ts';
import { BpmnDiagram } from '../../components/diagram/bpmn-diagram.tsx';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { definitionXmlQuery, momentQuery, timelineQuery } from '../../lib/case-queries.ts';
import { actorName, TimelineText } from './case-timeline.tsx';
import { VariableTable } from './case-variables.tsx';

/** The case at any moment of its life: a slider over what happened, with the tokens and the data as they were then. */
export function CaseMoments({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(timelineQuery(header.caseKey));
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <Empty title={t('timeline.empty')} />;
  return <Moments header={header} entries={data.items} />;
}

function Moments({ header, entries }: { header: CaseHeader; entries: readonly TimelineEntry[] }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const last = entries.length - 1;
  const wanted = Number(search.get('moment') ?? last);
  const index = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 0), last) : last;
  const entry = entries[index];
  const goTo = (next: number): void => {
    const params = new URLSearchParams(search);
    params.set('moment', String(next));
    setSearch(params, { replace: true });
  };
  if (entry === undefined) return null;
  return (
    <div className="moments stack">
      <div className="moment-controls">
        <button type="button" className="button" disabled={index === 0} onClick={() => goTo(index - 1)}>
          {t('moments.before')}
        </button>
        <input
          type="range"
          min={0}
          max={last}
          value={index}
          aria-label={t('moments.slider')}
          aria-valuetext={t('moments.position', { index: index + 1, count: entries.length })}
          onChange={(event) => goTo(Number(event.target.value))}
        />
        <button type="button" className="button" disabled={index === last} onClick={() => goTo(index + 1)}>
          {t('moments.after')}
        </button>
      </div>
      <div className="moment-entry" aria-live="polite">
        <TimelineText entry={entry} processDefinitionId={header.processDefinitionId} />
        <p className="small muted">
          {t('moments.position', { index: index + 1, count: entries.length })} · <ExactTime iso={entry.at} /> ·{' '}
          {actorName(entry.detail.completedBy ?? entry.actor, t)}
        </p>
      </div>
      <Moment header={header} entry={entry} />
    </div>
  );
}

/** Tokens and data after that entry. */
function Moment({ header, entry }: { header: CaseHeader; entry: TimelineEntry }): ReactNode {
  const { t } = useTranslation();
  const moment = useQuery({ ...momentQuery(header.caseKey, entry.number), placeholderData: keepPreviousData });
  const state = moment.data?.state;
  const xml = useQuery(definitionXmlQuery(state?.processDefinitionKey ?? header.processDefinitionKey));
  const [selected, setSelected] = useState<string | null>(null);
  const active = useMemo(
    () => [...new Set((state?.elements ?? []).slice(1).map(({ elementId }) => elementId))],
    [state],
  );
  const marks = useMemo<DiagramMarks>(
    () => ({
      active,
      incidents: (state?.incidents ?? []).map(({ elementId }) => elementId),
      visited: [],
      labels: new Map(),
      selected,
      path: [],
    }),
    [active, state, selected],
  );
  if (moment.isError) return <ErrorNotice error={moment.error} onRetry={() => void moment.refetch()} />;
  if (state === undefined) return <Loading />;
  const variables = Object.entries(state.elements[0]?.variables ?? {});
  return (
    <>
      {xml.data === undefined ? (
        <Loading label={t('diagram.loading')} />
      ) : (
        <BpmnDiagram
          xml={xml.data}
          label={t('moments.diagram', { name: header.businessKey ?? header.caseKey })}
          marks={marks}
          focus={active.length > 0 ? active : state.endElements}
          onElementClick={setSelected}
        />
      )}
      <VariableTable
        items={variables
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => ({ name, value: JSON.stringify(value) }))}
      />
    </>
  );
}

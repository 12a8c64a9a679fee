import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseHeader } from '#contract/case.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { repairEndpoints } from '#contract/repair.ts';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { Field } from '../../components/field.tsx';
import { RepairDialog } from '../../components/repair-dialog.tsx';
import { call } from '../../lib/api.ts';
import { openJobsQuery, openTimersQuery } from '../../lib/case-queries.ts';
import { formatDateTime } from '../../lib/format.ts';
import { elementName } from '../../lib/terms.ts';

interface Props {
  readonly header: CaseHeader;
}
interface OpenProps extends Props {
  readonly onClose: () => void;
}
/** Kept apart by what they change: the dialog that is open. */
type Repair =
  | { readonly kind: 'suspend' | 'resume' | 'sendBack' | 'undo' }
  | { readonly kind: 'incident'; readonly incidentKey: string }
  | { readonly kind: 'fire' | 'redate'; readonly timerKey: string; readonly elementId: string }
  | { readonly kind: 'retry' | 'skip'; readonly jobKey: string; readonly elementId: string };

/** What a supervisor can change of a running case by hand. */
export function CaseRepairs({ header }: Props): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Repair | null>(null);
  const isHeld = header.suspendedAt !== null;
  const incidentKey = header.waitReason?.detail.incidentKey;
  return (
    <section className="card" aria-label={t('repair.title')}>
      <header>
        <h2>{t('repair.title')}</h2>
      </header>
      <div className="card-body stack">
        <p className="small muted">{t('repair.lead')}</p>
        <div className="button-row">
          <button type="button" className="button" onClick={() => setOpen({ kind: isHeld ? 'resume' : 'suspend' })}>
            {t(isHeld ? 'repair.resume.button' : 'repair.suspend.button')}
          </button>
          {header.visited.length === 0 ? null : (
            <button type="button" className="button" onClick={() => setOpen({ kind: 'sendBack' })}>
              {t('repair.sendBack.button')}
            </button>
          )}
          {incidentKey === undefined ? null : (
            <button type="button" className="button" onClick={() => setOpen({ kind: 'incident', incidentKey })}>
              {t('repair.incident.button')}
            </button>
          )}
          {header.parent === null ? (
            <button type="button" className="button danger" onClick={() => setOpen({ kind: 'undo' })}>
              {t('repair.undo.button')}
            </button>
          ) : null}
        </div>
        <OpenWaits header={header} onOpen={setOpen} />
      </div>
      {open === null ? null : <OpenRepair repair={open} header={header} onClose={() => setOpen(null)} />}
    </section>
  );
}

/** Running timers and jobs that are not done, each with what can be done about it. */
function OpenWaits({ header, onOpen }: Props & { onOpen: (repair: Repair) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const { caseKey, processDefinitionId } = header;
  const timers = useQuery(openTimersQuery(caseKey)).data?.items ?? [];
  const jobs = useQuery(openJobsQuery(caseKey)).data?.items ?? [];
  const nameOf = (elementId: string | null): string => elementName(processDefinitionId, elementId ?? '', null);
  if (timers.length + jobs.length === 0) return null;
  return (
    <ul className="repair-list">
      {timers.map(({ timerKey, elementId, dueDate }) => (
        <li key={timerKey}>
          <span>{t('repair.timer', { name: nameOf(elementId), due: formatDateTime(dueDate, i18n.language) })}</span>
          <span className="button-row">
            <button type="button" className="button" onClick={() => onOpen({ kind: 'redate', timerKey, elementId })}>
              {t('repair.redate.button')}
              <span className="visually-hidden"> {nameOf(elementId)}</span>
            </button>
            <button type="button" className="button" onClick={() => onOpen({ kind: 'fire', timerKey, elementId })}>
              {t('repair.fire.button')}
              <span className="visually-hidden"> {nameOf(elementId)}</span>
            </button>
          </span>
        </li>
      ))}
      {jobs.map(({ jobKey, elementId, retries, state }) => (
        <li key={jobKey}>
          <span>{t('repair.job', { name: nameOf(elementId), retries })}</span>
          <span className="button-row">
            {state === 'CREATED' ? null : (
              <button
                type="button"
                className="button"
                onClick={() => onOpen({ kind: 'retry', jobKey, elementId: elementId ?? '' })}
              >
                {t('repair.retry.button')}
                <span className="visually-hidden"> {nameOf(elementId)}</span>
              </button>
            )}
            <button
              type="button"
              className="button"
              onClick={() => onOpen({ kind: 'skip', jobKey, elementId: elementId ?? '' })}
            >
              {t('repair.skip.button')}
              <span className="visually-hidden"> {nameOf(elementId)}</span>
            </button>
          </span>
        </li>
      ))}
    </ul>
  );
}

function OpenRepair({ repair, header, onClose }: OpenProps & { repair: Repair }): ReactNode {
  switch (repair.kind) {
    case 'suspend':
    case 'resume':
    case 'undo':
      return <WholeCase kind={repair.kind} header={header} onClose={onClose} />;
    case 'sendBack':
      return <SendBack header={header} onClose={onClose} />;
    case 'incident':
      return <ResolveIncident incidentKey={repair.incidentKey} header={header} onClose={onClose} />;
    case 'fire':
    case 'redate':
      return <ChangeTimer {...repair} header={header} onClose={onClose} />;
    case 'retry':
    case 'skip':
      return <ChangeJob {...repair} header={header} onClose={onClose} />;
  }
}

/** The texts of a dialog, by the name of what it does. */
function useTexts(kind: Repair['kind'], header: CaseHeader, name = header.businessKey ?? header.caseKey) {
  const { t } = useTranslation();
  return {
    processDefinitionId: header.processDefinitionId,
    title: t(`repair.${kind}.title`, { name }),
    explain: t(`repair.${kind}.explain`),
    submit: t(`repair.${kind}.submit`),
    done: t(`repair.${kind}.done`, { name }),
  };
}

function WholeCase({ kind, header, onClose }: OpenProps & { kind: 'suspend' | 'resume' | 'undo' }): ReactNode {
  const params = { processInstanceKey: header.caseKey };
  return (
    <RepairDialog
      {...useTexts(kind, header)}
      onClose={onClose}
      send={(body, options) => {
        if (kind === 'suspend') return call(repairEndpoints.suspendProcessInstance, { params, body }, options);
        if (kind === 'resume') return call(repairEndpoints.resumeProcessInstance, { params, body }, options);
        const undoing = { params, body: { ...body, compensate: true } };
        return call(processInstanceEndpoints.cancelProcessInstance, undoing, options);
      }}
    />
  );
}

function SendBack({ header, onClose }: OpenProps): ReactNode {
  const { t } = useTranslation();
  const { visited, processDefinitionId, caseKey } = header;
  const [to, setTo] = useState(visited[0] ?? '');
  return (
    <RepairDialog
      {...useTexts('sendBack', header)}
      question={to}
      onClose={onClose}
      send={(body, options) =>
        call(
          repairEndpoints.sendBackProcessInstance,
          { params: { processInstanceKey: caseKey }, body: { ...body, to } },
          options,
        )
      }
    >
      <Field label={t('repair.sendBack.to')}>
        {({ id }) => (
          <select id={id} className="input" value={to} onChange={(event) => setTo(event.target.value)}>
            {visited.map((elementId) => (
              <option key={elementId} value={elementId}>
                {elementName(processDefinitionId, elementId, null)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </RepairDialog>
  );
}

/** An object that was typed as JSON; null: it is none. */
function objectIn(text: string): Record<string, never> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    // The server checks what is in it.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, never>)
      : null;
  } catch {
    return null;
  }
}

interface VariablesFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}
function VariablesField({ label, value, onChange }: VariablesFieldProps): ReactNode {
  const { t } = useTranslation();
  const error = objectIn(value) === null ? t('repair.notAnObject') : undefined;
  return (
    <TextAreaField label={label} hint={t('repair.variablesHint')} error={error} value={value} onChange={onChange} />
  );
}
function RetriesField({ value, onChange }: { value: number; onChange: (value: number) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Field label={t('repair.retries')}>
      {({ id }) => (
        <input
          id={id}
          className="input"
          type="number"
          min={1}
          max={20}
          value={value}
          onChange={(event) => onChange(Math.max(1, Math.min(20, Number(event.target.value))))}
        />
      )}
    </Field>
  );
}

function ResolveIncident({ incidentKey, header, onClose }: OpenProps & { incidentKey: string }): ReactNode {
  const { t } = useTranslation();
  const [retries, setRetries] = useState(1);
  const [variables, setVariables] = useState('');
  return (
    <RepairDialog
      {...useTexts('incident', header)}
      question={`${String(retries)} ${variables}`}
      onClose={onClose}
      send={(asking, options) => {
        const body = { ...asking, retries, variables: objectIn(variables) ?? {} };
        return call(incidentEndpoints.resolveIncident, { params: { incidentKey }, body }, options);
      }}
    >
      <RetriesField value={retries} onChange={setRetries} />
      <VariablesField label={t('repair.incident.variables')} value={variables} onChange={setVariables} />
    </RepairDialog>
  );
}

interface TimerProps extends OpenProps {
  readonly kind: 'fire' | 'redate';
  readonly timerKey: string;
  readonly elementId: string;
}
function ChangeTimer({ kind, timerKey, elementId, header, onClose }: TimerProps): ReactNode {
  const { t } = useTranslation();
  const [due, setDue] = useState('');
  const isDated = !Number.isNaN(Date.parse(due));
  const params = { timerKey };
  return (
    <RepairDialog
      {...useTexts(kind, header, elementName(header.processDefinitionId, elementId, null))}
      question={due}
      onClose={onClose}
      send={(body, options) => {
        if (kind === 'fire') return call(repairEndpoints.triggerTimer, { params, body }, options);
        const dueDate = isDated ? new Date(due).toISOString() : '';
        return call(repairEndpoints.updateTimer, { params, body: { ...body, dueDate } }, options);
      }}
    >
      {kind === 'fire' ? null : (
        <Field label={t('repair.redate.due')}>
          {({ id }) => (
            <input
              id={id}
              className="input"
              type="datetime-local"
              required
              value={due}
              onChange={(event) => setDue(event.target.value)}
            />
          )}
        </Field>
      )}
    </RepairDialog>
  );
}

interface JobProps extends OpenProps {
  readonly kind: 'retry' | 'skip';
  readonly jobKey: string;
  readonly elementId: string;
}
function ChangeJob({ kind, jobKey, elementId, header, onClose }: JobProps): ReactNode {
  const { t } = useTranslation();
  const [retries, setRetries] = useState(1);
  const [variables, setVariables] = useState('');
  const params = { jobKey };
  return (
    <RepairDialog
      {...useTexts(kind, header, elementName(header.processDefinitionId, elementId, null))}
      question={`${String(retries)} ${variables}`}
      onClose={onClose}
      send={(body, options) => {
        if (kind === 'retry') return call(repairEndpoints.retryJob, { params, body: { ...body, retries } }, options);
        const skipping = { params, body: { ...body, variables: objectIn(variables) ?? {} } };
        return call(repairEndpoints.skipJob, skipping, options);
      }}
    >
      {kind === 'retry' ? (
        <RetriesField value={retries} onChange={setRetries} />
      ) : (
        <VariablesField label={t('repair.skip.variables')} value={variables} onChange={setVariables} />
      )}
    </RepairDialog>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { batchOperationEndpoints } from '#contract/batch-operation.ts';
import type { ImpactAnswer } from '#contract/migration.ts';
import { reasonLimits } from '#contract/operation.ts';
import type { ProcessDefinition } from '#contract/process-definition.ts';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { CanaryField, canaryOf } from '../../components/canary-field.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { elementName, processName } from '../../lib/terms.ts';
import { admissionQuery, impactQuery, versionsQuery, type Mapping } from './definition-queries.ts';
import { ImpactView } from './impact-view.tsx';

/** Cases of a first look, unless somebody says otherwise. */
const usualCanary = 5;

/** Running cases follow another version: what it means for them, where what has gone goes, a few first, then the rest. */
export function MigratePage(): ReactNode {
  const { t } = useTranslation();
  const { processDefinitionId = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery(versionsQuery(processDefinitionId));
  const name = processName(processDefinitionId, data?.items[0]?.name ?? null);
  return (
    <>
      <PageHeader
        title={t('migrate.title', { name })}
        lead={t('migrate.lead')}
        crumbs={[
          { to: '/definitions', label: t('definitions.title') },
          { to: `/definitions/${processDefinitionId}`, label: name },
        ]}
      />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : <Versions versions={data.items} />}
    </>
  );
}

const activeOf = ({ statistics }: ProcessDefinition): number => statistics?.active ?? 0;

/** From which version to which: in the address, so that the page can be sent on. */
function Versions({ versions }: { versions: readonly ProcessDefinition[] }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const numbered = (name: string): ProcessDefinition | undefined =>
    versions.find(({ version }) => String(version) === search.get(name));
  const target = numbered('to') ?? versions[0];
  const others = versions.filter((version) => version !== target && activeOf(version) > 0);
  const source = numbered('from') ?? others[0];
  if (target === undefined || source === undefined || source === target)
    return (
      <Empty title={t('migrate.nothing')}>
        <p>{t('migrate.nothingHint')}</p>
      </Empty>
    );
  const choose = (name: string, value: string): void => {
    search.set(name, value);
    setSearch(search);
  };
  return (
    <div className="stack">
      <section className="card" aria-label={t('migrate.versions')}>
        <div className="card-body stack">
          <VersionChoice
            label={t('migrate.from')}
            versions={versions.filter((version) => activeOf(version) > 0 && version !== target)}
            chosen={source}
            onChoose={(version) => choose('from', version)}
          />
          <VersionChoice
            label={t('migrate.to')}
            versions={versions.filter((version) => version !== source)}
            chosen={target}
            onChoose={(version) => choose('to', version)}
          />
        </div>
      </section>
      <Plan
        key={`${source.processDefinitionKey}/${target.processDefinitionKey}`}
        source={source.processDefinitionKey}
        target={target.processDefinitionKey}
      />
    </div>
  );
}

interface VersionChoiceProps {
  readonly label: string;
  readonly versions: readonly ProcessDefinition[];
  readonly chosen: ProcessDefinition;
  readonly onChoose: (version: string) => void;
}

function VersionChoice({ label, versions, chosen, onChoose }: VersionChoiceProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Field label={label}>
      {({ id }) => (
        <select
          id={id}
          className="input"
          value={String(chosen.version)}
          onChange={(event) => onChoose(event.target.value)}
        >
          {versions.map((definition) => (
            <option key={definition.processDefinitionKey} value={String(definition.version)}>
              {t('migrate.version', { version: definition.version, count: activeOf(definition) })}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The mapping, what comes of it, and the form that begins it. */
function Plan({ source, target }: { source: string; target: string }): ReactNode {
  const { t } = useTranslation();
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const { data, error, isFetching, refetch } = useQuery(impactQuery(source, target, mapping));
  const before = useQuery(admissionQuery(source));
  if (data === undefined)
    return error === null ? <Loading /> : <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const nameOf = (elementId: string): string => {
    const known = before.data?.elements.find((element) => element.elementId === elementId);
    return elementName(data.processDefinitionId, elementId, known?.name ?? null);
  };
  return (
    <>
      <section className="card" aria-label={t('migrate.mapping')}>
        <header>
          <h2>{t('migrate.mapping')}</h2>
        </header>
        <div className="card-body stack">
          <p>{t('migrate.mappingExplain')}</p>
          <MappingTable impact={data} target={target} nameOf={nameOf} onChange={setMapping} />
        </div>
      </section>
      <section className="card" aria-label={t('migrate.impact')} aria-busy={isFetching}>
        <header>
          <h2>{t('migrate.impact')}</h2>
        </header>
        <div className="card-body stack" aria-live="polite">
          {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
          <ImpactView impact={data} nameOf={nameOf} />
        </div>
      </section>
      <MigrationForm source={source} target={target} impact={data} busy={isFetching} />
    </>
  );
}

interface MappingTableProps {
  readonly impact: ImpactAnswer;
  readonly target: string;
  /** Of an element of the old version. */
  readonly nameOf: (elementId: string) => string;
  readonly onChange: (mapping: Mapping) => void;
}

/** What has gone under its id, with where it goes: as proposed, or as somebody chooses. */
function MappingTable({ impact, target, nameOf, onChange }: MappingTableProps): ReactNode {
  const { t } = useTranslation();
  const after = useQuery(admissionQuery(target));
  const { mapping, mappingInstructions, processDefinitionId: id } = impact;
  if (mapping.length === 0) return <p className="muted">{t('migrate.mappingEmpty')}</p>;
  const goesTo = (elementId: string): string =>
    mappingInstructions.find(({ sourceElementId }) => sourceElementId === elementId)?.targetElementId ?? '';
  const map = (sourceElementId: string, targetElementId: string): void => {
    const others = mappingInstructions.filter((pair) => pair.sourceElementId !== sourceElementId);
    onChange(targetElementId === '' ? others : [...others, { sourceElementId, targetElementId }]);
  };
  const targets = (after.data?.elements ?? []).filter(({ verdict }) => verdict === 'executed');
  return (
    <div className="table-wrap">
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{t('migrate.columns.gone')}</th>
            <th scope="col">{t('migrate.columns.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {mapping.map(({ sourceElementId, by }) => (
            <tr key={sourceElementId}>
              <th scope="row">
                <span>
                  {nameOf(sourceElementId)} <code className="small muted">{sourceElementId}</code>
                </span>
              </th>
              <td data-label={t('migrate.columns.becomes')}>
                <span className="stack">
                  <select
                    className="input"
                    aria-label={t('migrate.becomes', { name: nameOf(sourceElementId) })}
                    value={goesTo(sourceElementId)}
                    onChange={(event) => map(sourceElementId, event.target.value)}
                  >
                    <option value="">{t('migrate.unmapped')}</option>
                    {targets.map(({ elementId, name }) => (
                      <option key={elementId} value={elementId}>
                        {elementName(id, elementId, name)} ({elementId})
                      </option>
                    ))}
                  </select>
                  {by === null ? null : <span className="small muted">{t(`migrate.by.${by}`)}</span>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MigrationFormProps {
  readonly source: string;
  readonly target: string;
  readonly impact: ImpactAnswer;
  /** The impact is of another mapping still. */
  readonly busy: boolean;
}

function MigrationForm({ source, target, impact, busy }: MigrationFormProps): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const intention = useRef(newIdempotencyKey());
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { safe } = impact.counts;
  const [canary, setCanary] = useState(safe > usualCanary ? String(usualCanary) : '');
  const create = useMutation({
    mutationFn: () => {
      const migrationPlan = { targetProcessDefinitionKey: target, mappingInstructions: impact.mappingInstructions };
      const filter = { processDefinitionKey: source, state: 'ACTIVE' as const };
      const body = { filter, migrationPlan, reason: reason.trim(), ...canaryOf(canary) };
      return call(batchOperationEndpoints.migrateProcessInstances, { body }, { idempotencyKey: intention.current });
    },
    onSuccess: ({ batchOperationKey }) => {
      say(t('batch.created'));
      for (const topic of ['batches', 'definitions']) void cache.invalidateQueries({ queryKey: [topic] });
      void navigate(`/supervision/batches/${batchOperationKey ?? ''}`);
    },
    onError: () => {
      intention.current = newIdempotencyKey();
    },
  });
  const isIdle = !busy && !create.isPending && safe > 0;
  function begin(): void {
    const tooShort = reason.trim().length < reasonLimits.shortest;
    setMissing(tooShort);
    if (!tooShort && isIdle) create.mutate();
  }
  return (
    <section className="card" aria-label={t('migrate.begin')}>
      <header>
        <h2>{t('migrate.begin')}</h2>
      </header>
      <form
        className="card-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <p>{t('migrate.beginExplain')}</p>
        {create.isError ? <ErrorNotice error={create.error} /> : null}
        <CanaryField value={canary} onChange={setCanary} />
        <ReasonField value={reason} missing={missing} onChange={setReason} />
        <div className="button-row">
          <button type="submit" className="button danger" aria-disabled={!isIdle}>
            {create.isPending ? t('common.sending') : t('migrate.submit', { count: safe })}
          </button>
        </div>
      </form>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { ProcessDefinition } from '#contract/process-definition.ts';
import { BpmnDiagram } from '../../components/diagram/bpmn-diagram.tsx';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import type { DiagramStep } from '../../components/diagram/diagram-elements.ts';
import { StepList } from '../../components/diagram/step-list.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { definitionXmlQuery } from '../../lib/case-queries.ts';
import { formatNumber } from '../../lib/format.ts';
import { admissionQuery, versionsQuery } from './definition-queries.ts';
import { ElementTable } from './element-table.tsx';
import { ChosenFindings, chosenElement, focusOf, nothingChosen, type Chosen } from './findings.tsx';
import { ProblemTable, problemLabels } from './problem-table.tsx';
import { VersionActions } from './version-actions.tsx';
import './definitions.css';

export function DefinitionPage(): ReactNode {
  const { t } = useTranslation();
  const { processDefinitionId = '' } = useParams();
  const [search] = useSearchParams();
  const { data, error, isPending, refetch } = useQuery(versionsQuery(processDefinitionId));
  const wanted = search.get('version');
  const shown = data?.items.find((item) => String(item.version) === wanted) ?? data?.items[0];
  return (
    <>
      <PageHeader
        title={shown?.name ?? processDefinitionId}
        lead={
          shown === undefined
            ? processDefinitionId
            : t('definitions.versionOf', { version: shown.version, file: shown.resourceName })
        }
        crumbs={[{ to: '/definitions', label: t('definitions.title') }]}
      />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data !== undefined && shown === undefined ? <Empty title={t('definitions.unknown')} /> : null}
      {shown === undefined || data === undefined ? null : (
        <div className="stack">
          <VersionDiagram key={shown.processDefinitionKey} definition={shown} />
          <VersionTable versions={data.items} shown={shown} />
        </div>
      )}
    </>
  );
}

function VersionDiagram({ definition }: { definition: ProcessDefinition }): ReactNode {
  const { t } = useTranslation();
  const xml = useQuery(definitionXmlQuery(definition.processDefinitionKey));
  const admission = useQuery(admissionQuery(definition.processDefinitionKey));
  const [steps, setSteps] = useState<readonly DiagramStep[]>([]);
  const [chosen, setChosen] = useState<Chosen>(nothingChosen);
  const warnings = useMemo(() => admission.data?.warnings ?? [], [admission.data]);
  const marks = useMemo<DiagramMarks>(
    () => ({
      active: [],
      incidents: [],
      visited: [],
      labels: problemLabels([], warnings),
      selected: chosen.elementId,
      path: chosen.path,
    }),
    [warnings, chosen],
  );
  const select = (elementId: string): void => setChosen(chosenElement(elementId));
  const step = steps.find((candidate) => candidate.id === chosen.elementId);
  if (xml.isPending) return <Loading label={t('diagram.loading')} />;
  if (xml.data === undefined) return <ErrorNotice error={xml.error} onRetry={() => void xml.refetch()} />;
  return (
    <section className="card" aria-label={t('definitions.diagram')}>
      <div className="card-body stack">
        <BpmnDiagram
          xml={xml.data}
          label={t('definitions.diagramLabel', { name: definition.name ?? definition.processDefinitionId })}
          marks={marks}
          focus={focusOf(chosen)}
          onElementClick={select}
          onSteps={setSteps}
        />
        {step === undefined ? null : (
          <section className="notice info" aria-live="polite" aria-label={t('definitions.chosen')}>
            <h3>{step.name ?? step.id}</h3>
            <p className="small muted">
              {t(`elements.${step.type}`, { defaultValue: step.type })} · <code>{step.id}</code>
            </p>
            {step.documentation === null ? null : <p>{step.documentation}</p>}
          </section>
        )}
        <ChosenFindings chosen={chosen} onChoose={setChosen} errors={[]} warnings={warnings} steps={steps} />
        {warnings.length === 0 ? null : (
          <ProblemTable title={t('definitions.warnings')} problems={warnings} chosen={chosen} onChoose={setChosen} />
        )}
        <ElementTable elements={admission.data?.elements ?? []} onSelect={select} />
        <details>
          <summary>{t('diagram.asList', { count: steps.length })}</summary>
          <StepList steps={steps} marks={marks} onSelect={select} />
        </details>
      </div>
    </section>
  );
}

function VersionTable({
  versions,
  shown,
}: {
  versions: readonly ProcessDefinition[];
  shown: ProcessDefinition;
}): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <section className="card" aria-label={t('definitions.versions')}>
      <header>
        <h2>{t('definitions.versions')}</h2>
      </header>
      <div className="table-wrap">
        <table className="table cards">
          <thead>
            <tr>
              <th scope="col">{t('definitions.columns.version')}</th>
              <th scope="col">{t('definitions.columns.published')}</th>
              <th scope="col">{t('definitions.columns.active')}</th>
              <th scope="col">{t('definitions.columns.ended')}</th>
              <th scope="col">{t('definitions.columns.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.processDefinitionKey} aria-current={version === shown ? 'true' : undefined}>
                <th scope="row">
                  <span>
                    <Link to={{ search: `version=${String(version.version)}` }}>
                      {t('definitions.version', { version: version.version })}
                    </Link>
                    {version.versionTag === null ? null : <span className="badge quiet">{version.versionTag}</span>}
                    {version.lifecycle?.isLatestVersion ? (
                      <span className="badge good">{t('definitions.latest')}</span>
                    ) : null}
                    {version.lifecycle?.suspendedAt ? (
                      <span className="badge warn">
                        {t('definitions.heldBecause', { reason: version.lifecycle.suspendedReason ?? '' })}
                      </span>
                    ) : null}
                  </span>
                </th>
                <td data-label={t('definitions.columns.published')}>
                  {version.statistics === undefined ? '–' : <ExactTime iso={version.statistics.deployedAt} />}
                </td>
                <td data-label={t('definitions.columns.active')}>
                  {formatNumber(version.statistics?.active ?? 0, i18n.language)}
                </td>
                <td data-label={t('definitions.columns.ended')}>
                  {formatNumber(version.statistics?.ended ?? 0, i18n.language)}
                </td>
                <td data-label={t('definitions.columns.actions')}>
                  <VersionActions version={version} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="version-note stack">
        <p className="small muted">{t('definitions.pinned')}</p>
        {versions.length > 1 ? (
          <p>
            <Link to={{ pathname: 'migrate', search: `to=${String(shown.version)}` }} className="button">
              {t('migrate.open', { version: shown.version })}
            </Link>
          </p>
        ) : null}
      </div>
    </section>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deploymentEndpoints, deploymentLimits, type Deployment } from '#contract/deployment.ts';
import type { AdmissionProblem } from '#contract/problem.ts';
import type { AdmittedElement } from '#contract/process-definition.ts';
import type { z } from 'zod';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { problemOf } from '../../lib/problem-text.ts';
import { processName } from '../../lib/terms.ts';
import { AdmissionView } from './admission-view.tsx';
import { CandidateView } from './candidate-view.tsx';
import { withDependents } from './definition-queries.ts';
import { FilePicker, type ChosenFile } from './file-picker.tsx';
import './definitions.css';

interface Findings {
  readonly admitted: boolean;
  readonly problems: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
  /** By file name. */
  readonly elements: ReadonlyMap<string, readonly AdmittedElement[]>;
  /** Published along, because they use a decision of the files. */
  readonly dependents: Checked['dependents'];
}

function bodyOf(files: readonly ChosenFile[]): FormData {
  const body = new FormData();
  for (const { file } of files) body.append('resources', file, file.name);
  return body;
}

/** Other files: what was found of the former ones is forgotten. */
const namesOf = (files: readonly ChosenFile[]): string =>
  files.map(({ file }) => `${file.name} ${String(file.lastModified)}`).join('\n');

type Checked = z.infer<(typeof deploymentEndpoints.checkDeployment)['ok']>;

/** What the check found; what publishing refused all the same outranks it. */
function findingsOf(checked: Checked | undefined, refused: readonly AdmissionProblem[] | undefined): Findings | null {
  const reports = checked?.reports ?? [];
  const elements = new Map(reports.map((report) => [report.processDefinitionId, report.elements]));
  const dependents = checked?.dependents ?? [];
  if (refused !== undefined) return { admitted: false, problems: refused, warnings: [], elements, dependents };
  if (checked === undefined) return null;
  // what comes along was published with its warnings before
  const isGiven = ({ processDefinitionId: file }: Checked['reports'][number]): boolean =>
    dependents.every(({ resourceName }) => resourceName !== file);
  return {
    admitted: checked.admitted,
    problems: reports.flatMap((report) => report.problems),
    warnings: reports.filter(isGiven).flatMap((report) => report.warnings),
    elements,
    dependents,
  };
}

/** Choose files, see what the admission says on the diagram, publish. */
export function PublishPage(): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const check = useMutation({
    mutationFn: (chosen: readonly ChosenFile[]) =>
      call(deploymentEndpoints.checkDeployment, { query: withDependents }, { rawBody: bodyOf(chosen) }),
  });
  const publish = useMutation({
    mutationFn: ({ chosen, idempotencyKey }: { chosen: readonly ChosenFile[]; idempotencyKey: string }) =>
      call(
        deploymentEndpoints.createDeployment,
        { query: withDependents },
        { rawBody: bodyOf(chosen), idempotencyKey },
      ),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['definitions'] }),
  });
  function choose(chosen: readonly ChosenFile[]): void {
    setFiles(chosen);
    publish.reset();
    if (chosen.length > 0) check.mutate(chosen);
    else check.reset();
  }
  const refused = problemOf(publish.error)?.admission;
  const findings = useMemo(() => findingsOf(check.data, refused), [check.data, refused]);
  return (
    <>
      <PageHeader
        title={t('publish.title')}
        lead={t('publish.lead')}
        crumbs={[{ to: '/definitions', label: t('definitions.title') }]}
      />
      <div className="stack">
        {publish.data === undefined ? (
          <>
            <FilePicker
              files={files}
              onChange={choose}
              mostFiles={deploymentLimits.files}
              mostBytes={deploymentLimits.fileBytes}
            />
            {check.isError ? <ErrorNotice error={check.error} onRetry={() => check.mutate(files)} /> : null}
            {publish.isError && refused === undefined ? <ErrorNotice error={publish.error} /> : null}
            {files.length === 0 ? null : (
              <PublishBar
                checking={check.isPending}
                publishing={publish.isPending}
                findings={findings}
                onPublish={() => publish.mutate({ chosen: files, idempotencyKey: newIdempotencyKey() })}
              />
            )}
            {findings?.admitted === true ? <CandidateView key={namesOf(files)} body={() => bodyOf(files)} /> : null}
            {findings === null ? null : (
              <AdmissionView
                files={files}
                problems={findings.problems}
                warnings={findings.warnings}
                elements={findings.elements}
              />
            )}
          </>
        ) : (
          <Published deployment={publish.data} onAgain={() => choose([])} />
        )}
      </div>
    </>
  );
}

interface PublishBarProps {
  readonly checking: boolean;
  readonly publishing: boolean;
  readonly findings: Findings | null;
  readonly onPublish: () => void;
}

function PublishBar({ checking, publishing, findings, onPublish }: PublishBarProps): ReactNode {
  const { t } = useTranslation();
  if (checking) return <Notice tone="info" title={t('publish.checking')} />;
  if (findings === null) return null;
  if (!findings.admitted) {
    return (
      <Notice tone="bad" title={t('publish.refused', { count: findings.problems.length })}>
        <p>{t('publish.refusedHint')}</p>
      </Notice>
    );
  }
  return (
    <Notice
      tone={findings.warnings.length > 0 ? 'warn' : 'good'}
      title={
        findings.warnings.length > 0 ? t('publish.warned', { count: findings.warnings.length }) : t('publish.clean')
      }
    >
      <p>{t('publish.effect')}</p>
      {findings.dependents.length === 0 ? null : (
        <>
          <p>{t('publish.dependents')}</p>
          <ul className="published">
            {findings.dependents.map(({ processDefinitionId, name, version }) => (
              <li key={processDefinitionId}>
                {t('publish.dependent', { name: processName(processDefinitionId, name), version })}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="button-row">
        <button type="button" className="button primary" disabled={publishing} onClick={onPublish}>
          {publishing ? t('common.sending') : t('publish.submit')}
        </button>
      </div>
    </Notice>
  );
}

function Published({ deployment, onAgain }: { deployment: Deployment; onAgain: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Notice tone="good" title={t('publish.done')}>
      <ul className="published">
        {deployment.deployments.map((item) => {
          if (item.processDefinition !== null) {
            const { processDefinitionId, processDefinitionVersion } = item.processDefinition;
            return (
              <li key={processDefinitionId}>
                {t('publish.process')}{' '}
                <Link
                  to={`/definitions/${encodeURIComponent(processDefinitionId)}?version=${String(processDefinitionVersion)}`}
                >
                  {processDefinitionId}
                </Link>
                , {t('publish.version', { version: processDefinitionVersion })}
              </li>
            );
          }
          if (item.decisionDefinition !== null) {
            return (
              <li key={item.decisionDefinition.decisionDefinitionKey}>
                {t('publish.decision')} {item.decisionDefinition.decisionDefinitionId},{' '}
                {t('publish.version', { version: item.decisionDefinition.version })}
              </li>
            );
          }
          if (item.form !== null) {
            return (
              <li key={item.form.formKey}>
                {t('publish.form')} {item.form.formId}, {t('publish.version', { version: item.form.version })}
              </li>
            );
          }
          return null;
        })}
      </ul>
      <div className="button-row">
        <button type="button" className="button" onClick={onAgain}>
          {t('publish.again')}
        </button>
      </div>
    </Notice>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { importLimits, proposalColumns, proposalEndpoints, type ImportRun } from '#contract/proposal.ts';
import { FileInput } from '../../components/file-input.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { call } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { useUrlFilters } from '../../lib/url-filters.ts';
import { importQuery, importsQuery } from './proposal-queries.ts';
import './proposals.css';

export function ImportPage(): ReactNode {
  const { t } = useTranslation();
  const { get, set } = useUrlFilters();
  const importKey = get('run');
  return (
    <>
      <PageHeader
        title={t('import.title')}
        lead={t('import.lead')}
        crumbs={[{ to: '/start', label: t('start.title') }]}
      />
      <div className="stack">
        <Upload onStarted={(run) => set({ run: run.importKey })} />
        {importKey === '' ? null : <Progress key={importKey} importKey={importKey} />}
        <Latest current={importKey} />
      </div>
    </>
  );
}

function Upload({ onStarted }: { onStarted: (run: ImportRun) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const cache = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const tooLarge = file !== null && file.size > importLimits.fileBytes;
  const upload = useMutation({
    mutationFn: (chosen: File) =>
      call(
        proposalEndpoints.importProposals,
        { query: { fileName: chosen.name } },
        { rawBody: chosen, rawType: 'text/csv; charset=utf-8' },
      ),
    onSuccess: (run) => {
      onStarted(run);
      void cache.invalidateQueries({ queryKey: ['imports', 'list'] });
    },
  });
  return (
    <section className="card" aria-label={t('import.upload')}>
      <div className="card-body stack">
        <FileInput
          label={t('import.choose')}
          hint={t('import.chooseHint', {
            rows: formatNumber(importLimits.rows, i18n.language),
            size: formatNumber(importLimits.fileBytes / 1_048_576, i18n.language),
          })}
          buttonText={t('common.chooseFile')}
          accept=".csv,text/csv"
          {...(file === null ? {} : { chosen: file.name })}
          onFiles={(list) => {
            setFile(list?.[0] ?? null);
            upload.reset();
          }}
        />
        {tooLarge ? (
          <p className="field-error" role="alert">
            {t('problems.tooLarge.title')}
          </p>
        ) : null}
        <details>
          <summary>{t('import.columns')}</summary>
          <p className="small">
            <code>{proposalColumns.join(',')}</code>
          </p>
        </details>
        {upload.isError ? <ErrorNotice error={upload.error} /> : null}
        <div className="button-row">
          <button
            type="button"
            className="button primary"
            disabled={file === null || tooLarge || upload.isPending}
            onClick={() => {
              if (file !== null) upload.mutate(file);
            }}
          >
            {upload.isPending ? t('import.sending') : t('import.submit')}
          </button>
          <span className="small muted">{t('import.repeatable')}</span>
        </div>
      </div>
    </section>
  );
}

function Progress({ importKey }: { importKey: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(importQuery(importKey));
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const handled = data.rowsImported + data.rowsRepeated + data.rowsRejected;
  const counts = [
    { id: 'read', value: data.rowsRead },
    { id: 'imported', value: data.rowsImported },
    { id: 'repeated', value: data.rowsRepeated },
    { id: 'rejected', value: data.rowsRejected },
  ];
  return (
    <section className="card" aria-label={t('import.progress')}>
      <header>
        <h2>{data.fileName}</h2>
        <ImportState state={data.state} />
      </header>
      <div className="card-body stack">
        <progress
          aria-label={t('import.progress')}
          value={data.state === 'RUNNING' ? handled : 1}
          max={data.state === 'RUNNING' ? Math.max(data.rowsRead, 1) : 1}
        />
        <dl className="import-counts" aria-live="polite">
          {counts.map((count) => (
            <div key={count.id}>
              <dt>{t(`import.counts.${count.id}`)}</dt>
              <dd className="number">{formatNumber(count.value, i18n.language)}</dd>
            </div>
          ))}
        </dl>
        {data.problems.length === 0 ? (
          data.state === 'COMPLETED' ? (
            <p>{t('import.noProblems')}</p>
          ) : null
        ) : (
          <div className="table-wrap import-problems">
            <table className="table cards">
              <caption>
                <h3>
                  {t('import.problems')} <span className="count">{data.problems.length}</span>
                </h3>
                <p className="small muted">{t('import.problemsHint')}</p>
              </caption>
              <thead>
                <tr>
                  <th scope="col">{t('import.line')}</th>
                  <th scope="col">{t('import.field')}</th>
                  <th scope="col">{t('import.message')}</th>
                </tr>
              </thead>
              <tbody>
                {data.problems.map((problem) => (
                  <tr key={`${String(problem.line)}-${problem.field}`}>
                    <td data-label={t('import.line')} className="number">
                      {problem.line}
                    </td>
                    <td data-label={t('import.field')}>
                      {problem.field === '*' ? t('import.wholeRow') : <code>{problem.field}</code>}
                    </td>
                    <td data-label={t('import.message')}>{problem.message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {data.state === 'COMPLETED' ? (
          <p>
            <Link to="/tasks?view=available">{t('tasks.seeAvailable')}</Link>
          </p>
        ) : null}
      </div>
    </section>
  );
}

function ImportState({ state }: { state: ImportRun['state'] }): ReactNode {
  const { t } = useTranslation();
  const tone = { RUNNING: 'info', COMPLETED: 'good', FAILED: 'bad' }[state];
  return <span className={`badge ${tone}`}>{t(`import.states.${state}`)}</span>;
}

function Latest({ current }: { current: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(importsQuery());
  return (
    <section className="card" aria-label={t('import.latest')}>
      <header>
        <h2>{t('import.latest')}</h2>
      </header>
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : data.items.length === 0 ? (
        <Empty title={t('import.none')} />
      ) : (
        <div className="table-wrap">
          <table className="table cards">
            <thead>
              <tr>
                <th scope="col">{t('import.file')}</th>
                <th scope="col">{t('import.state')}</th>
                <th scope="col">{t('import.counts.imported')}</th>
                <th scope="col">{t('import.counts.rejected')}</th>
                <th scope="col">{t('import.when')}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((run) => (
                <tr key={run.importKey} aria-current={run.importKey === current ? 'true' : undefined}>
                  <th scope="row">
                    <span>
                      <Link to={{ search: `run=${run.importKey}` }}>{run.fileName}</Link>
                    </span>
                  </th>
                  <td data-label={t('import.state')}>
                    <span>
                      <ImportState state={run.state} />
                    </span>
                  </td>
                  <td data-label={t('import.counts.imported')}>{formatNumber(run.rowsImported, i18n.language)}</td>
                  <td data-label={t('import.counts.rejected')}>{formatNumber(run.rowsRejected, i18n.language)}</td>
                  <td data-label={t('import.when')}>
                    <ExactTime iso={run.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

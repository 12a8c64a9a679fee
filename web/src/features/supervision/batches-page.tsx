import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { batchOperationEndpoints, type BatchItem, type BatchOperation } from '#contract/batch-operation.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { call } from '../../lib/api.ts';
import { batchItemsQuery, batchListQuery, batchQuery } from './batch-queries.ts';
import { SupervisionNav } from './supervision-nav.tsx';
import './supervision.css';

const tones = { CREATED: 'info', ACTIVE: 'info', SUSPENDED: 'warn', COMPLETED: 'good', CANCELED: 'quiet' } as const;
const itemTones = { ACTIVE: 'info', COMPLETED: 'good', FAILED: 'bad', SKIPPED: 'quiet', CANCELED: 'quiet' } as const;
const doneOf = (batch: BatchOperation): number =>
  batch.operationsCompletedCount + batch.operationsFailedCount + batch.operationsSkippedCount;

export function BatchesPage(): ReactNode {
  const { t } = useTranslation();
  const { batchKey } = useParams();
  return (
    <>
      <PageHeader title={t('batch.title')} lead={t('batch.lead')} />
      <SupervisionNav />
      <div className="stack">{batchKey === undefined ? <BatchList /> : <OneBatch batchKey={batchKey} />}</div>
    </>
  );
}

function BatchList(): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(batchListQuery());
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <div className="card">
        <Empty title={t('batch.none')}>
          <p>{t('batch.noneHint')}</p>
        </Empty>
      </div>
    );
  }
  return (
    <div className="card table-wrap">
      <table className="table cards">
        <caption className="visually-hidden">{t('batch.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('batch.columns.what')}</th>
            <th scope="col">{t('batch.columns.state')}</th>
            <th scope="col">{t('batch.columns.progress')}</th>
            <th scope="col">{t('batch.columns.who')}</th>
            <th scope="col">{t('batch.columns.since')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((batch) => (
            <tr key={batch.batchOperationKey}>
              <th scope="row">
                <Link to={`/supervision/batches/${batch.batchOperationKey}`}>
                  {t(`batch.types.${batch.batchOperationType}`)}
                </Link>
              </th>
              <td data-label={t('batch.columns.state')}>
                <BatchState state={batch.state} />
              </td>
              <td data-label={t('batch.columns.progress')}>
                <Progress batch={batch} />
              </td>
              <td data-label={t('batch.columns.who')}>{batch.actorId}</td>
              <td data-label={t('batch.columns.since')}>
                <RelativeTime iso={batch.createdDate} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BatchState({ state }: { state: BatchOperation['state'] }): ReactNode {
  const { t } = useTranslation();
  return <span className={`badge ${tones[state]}`}>{t(`batch.states.${state}`)}</span>;
}
function Progress({ batch }: { batch: BatchOperation }): ReactNode {
  const { t } = useTranslation();
  const { operationsTotalCount: total, operationsFailedCount: failed } = batch;
  const label = t('batch.progress', { done: doneOf(batch), total, failed });
  return (
    <span className="batch-progress">
      <progress max={Math.max(total, 1)} value={doneOf(batch)} aria-label={label} />
      <span>{label}</span>
    </span>
  );
}

function OneBatch({ batchKey }: { batchKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data: batch, error, isPending, refetch } = useQuery(batchQuery(batchKey));
  if (isPending) return <Loading />;
  if (batch === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const isAfterCanary = batch.state === 'SUSPENDED' && batch.canary !== null && doneOf(batch) >= batch.canary;
  return (
    <>
      <section className="card" aria-label={t(`batch.types.${batch.batchOperationType}`)}>
        <header>
          <h2>{t(`batch.types.${batch.batchOperationType}`)}</h2>
          <BatchState state={batch.state} />
        </header>
        <div className="card-body stack">
          <Progress batch={batch} />
          <p className="small muted">{t('batch.reason', { reason: batch.reason })}</p>
          {isAfterCanary ? (
            <Notice tone="info">
              <p>{t('batch.afterCanary')}</p>
            </Notice>
          ) : null}
          <BatchMoves batch={batch} />
        </div>
      </section>
      <BatchItems batchKey={batchKey} />
    </>
  );
}

const moves = {
  pause: batchOperationEndpoints.suspendBatchOperation,
  continue: batchOperationEndpoints.resumeBatchOperation,
  abort: batchOperationEndpoints.cancelBatchOperation,
} as const;
function BatchMoves({ batch }: { batch: BatchOperation }): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { batchOperationKey, state, endDate } = batch;
  const move = useMutation({
    mutationFn: (how: keyof typeof moves) =>
      call(moves[how], { params: { batchOperationKey }, body: { reason: t('batch.moveReason') } }),
    onSettled: () => void cache.invalidateQueries({ queryKey: ['batches'] }),
  });
  if (endDate !== null || state === 'COMPLETED' || state === 'CANCELED') return null;
  const how = state === 'SUSPENDED' ? 'continue' : 'pause';
  return (
    <>
      {move.isError ? <ErrorNotice error={move.error} /> : null}
      <div className="button-row">
        <button type="button" className="button primary" disabled={move.isPending} onClick={() => move.mutate(how)}>
          {t(`batch.${how}`)}
        </button>
        <button type="button" className="button danger" disabled={move.isPending} onClick={() => move.mutate('abort')}>
          {t('batch.abort')}
        </button>
      </div>
    </>
  );
}

function BatchItems({ batchKey }: { batchKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery(batchItemsQuery(batchKey));
  if (data === undefined) return <Loading />;
  return (
    <section className="card table-wrap" aria-label={t('batch.columns.result')}>
      <table className="table cards">
        <caption className="visually-hidden">{t('batch.columns.result')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('batch.columns.case')}</th>
            <th scope="col">{t('batch.columns.result')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((item) => (
            <ItemRow key={item.itemKey} item={item} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
function ItemRow({ item }: { item: BatchItem }): ReactNode {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row">
        <Link className="number" to={`/cases/${item.processInstanceKey}`}>
          {item.businessKey ?? item.processInstanceKey}
        </Link>
      </th>
      <td data-label={t('batch.columns.result')}>
        <span>
          <span className={`badge ${itemTones[item.state]}`}>{t(`batch.items.${item.state}`)}</span>{' '}
          {item.errorMessage === null ? null : <span className="small muted">{item.errorMessage}</span>}
        </span>
      </td>
    </tr>
  );
}

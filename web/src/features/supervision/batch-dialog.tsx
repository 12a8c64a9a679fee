import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { batchOperationEndpoints } from '#contract/batch-operation.ts';
import { reasonLimits } from '#contract/operation.ts';
import { CanaryField, canaryOf } from '../../components/canary-field.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { caseSearch, type CaseFilters } from './supervision-queries.ts';

const kinds = {
  SUSPEND_PROCESS_INSTANCE: batchOperationEndpoints.suspendProcessInstances,
  RESUME_PROCESS_INSTANCE: batchOperationEndpoints.resumeProcessInstances,
  RESOLVE_INCIDENT: batchOperationEndpoints.resolveIncidents,
  CANCEL_PROCESS_INSTANCE: batchOperationEndpoints.cancelProcessInstances,
} as const;
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];

interface Wanted {
  readonly kind: Kind;
  readonly reason: string;
  /** How many first; empty: all at once. */
  readonly canary: string;
}

/** Counts what is wanted, then begins it; a change of what is wanted is counted anew. */
function useBatch(filters: CaseFilters, { kind, reason, canary }: Wanted) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const intention = useRef(newIdempotencyKey());
  const asked = `${kind}\n${reason.trim()}\n${canary}`;
  const send = (dryRun: boolean, expectedCount: number | null, idempotencyKey: string) => {
    const filter = caseSearch(filters).filter ?? {};
    const body = { filter, reason: reason.trim(), dryRun, expectedCount, ...canaryOf(canary) };
    return call(kinds[kind], { body }, { idempotencyKey });
  };
  const count = useMutation({
    mutationFn: async () => ({ asked, total: (await send(true, null, newIdempotencyKey())).operationsTotalCount }),
  });
  const create = useMutation({
    mutationFn: (total: number) => send(false, total, intention.current),
    onSuccess: ({ batchOperationKey }) => {
      say(t('batch.created'));
      void cache.invalidateQueries({ queryKey: ['batches'] });
      void navigate(`/supervision/batches/${batchOperationKey ?? ''}`);
    },
    onError: () => {
      intention.current = newIdempotencyKey();
    },
  });
  const counted = count.data?.asked === asked ? count.data.total : null;
  return { count, create, counted, busy: count.isPending || create.isPending };
}

/** One change for all cases of a list: how many first, then it is begun. */
export function BatchDialog({ filters, onClose }: { filters: CaseFilters; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<Wanted>({ kind: 'SUSPEND_PROCESS_INSTANCE', reason: '', canary: '' });
  const [missing, setMissing] = useState(false);
  const { count, create, counted, busy } = useBatch(filters, wanted);
  function next(): void {
    const tooShort = wanted.reason.trim().length < reasonLimits.shortest;
    setMissing(tooShort);
    if (tooShort || busy) return;
    if (counted === null || counted === 0) count.mutate();
    else create.mutate(counted);
  }
  const isReady = counted !== null && counted > 0;
  const label = isReady ? t('batch.submit', { count: counted }) : t('batch.count');
  return (
    <Dialog title={t('batch.open')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <p>{t('batch.explain')}</p>
        {count.isError ? <ErrorNotice error={count.error} /> : null}
        {create.isError ? <ErrorNotice error={create.error} /> : null}
        <BatchFields wanted={wanted} missing={missing} onChange={setWanted} />
        {counted === null ? null : (
          <Notice tone="warn">
            <p>{t('batch.counted', { count: counted })}</p>
          </Notice>
        )}
        <div className="button-row">
          <button type="submit" className={`button ${isReady ? 'danger' : 'primary'}`} aria-disabled={busy}>
            {busy ? t('common.sending') : label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface BatchFieldsProps {
  readonly wanted: Wanted;
  /** The reason is. */
  readonly missing: boolean;
  readonly onChange: (wanted: Wanted) => void;
}

function BatchFields({ wanted, missing, onChange }: BatchFieldsProps): ReactNode {
  const { t } = useTranslation();
  const { kind, reason, canary } = wanted;
  return (
    <>
      <Field label={t('batch.what')}>
        {({ id }) => (
          <select
            id={id}
            className="input"
            value={kind}
            onChange={(event) => onChange({ ...wanted, kind: event.target.value as Kind })}
          >
            {names.map((name) => (
              <option key={name} value={name}>
                {t(`batch.types.${name}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <CanaryField value={canary} onChange={(text) => onChange({ ...wanted, canary: text })} />
      <ReasonField value={reason} missing={missing} onChange={(text) => onChange({ ...wanted, reason: text })} />
    </>
  );
}

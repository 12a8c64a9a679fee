import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { comparisonEndpoints } from '#contract/comparison.ts';
import { PersonComparison } from '../../components/case/person-comparison.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { ErrorNotice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { comparisonQuery } from '../../lib/case-queries.ts';
import { formatDateTime } from '../../lib/format.ts';

const shortestReason = 5;

/** The two people of the case, and the way back while there is one. */
export function MergeCase({ caseKey }: { caseKey: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(comparisonQuery(caseKey));
  const [asking, setAsking] = useState(false);
  // Before the two are compared there is nothing to show.
  if (data === undefined) return null;
  return (
    <>
      <PersonComparison caseKey={caseKey} />
      {data.undoUntil === null ? null : (
        <section className="notice info" aria-label={t('comparison.undo')}>
          <p>{t('comparison.undoUntil', { until: formatDateTime(data.undoUntil, i18n.language) })}</p>
          <div className="button-row">
            <button type="button" className="button" onClick={() => setAsking(true)}>
              {t('comparison.undo')}
            </button>
          </div>
        </section>
      )}
      {asking ? <UndoDialog caseKey={caseKey} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function UndoDialog({ caseKey, onClose }: { caseKey: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  /** The same request sent again after a lost answer is the same intention. */
  const intention = useRef(newIdempotencyKey());
  const undo = useMutation({
    mutationFn: () =>
      call(
        comparisonEndpoints.requestMergeUndoing,
        { params: { caseKey }, body: { reason: reason.trim() } },
        { idempotencyKey: intention.current },
      ),
    onSuccess: () => {
      onClose();
      say(t('comparison.undoAsked'));
      for (const topic of ['case', 'tasks', 'statistics']) void cache.invalidateQueries({ queryKey: [topic] });
    },
    onError: () => {
      intention.current = newIdempotencyKey();
    },
  });
  function submit(): void {
    const tooShort = reason.trim().length < shortestReason;
    setMissing(tooShort);
    if (!tooShort && !undo.isPending) undo.mutate();
  }
  return (
    <Dialog title={t('comparison.undo')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>{t('comparison.undoExplain')}</p>
        {undo.isError ? <ErrorNotice error={undo.error} /> : null}
        <ReasonField value={reason} missing={missing} onChange={setReason} />
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={undo.isPending}>
            {undo.isPending ? t('common.sending') : t('comparison.undoSubmit')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

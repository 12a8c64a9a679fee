import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call } from '../../lib/api.ts';

/** Ending a case cannot be undone: it asks for a reason, which the audit trail keeps. */
export function CancelCase({ caseKey, name }: { caseKey: string; name: string }): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const cancel = useMutation({
    mutationFn: () =>
      call(processInstanceEndpoints.cancelProcessInstance, {
        params: { processInstanceKey: caseKey },
        body: { reason: reason.trim() },
      }),
    onSuccess: () => {
      setOpen(false);
      say(t('cases.cancel.done', { name }));
      for (const topic of ['case', 'cases', 'tasks', 'incidents', 'statistics'])
        void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
  function submit(): void {
    setMissing(reason.trim() === '');
    if (reason.trim() !== '') cancel.mutate();
  }
  return (
    <>
      <button type="button" className="button danger" onClick={() => setOpen(true)}>
        {t('cases.cancel.button')}
      </button>
      {open ? (
        <Dialog title={t('cases.cancel.title', { name })} onClose={() => setOpen(false)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <p>{t('cases.cancel.explain')}</p>
            {cancel.isError ? <ErrorNotice error={cancel.error} /> : null}
            <TextAreaField
              label={t('cases.cancel.reason')}
              error={missing ? t('cases.cancel.reasonMissing') : undefined}
              maxLength={1000}
              value={reason}
              onChange={setReason}
            />
            <div className="button-row">
              <button type="submit" className="button danger" aria-disabled={cancel.isPending}>
                {t('cases.cancel.submit')}
              </button>
            </div>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}

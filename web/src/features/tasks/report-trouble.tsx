import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { userTaskEndpoints, type UserTask } from '#contract/user-task.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';

/** Escalates from the task, by one of the escalations that its model catches. Nothing without one. */
export function ReportTrouble({ task }: { task: UserTask }): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [open, setOpen] = useState(false);
  const kinds = task.case?.escalations ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  /** The same trouble sent again after a failure is the same intention. */
  const intention = useRef(newIdempotencyKey());
  const report = useMutation({
    mutationFn: (escalationCode: string) =>
      call(
        userTaskEndpoints.escalateUserTask,
        { params: { userTaskKey: task.userTaskKey }, body: { escalationCode } },
        { idempotencyKey: intention.current },
      ),
    onSuccess: () => {
      intention.current = newIdempotencyKey();
      setOpen(false);
      say(t('tasks.trouble.done'));
      for (const topic of ['tasks', 'statistics', 'case']) void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
  const [first] = kinds;
  if (first === undefined) return null;
  const code = chosen ?? first.code;
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {t('tasks.trouble.button')}
      </button>
      {open ? (
        <Dialog title={t('tasks.trouble.title')} onClose={() => setOpen(false)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (!report.isPending) report.mutate(code);
            }}
          >
            {report.isError ? <ErrorNotice error={report.error} /> : null}
            <fieldset className="trouble-kinds">
              <legend>{t('tasks.trouble.explain')}</legend>
              {kinds.map((kind) => (
                <label key={kind.code} className="check">
                  <input
                    type="radio"
                    name="trouble"
                    checked={kind.code === code}
                    onChange={() => {
                      intention.current = newIdempotencyKey();
                      setChosen(kind.code);
                    }}
                  />{' '}
                  {kind.name ?? kind.code}
                </label>
              ))}
            </fieldset>
            <div className="button-row">
              <button type="submit" className="button primary" aria-disabled={report.isPending}>
                {report.isPending ? t('common.sending') : t('tasks.trouble.submit')}
              </button>
            </div>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}

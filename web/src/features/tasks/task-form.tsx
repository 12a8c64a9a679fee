import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput } from '#contract/client.ts';
import { userTaskEndpoints, type UserTask } from '#contract/user-task.ts';
import type { ChosenFiles, FormValues } from '../../components/form/form-host.ts';
import { SendingFiles } from '../../components/form/sending-files.tsx';
import { withSentFiles, type SendingState } from '../../components/form/sent-files.ts';
import { FormView } from '../../components/form/form-view.tsx';
import { ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { Uploads } from '../../lib/uploads.ts';
import { taskFormQuery } from './task-queries.ts';

type Variables = NonNullable<NonNullable<CallInput<typeof userTaskEndpoints.completeUserTask>['body']>['variables']>;

interface TaskFormProps {
  readonly task: UserTask;
  readonly editable: boolean;
  readonly onDone: (taskKey: string) => void;
}

const draftKey = (task: UserTask): readonly string[] => ['draft', task.userTaskKey];

export function TaskForm({ task, editable, onDone }: TaskFormProps): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useQuery({ ...taskFormQuery(task.userTaskKey), enabled: task.state === 'CREATED' });
  const { complete, sending } = useCompletion(task, onDone);
  // What was typed lives in memory only (it may name a citizen), until it is sent, discarded or somebody signs out.
  const [draft] = useState(() => cache.getQueryData<Record<string, unknown>>(draftKey(task)));
  const data = useMemo(() => ({ ...form.data?.data, ...(editable ? draft : undefined) }), [form.data, draft, editable]);
  if (task.state !== 'CREATED') return null;
  if (form.isPending) return <Loading label={t('form.loading')} />;
  if (form.isError) return <ErrorNotice error={form.error} onRetry={() => void form.refetch()} />;
  return (
    <section className="card" aria-label={t('tasks.formLabel')}>
      <div className="card-body stack">
        {draft !== undefined && editable ? (
          <Notice tone="info">
            <p>{t('tasks.draftRestored')}</p>
          </Notice>
        ) : null}
        {form.data === null ? (
          <FormlessTask
            editable={editable}
            busy={complete.isPending}
            error={complete.error}
            onSubmit={() => complete.mutate({ data: {}, files: [] })}
          />
        ) : (
          <FormView
            key={editable ? 'edit' : 'read'}
            schema={form.data.schema}
            data={data}
            readOnly={!editable}
            submitLabel={t('tasks.complete')}
            busy={complete.isPending}
            error={complete.error}
            onSubmit={(values, files) => complete.mutate({ data: values, files })}
            onChange={(values) => {
              if (editable) cache.setQueryData(draftKey(task), values);
            }}
          >
            {sending === null ? (
              <span className="small muted">{t('tasks.submitHint')}</span>
            ) : (
              <SendingFiles state={sending} />
            )}
          </FormView>
        )}
      </div>
    </section>
  );
}

interface FormlessTaskProps {
  readonly editable: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
}

function FormlessTask({ editable, busy, error, onSubmit }: FormlessTaskProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('tasks.noForm')}</p>
      {error === null ? null : <ErrorNotice error={error} />}
      {editable ? (
        <div className="button-row">
          <button type="button" className="button primary" disabled={busy} onClick={onSubmit}>
            {busy ? t('common.sending') : t('tasks.complete')}
          </button>
        </div>
      ) : null}
    </>
  );
}

interface Answers {
  readonly data: FormValues;
  readonly files: readonly ChosenFiles[];
}
/** Files first, then the answers that name them. */
function useCompletion(task: UserTask, onDone: (taskKey: string) => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  /** The same answers sent again are the same intention: same Idempotency-Key. */
  const intention = useRef({ text: '', key: '' });
  const [uploads] = useState(() => new Uploads(task.processInstanceKey));
  const [sending, setSending] = useState<SendingState | null>(null);
  const complete = useMutation({
    mutationFn: async ({ data, files }: Answers) => {
      const variables = (await withSentFiles(data, files, uploads, setSending)) as Variables;
      const text = JSON.stringify(variables);
      if (intention.current.text !== text) intention.current = { text, key: newIdempotencyKey() };
      return call(
        userTaskEndpoints.completeUserTask,
        { params: { userTaskKey: task.userTaskKey }, body: { variables } },
        { idempotencyKey: intention.current.key },
      );
    },
    onSuccess: () => {
      cache.removeQueries({ queryKey: draftKey(task) });
      say(t('tasks.done', { name: task.name ?? task.elementId }));
      onDone(task.userTaskKey);
      void cache.invalidateQueries({ queryKey: ['tasks'] });
      void cache.invalidateQueries({ queryKey: ['statistics'] });
      void cache.invalidateQueries({ queryKey: ['case', task.processInstanceKey] });
    },
    onError: () => void cache.invalidateQueries({ queryKey: ['tasks', 'one', task.userTaskKey] }),
    onSettled: () => setSending(null),
  });
  return { complete, sending };
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { userTaskEndpoints, type UserTask } from '#contract/user-task.ts';
import { mergeProcessId, PersonComparison } from '../../components/case/person-comparison.tsx';
import { CasePapers } from '../../components/papers/case-papers.tsx';
import { hasPapers } from '../../components/papers/paper-order.ts';
import { ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { ExactTime, RelativeTime } from '../../components/time-text.tsx';
import { useToast } from '../../components/toast.tsx';
import { call } from '../../lib/api.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useAccount } from '../../lib/session.tsx';
import { useShortcuts } from '../../lib/shortcuts.tsx';
import { elementName, groupNames, processName } from '../../lib/terms.ts';
import { CaseFacts } from './case-facts.tsx';
import { ReportTrouble } from './report-trouble.tsx';
import { TaskForm } from './task-form.tsx';
import { taskQuery } from './task-queries.ts';

interface TaskDetailProps {
  readonly taskKey: string;
  readonly listQuery: string;
  readonly onDone: (taskKey: string) => void;
}

export function TaskDetail({ taskKey, listQuery, onDone }: TaskDetailProps): ReactNode {
  const { t } = useTranslation();
  const { data: task, error, isPending, refetch } = useQuery(taskQuery(taskKey));
  return (
    <article className="task-detail" aria-label={task?.name ?? t('tasks.detail')}>
      <Link className="back-link" to={{ pathname: '/tasks', search: listQuery }}>
        ‹ {t('tasks.backToList')}
      </Link>
      {isPending ? <Loading /> : null}
      {task === undefined && error !== null ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {task === undefined ? null : <OpenTask task={task} onDone={onDone} />}
    </article>
  );
}

function OpenTask({ task, onDone }: { task: UserTask; onDone: (taskKey: string) => void }): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const claim = useAssignment(task);
  const isPaused = typeof task.case?.suspendedAt === 'string';
  const isOpen = task.state === 'CREATED' && task.case?.changing !== true && !isPaused;
  const isMine = isOpen && task.assignee === account.name;
  const mayClaim = isOpen && task.assignee === null && task.case?.claimable === true;
  const { mutate } = claim;
  useShortcuts(
    useMemo(
      () => (mayClaim ? [{ key: 'a', label: 'shortcuts.claim', run: () => mutate('claim') }] : []),
      [mayClaim, mutate],
    ),
  );
  return (
    <>
      <TaskHeader task={task} onRelease={isMine ? () => mutate('release') : null} busy={claim.isPending} />
      {claim.isError ? <ErrorNotice error={claim.error} /> : null}
      <div className="task-body">
        <div className="stack">
          <TaskState task={task} isMine={isMine} />
          {mayClaim ? (
            <section className="notice info claim-notice" aria-label={t('tasks.claim')}>
              <p>{t('tasks.claimHint')}</p>
              <div className="button-row">
                <button
                  type="button"
                  className="button primary"
                  disabled={claim.isPending}
                  onClick={() => mutate('claim')}
                >
                  {claim.isPending ? t('common.sending') : t('tasks.claim')}
                </button>
              </div>
            </section>
          ) : null}
          {task.processDefinitionId === mergeProcessId ? <PersonComparison caseKey={task.processInstanceKey} /> : null}
          <TaskForm task={task} editable={isMine} onDone={onDone} />
          {hasPapers(task.processDefinitionId) ? (
            <section className="card">
              <div className="card-body">
                <CasePapers
                  caseKey={task.processInstanceKey}
                  processDefinitionId={task.processDefinitionId}
                  region={task.case?.region ?? account.region}
                />
              </div>
            </section>
          ) : null}
          {isMine ? (
            <div className="button-row">
              <ReportTrouble task={task} />
            </div>
          ) : null}
        </div>
        <CaseFacts
          caseKey={task.processInstanceKey}
          rootKey={task.rootProcessInstanceKey}
          currentTask={task.userTaskKey}
        />
      </div>
    </>
  );
}

interface TaskHeaderProps {
  readonly task: UserTask;
  /** null: not mine to release. */
  readonly onRelease: (() => void) | null;
  readonly busy: boolean;
}

function TaskHeader({ task, onRelease, busy }: TaskHeaderProps): ReactNode {
  const { t } = useTranslation();
  const caseLink = `/cases/${task.rootProcessInstanceKey ?? task.processInstanceKey}`;
  return (
    <header className="task-header card">
      <div>
        <p className="task-case number">
          <Link to={caseLink}>{task.case?.businessKey ?? task.processInstanceKey}</Link>
        </p>
        <h2>{elementName(task.processDefinitionId, task.elementId, task.name)}</h2>
        <p className="small muted task-facts">
          <span>{processName(task.processDefinitionId, task.processName)}</span>
          {task.case?.regionName ? <span>{task.case.regionName}</span> : null}
          {task.dueDate === null ? null : (
            <span>
              {t('tasks.due')} <RelativeTime iso={task.dueDate} /> (<ExactTime iso={task.dueDate} />)
            </span>
          )}
          {task.case?.overdue === true ? <span className="badge bad">{t('tasks.overdue')}</span> : null}
        </p>
      </div>
      <div className="button-row">
        {onRelease === null ? null : (
          <button type="button" className="button" disabled={busy} onClick={onRelease}>
            {t('tasks.release')}
          </button>
        )}
        <Link className="button" to={caseLink}>
          {t('tasks.seeCase')}
        </Link>
      </div>
    </header>
  );
}

/** Says why the form cannot be worked on, and who can. */
function TaskState({ task, isMine }: { task: UserTask; isMine: boolean }): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  if (task.state === 'COMPLETED') {
    return (
      <Notice tone="good" title={t('tasks.isCompleted')}>
        <p>
          {t('tasks.completedBy', { name: task.case?.completedBy ?? task.assignee ?? '' })}{' '}
          {task.completionDate === null ? null : <ExactTime iso={task.completionDate} />}
        </p>
      </Notice>
    );
  }
  if (task.state === 'CANCELED') {
    return (
      <Notice tone="warn" title={t('tasks.isCanceled')}>
        <p>{t('tasks.isCanceledHint')}</p>
      </Notice>
    );
  }
  if (typeof task.case?.suspendedAt === 'string') return <PausedTask since={task.case.suspendedAt} />;
  if (task.state === 'CREATING' || task.case?.changing === true) {
    return (
      <Notice tone="info" title={t('tasks.changing')}>
        <p>{t('tasks.changingHint')}</p>
      </Notice>
    );
  }
  if (task.case?.excludedUsers.includes(account.name) === true) {
    return (
      <Notice tone="warn" title={t('tasks.fourEyes')}>
        <p>{t('tasks.fourEyesHint')}</p>
      </Notice>
    );
  }
  return isMine ? null : <NotMine task={task} />;
}

/** Whose task it is, when it is nobody's here. */
function NotMine({ task }: { task: UserTask }): ReactNode {
  const { t } = useTranslation();
  if (task.assignee !== null) {
    return (
      <Notice tone="info" title={t('tasks.takenBy', { name: task.assignee })}>
        <p>{t('tasks.takenHint')}</p>
      </Notice>
    );
  }
  if (task.case?.claimable !== false) return null;
  return (
    <Notice tone="info" title={t('tasks.notForYou')}>
      <p>{t('tasks.notForYouHint', { groups: groupNames(task.candidateGroups) })}</p>
    </Notice>
  );
}

/** Its case is held by a supervisor. */
function PausedTask({ since }: { since: string }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <Notice tone="warn" title={t('tasks.paused')}>
      <p>{t('tasks.pausedHint', { since: formatDateTime(since, i18n.language) })}</p>
    </Notice>
  );
}

function useAssignment(task: UserTask) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: (action: 'claim' | 'release') =>
      action === 'claim'
        ? call(userTaskEndpoints.assignUserTask, { params: { userTaskKey: task.userTaskKey }, body: {} })
        : call(userTaskEndpoints.unassignUserTask, { params: { userTaskKey: task.userTaskKey } }),
    onSuccess: (_, action) => say(t(action === 'claim' ? 'tasks.claimed' : 'tasks.released')),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ['tasks'] });
      void cache.invalidateQueries({ queryKey: ['statistics'] });
      void cache.invalidateQueries({ queryKey: ['case', task.processInstanceKey] });
    },
  });
}

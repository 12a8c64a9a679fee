import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { UserTask } from '#contract/user-task.ts';
import { RelativeTime } from '../../components/time-text.tsx';
import { elementName, groupNames } from '../../lib/terms.ts';

interface TaskListProps {
  readonly tasks: readonly UserTask[];
  readonly selectedKey: string | null;
  /** Query string kept on every link, so that "back" finds the same list. */
  readonly query: string;
  readonly account: string;
}

export function TaskList({ tasks, selectedKey, query, account }: TaskListProps): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="task-list" aria-label={t('tasks.list')}>
      {tasks.map((task) => (
        <li key={task.userTaskKey}>
          <Link
            to={{ pathname: `/tasks/${task.userTaskKey}`, search: query }}
            className="task-row"
            aria-current={task.userTaskKey === selectedKey ? 'true' : undefined}
            data-task={task.userTaskKey}
          >
            <TaskRow task={task} account={account} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function TaskRow({ task, account }: { task: UserTask; account: string }): ReactNode {
  const { t } = useTranslation();
  const place = task.case?.regionName?.split(',')[0] ?? task.case?.region ?? '';
  return (
    <>
      <span className="task-number number">{task.case?.businessKey ?? t('tasks.noNumber')}</span>
      <span className="task-name">{elementName(task.processDefinitionId, task.elementId, task.name)}</span>
      <span className="task-meta small">
        {place === '' ? null : <span>{place}</span>}
        <TaskHolder task={task} account={account} />
      </span>
      <span className="task-due small">
        {typeof task.case?.suspendedAt === 'string' ? (
          <span className="badge warn">{t('tasks.pausedBadge')}</span>
        ) : null}
        {task.case?.overdue === true ? <span className="badge bad">{t('tasks.overdue')}</span> : null}
        <TaskTime task={task} />
      </span>
    </>
  );
}

function TaskTime({ task }: { task: UserTask }): ReactNode {
  const { t } = useTranslation();
  if (task.completionDate !== null) {
    return (
      <span>
        {t('tasks.completed')} <RelativeTime iso={task.completionDate} />
      </span>
    );
  }
  if (task.dueDate === null) {
    return (
      <span className="muted">
        {t('tasks.created')} <RelativeTime iso={task.creationDate} />
      </span>
    );
  }
  return (
    <span>
      {t('tasks.due')} <RelativeTime iso={task.dueDate} />
    </span>
  );
}

function TaskHolder({ task, account }: { task: UserTask; account: string }): ReactNode {
  const { t } = useTranslation();
  if (task.assignee === account) return <span>{t('tasks.byMe')}</span>;
  if (task.assignee !== null) return <span>{t('tasks.byOther', { name: task.assignee })}</span>;
  return <span>{groupNames(task.candidateGroups)}</span>;
}

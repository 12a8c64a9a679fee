import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { useAccount } from '../../lib/session.tsx';
import { useShortcuts } from '../../lib/shortcuts.tsx';
import { statisticsQuery } from '../../lib/statistics-query.ts';
import { useUrlFilters } from '../../lib/url-filters.ts';
import { TaskDetail } from './task-detail.tsx';
import { TaskList } from './task-list.tsx';
import {
  isTaskSort,
  isTaskView,
  taskListQuery,
  tasksPerPage,
  taskSorts,
  taskViews,
  type TaskFilters,
  type TaskView,
} from './task-queries.ts';
import './tasks.css';

export function TasksPage(): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const { taskKey = null } = useParams();
  const navigate = useNavigate();
  const { get, set, query } = useUrlFilters();
  const filters = useMemo(() => filtersOf(get), [get]);
  const list = useQuery(taskListQuery(filters, account.name));
  const tasks = useMemo(() => list.data?.items ?? [], [list.data]);
  /** Ahead of the drawn page by a moment: keys pressed in a row must each move one row. */
  const chosen = useRef(taskKey);
  useEffect(() => {
    chosen.current = taskKey;
  }, [taskKey]);
  const open = useCallback(
    (key: string | null) => {
      chosen.current = key;
      void navigate({ pathname: key === null ? '/tasks' : `/tasks/${key}`, search: query }, { flushSync: true });
    },
    [navigate, query],
  );
  const step = useCallback(
    (distance: 1 | -1) => {
      const at = tasks.findIndex((task) => task.userTaskKey === chosen.current);
      const next = tasks[at === -1 ? 0 : at + distance];
      if (next === undefined) return;
      open(next.userTaskKey);
      document.querySelector<HTMLElement>(`[data-task="${next.userTaskKey}"]`)?.focus();
    },
    [tasks, open],
  );
  useShortcuts(
    useMemo(
      () => [
        { key: 'j', label: 'shortcuts.next', run: () => step(1) },
        { key: 'k', label: 'shortcuts.previous', run: () => step(-1) },
        { key: 'u', label: 'shortcuts.backToList', run: () => open(null) },
      ],
      [step, open],
    ),
  );
  /** The task after the finished one, from the list as the person sees it. */
  const openNext = useCallback(
    (doneKey: string) => {
      const at = tasks.findIndex((task) => task.userTaskKey === doneKey);
      const rest = tasks.filter((task) => task.userTaskKey !== doneKey);
      open((rest[Math.min(Math.max(at, 0), rest.length - 1)] ?? null)?.userTaskKey ?? null);
    },
    [tasks, open],
  );
  return (
    <div className={taskKey === null ? 'tasks-page' : 'tasks-page has-task'}>
      <div className="tasks-head">
        <PageHeader title={t('tasks.title')} />
        <TaskViews view={filters.view} />
      </div>
      <div className="tasks-split">
        <section className="card tasks-column" aria-label={t(`tasks.views.${filters.view}`)}>
          <TaskFilterBar filters={filters} onChange={set} />
          {list.isPending ? <Loading /> : null}
          {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
          {list.data === undefined ? null : tasks.length === 0 ? (
            <NoTasks filters={filters} onClear={() => set({ q: null, name: null, page: null })} />
          ) : (
            <>
              <TaskList tasks={tasks} selectedKey={taskKey} query={query} account={account.name} />
              <Pager
                page={filters.page}
                perPage={tasksPerPage}
                total={list.data.page.totalItems}
                more={list.data.page.hasMoreTotalItems}
                onPage={(page) => set({ page: page === 0 ? null : String(page) })}
              />
            </>
          )}
        </section>
        <div className="task-column">
          {taskKey === null ? (
            <div className="card no-task">
              <Empty title={t('tasks.choose')}>
                <p>{t('tasks.chooseHint')}</p>
              </Empty>
            </div>
          ) : (
            <TaskDetail key={taskKey} taskKey={taskKey} listQuery={query} onDone={openNext} />
          )}
        </div>
      </div>
    </div>
  );
}

function filtersOf(get: (name: string) => string): TaskFilters {
  const view = get('view');
  const sort = get('sort');
  const page = Number(get('page'));
  return {
    view: isTaskView(view) ? view : 'mine',
    number: get('q'),
    name: get('name'),
    sort: isTaskSort(sort) ? sort : 'due',
    page: Number.isInteger(page) && page > 0 ? page : 0,
  };
}

function TaskViews({ view }: { view: TaskView }): ReactNode {
  const { t } = useTranslation();
  const statistics = useQuery(statisticsQuery());
  const mine = statistics.data?.mine;
  const counts: Readonly<Record<TaskView, number | undefined>> = {
    mine: mine?.assigned,
    available: mine?.claimable,
    overdue: mine?.overdue,
    done: undefined,
  };
  return (
    <nav className="tabs" aria-label={t('tasks.viewsLabel')}>
      {taskViews.map((name) => (
        <Link
          key={name}
          to={{ pathname: '/tasks', search: `view=${name}` }}
          aria-current={name === view ? 'page' : undefined}
        >
          {t(`tasks.views.${name}`)}
          {counts[name] === undefined ? null : (
            <span className={name === 'overdue' && counts[name] > 0 ? 'count bad' : 'count'}>{counts[name]}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

interface FilterBarProps {
  readonly filters: TaskFilters;
  readonly onChange: (values: Readonly<Record<string, string | null>>) => void;
}

/** Typing pauses this long before the list is asked again. */
const typingPauseMs = 350;

function TaskFilterBar({ filters, onChange }: FilterBarProps): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ number: filters.number, name: filters.name });
  useEffect(() => {
    if (typed.number === filters.number && typed.name === filters.name) return;
    const timer = setTimeout(() => onChange({ q: typed.number, name: typed.name, page: null }), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, filters.number, filters.name, onChange]);
  return (
    <search className="filters task-filters">
      <Field label={t('tasks.filter.number')}>
        {({ id }) => (
          <input
            id={id}
            className="input"
            type="search"
            value={typed.number}
            onChange={(event) => setTyped((before) => ({ ...before, number: event.target.value }))}
          />
        )}
      </Field>
      <Field label={t('tasks.filter.name')}>
        {({ id }) => (
          <input
            id={id}
            className="input"
            type="search"
            value={typed.name}
            onChange={(event) => setTyped((before) => ({ ...before, name: event.target.value }))}
          />
        )}
      </Field>
      {filters.view === 'done' ? null : (
        <Field label={t('tasks.filter.sort')}>
          {({ id }) => (
            <select
              id={id}
              className="input"
              value={filters.sort}
              onChange={(event) => onChange({ sort: event.target.value, page: null })}
            >
              {taskSorts.map((sort) => (
                <option key={sort} value={sort}>
                  {t(`tasks.sort.${sort}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </search>
  );
}

function NoTasks({ filters, onClear }: { filters: TaskFilters; onClear: () => void }): ReactNode {
  const { t } = useTranslation();
  if (filters.number !== '' || filters.name !== '') {
    return (
      <Empty title={t('tasks.noMatch')}>
        <p>{t('tasks.noMatchHint')}</p>
        <button type="button" className="button" onClick={onClear}>
          {t('common.clearFilters')}
        </button>
      </Empty>
    );
  }
  return (
    <Empty title={t(`tasks.empty.${filters.view}`)}>
      <p>{t(`tasks.emptyHint.${filters.view}`)}</p>
      {filters.view === 'mine' ? (
        <p>
          <Link to="/tasks?view=available">{t('tasks.seeAvailable')}</Link>
        </p>
      ) : null}
    </Empty>
  );
}

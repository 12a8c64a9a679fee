/** The inbox: one filter object makes the list; counts come from statistics, cut by the same rules on the server. */
import { queryOptions, keepPreviousData } from '@tanstack/react-query';
import type { CallInput } from '#contract/client.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import { call } from '../../lib/api.ts';
import { contains } from '../../lib/contains.ts';
import { listPollMs } from '../../lib/live.ts';

export const taskViews = ['mine', 'available', 'overdue', 'done'] as const;
export type TaskView = (typeof taskViews)[number];
export const taskSorts = ['due', 'newest', 'oldest', 'priority'] as const;
export type TaskSort = (typeof taskSorts)[number];

export interface TaskFilters {
  readonly view: TaskView;
  /** Part of the case number. */
  readonly number: string;
  /** Part of the task's name. */
  readonly name: string;
  readonly sort: TaskSort;
  readonly page: number;
}
export const tasksPerPage = 50;

type SearchBody = NonNullable<CallInput<typeof userTaskEndpoints.searchUserTasks>['body']>;
type Filter = NonNullable<SearchBody['filter']>;
type Sort = NonNullable<SearchBody['sort']>;

export function isTaskView(value: string): value is TaskView {
  return taskViews.some((view) => view === value);
}
export function isTaskSort(value: string): value is TaskSort {
  return taskSorts.some((sort) => sort === value);
}

function viewFilter(view: TaskView, account: string): Filter {
  switch (view) {
    case 'mine':
      return { state: 'CREATED', assignee: account };
    case 'available':
      return { state: 'CREATED', assignee: { $exists: false }, mine: true };
    case 'overdue':
      return { state: 'CREATED', mine: true, overdue: true };
    case 'done':
      return { state: 'COMPLETED', assignee: account };
  }
}

function sortOf(view: TaskView, sort: TaskSort): Sort {
  if (view === 'done') return [{ field: 'completionDate', order: 'DESC' }];
  switch (sort) {
    case 'due':
      return [
        { field: 'dueDate', order: 'ASC' },
        { field: 'creationDate', order: 'ASC' },
      ];
    case 'newest':
      return [{ field: 'creationDate', order: 'DESC' }];
    case 'oldest':
      return [{ field: 'creationDate', order: 'ASC' }];
    case 'priority':
      return [
        { field: 'priority', order: 'DESC' },
        { field: 'dueDate', order: 'ASC' },
      ];
  }
}

export function taskSearch(filters: TaskFilters, account: string): SearchBody {
  const filter: Filter = viewFilter(filters.view, account);
  if (filters.number.trim() !== '') filter.businessKey = contains(filters.number);
  if (filters.name.trim() !== '') filter.name = contains(filters.name);
  return {
    filter,
    sort: sortOf(filters.view, filters.sort),
    page: { from: filters.page * tasksPerPage, limit: tasksPerPage },
    include: ['case'],
  };
}

export const taskListQuery = (filters: TaskFilters, account: string) =>
  queryOptions({
    queryKey: ['tasks', 'list', filters, account],
    queryFn: ({ signal }) =>
      call(userTaskEndpoints.searchUserTasks, { body: taskSearch(filters, account) }, { signal }),
    refetchInterval: listPollMs,
    placeholderData: keepPreviousData,
  });

export const taskQuery = (userTaskKey: string) =>
  queryOptions({
    queryKey: ['tasks', 'one', userTaskKey],
    queryFn: ({ signal }) =>
      call(userTaskEndpoints.getUserTask, { params: { userTaskKey }, query: { include: 'case' } }, { signal }),
    // While listeners are asked there is nothing to be typed, only to wait for.
    refetchInterval: ({ state }) => (state.data?.case?.changing === true ? listPollMs : false),
  });

/** The form and its data are read once per opening: a refresh must not overwrite what is being typed. */
export const taskFormQuery = (userTaskKey: string) =>
  queryOptions({
    queryKey: ['taskForm', userTaskKey],
    queryFn: ({ signal }) =>
      call(userTaskEndpoints.getUserTaskForm, { params: { userTaskKey }, query: { data: 'true' } }, { signal }).then(
        (form) => form ?? null,
      ),
    staleTime: Infinity,
    gcTime: 0,
  });

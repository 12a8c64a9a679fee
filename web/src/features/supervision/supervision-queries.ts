/** The supervisor's lists. One filter object makes the list and the numbers that link to it. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { CallInput } from '#contract/client.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { call } from '../../lib/api.ts';
import { contains } from '../../lib/contains.ts';
import { listPollMs } from '../../lib/live.ts';

export const caseListStates = ['open', 'ended', 'all'] as const;
export type CaseListState = (typeof caseListStates)[number];

export interface CaseFilters {
  readonly number: string;
  readonly process: string;
  readonly element: string;
  readonly waitingFor: string;
  readonly end: string;
  readonly state: CaseListState;
  readonly overdue: boolean;
  readonly incident: boolean;
  readonly suspended: boolean;
  readonly page: number;
}
export const casesPerPage = 50;
/** Incidents shown at once; a larger outage is retried group by group. */
export const mostIncidents = 500;

type SearchBody = NonNullable<CallInput<typeof processInstanceEndpoints.searchProcessInstances>['body']>;
type Filter = NonNullable<SearchBody['filter']>;

export function caseFiltersOf(get: (name: string) => string): CaseFilters {
  const state = get('state');
  const page = Number(get('page'));
  return {
    number: get('q'),
    process: get('process'),
    element: get('element'),
    waitingFor: get('for'),
    end: get('end'),
    state: caseListStates.find((known) => known === state) ?? (get('end') === '' ? 'open' : 'ended'),
    overdue: get('overdue') === '1',
    incident: get('incident') === '1',
    suspended: get('suspended') === '1',
    page: Number.isInteger(page) && page > 0 ? page : 0,
  };
}

/** Called processes are part of their case: they are listed apart only when the question is about what happens inside them. */
function looksInside(filters: CaseFilters): boolean {
  return (
    filters.element !== '' || filters.waitingFor !== '' || filters.process !== '' || filters.overdue || filters.incident
  );
}

export function caseSearch(filters: CaseFilters): SearchBody {
  const filter: Filter = {};
  if (filters.number.trim() !== '') filter.businessId = contains(filters.number);
  if (filters.process !== '') filter.processDefinitionId = filters.process;
  if (filters.element !== '') filter.elementId = filters.element;
  if (filters.waitingFor !== '') filter.waitingFor = filters.waitingFor;
  if (filters.end !== '') filter.endElement = filters.end;
  if (filters.overdue) filter.overdue = true;
  if (filters.incident) filter.hasIncident = true;
  if (filters.suspended) filter.suspended = true;
  if (filters.state === 'open') filter.state = 'ACTIVE';
  if (filters.state === 'ended') filter.state = { $in: ['COMPLETED', 'TERMINATED'] };
  if (!looksInside(filters)) filter.parentProcessInstanceKey = { $exists: false };
  return {
    filter,
    sort: [filters.state === 'open' ? { field: 'startDate', order: 'ASC' } : { field: 'startDate', order: 'DESC' }],
    page: { from: filters.page * casesPerPage, limit: casesPerPage },
    include: ['case'],
  };
}

export const caseListQuery = (filters: CaseFilters) =>
  queryOptions({
    queryKey: ['cases', 'list', filters],
    queryFn: ({ signal }) =>
      call(processInstanceEndpoints.searchProcessInstances, { body: caseSearch(filters) }, { signal }),
    refetchInterval: listPollMs,
    placeholderData: keepPreviousData,
  });

export const incidentListQuery = () =>
  queryOptions({
    queryKey: ['incidents', 'open'],
    queryFn: ({ signal }) =>
      call(
        incidentEndpoints.searchIncidents,
        {
          body: {
            filter: { state: 'ACTIVE' },
            sort: [{ field: 'creationTime', order: 'ASC' }],
            page: { limit: mostIncidents },
            include: ['case'],
          },
        },
        { signal },
      ),
    refetchInterval: listPollMs,
  });

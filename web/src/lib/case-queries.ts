/** Reads about one case, shared by the features that show it. Keys begin with the topic that lib/live.ts refreshes. */
import { queryOptions } from '@tanstack/react-query';
import { caseEndpoints } from '#contract/case.ts';
import { comparisonEndpoints } from '#contract/comparison.ts';
import { documentEndpoints } from '#contract/document.ts';
import { fileEndpoints } from '#contract/file.ts';
import { historyEndpoints } from '#contract/history.ts';
import { jobEndpoints } from '#contract/job.ts';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import { repairEndpoints } from '#contract/repair.ts';
import { subjectEndpoints } from '#contract/subject.ts';
import { variableEndpoints } from '#contract/variable.ts';
import { call } from './api.ts';
import { listPollMs } from './live.ts';

const mostVariables = 200;
const mostOpen = 50;

export const caseQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'header'],
    queryFn: ({ signal }) => call(caseEndpoints.getCase, { params: { caseKey } }, { signal }),
    refetchInterval: listPollMs,
  });

export const timelineQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'timeline'],
    queryFn: ({ signal }) =>
      call(caseEndpoints.getCaseTimeline, { params: { caseKey }, query: { limit: 2_000 } }, { signal }),
    refetchInterval: listPollMs,
  });

/** The case after that fact: it never changes. */
export const momentQuery = (caseKey: string, factNumber: number) =>
  queryOptions({
    queryKey: ['moment', caseKey, factNumber],
    queryFn: ({ signal }) => call(historyEndpoints.getCaseMoment, { params: { caseKey, factNumber } }, { signal }),
    staleTime: Infinity,
  });

export const decisionsQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'decisions'],
    queryFn: ({ signal }) => call(caseEndpoints.getCaseDecisions, { params: { caseKey } }, { signal }),
  });

export const comparisonQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'comparison'],
    queryFn: ({ signal }) => call(comparisonEndpoints.getComparison, { params: { caseKey } }, { signal }),
  });

/** Papers that were issued from a case and those that it called. */
export const papersQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'papers'],
    queryFn: ({ signal }) => call(documentEndpoints.listDocuments, { query: { caseKey } }, { signal }),
  });
/** Photos and other files of a case and those that it called. */
export const filesQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'files'],
    queryFn: ({ signal }) => call(fileEndpoints.listCaseFiles, { params: { caseKey } }, { signal }),
  });

export const subjectCopiesQuery = (subjectKey: string) =>
  queryOptions({
    queryKey: ['case', 'copies', subjectKey],
    queryFn: ({ signal }) => call(subjectEndpoints.listSubjectCopies, { params: { subjectKey } }, { signal }),
  });

export const variablesQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'variables'],
    queryFn: ({ signal }) =>
      call(
        variableEndpoints.searchVariables,
        {
          query: {},
          body: {
            filter: { processInstanceKey: caseKey, scopeKey: caseKey },
            sort: [{ field: 'name', order: 'ASC' }],
            page: { limit: mostVariables },
          },
        },
        { signal },
      ),
  });

/** What runs in the case and could be changed by hand. */
export const openTimersQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'timers'],
    queryFn: ({ signal }) =>
      call(
        repairEndpoints.searchTimers,
        { body: { filter: { processInstanceKey: caseKey, state: 'ACTIVE' }, page: { limit: mostOpen } } },
        { signal },
      ),
    refetchInterval: listPollMs,
  });
export const openJobsQuery = (caseKey: string) =>
  queryOptions({
    queryKey: ['case', caseKey, 'jobs'],
    queryFn: ({ signal }) =>
      call(
        jobEndpoints.searchJobs,
        {
          body: {
            filter: { processInstanceKey: caseKey, state: { $in: ['CREATED', 'FAILED'] } },
            page: { limit: mostOpen },
          },
        },
        { signal },
      ),
    refetchInterval: listPollMs,
  });

export const subjectQuery = (subjectKey: string) =>
  queryOptions({
    queryKey: ['subject', subjectKey],
    queryFn: ({ signal }) => call(subjectEndpoints.getSubject, { params: { subjectKey } }, { signal }),
  });

/** Published versions never change. */
export const definitionXmlQuery = (processDefinitionKey: string) =>
  queryOptions({
    queryKey: ['definitionXml', processDefinitionKey],
    queryFn: ({ signal }) =>
      call(processDefinitionEndpoints.getProcessDefinitionXml, { params: { processDefinitionKey } }, { signal }),
    staleTime: Infinity,
  });

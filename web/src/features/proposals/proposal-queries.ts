import { queryOptions } from '@tanstack/react-query';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import { proposalEndpoints } from '#contract/proposal.ts';
import { call } from '../../lib/api.ts';

const mostProcesses = 100;
const importPollMs = 1_000;

/** Processes a person can start from a form. */
export const startableQuery = () =>
  queryOptions({
    queryKey: ['definitions', 'startable'],
    queryFn: ({ signal }) =>
      call(
        processDefinitionEndpoints.searchProcessDefinitions,
        {
          body: {
            filter: { isLatestVersion: true, hasStartForm: true },
            sort: [{ field: 'processDefinitionId', order: 'ASC' }],
            page: { limit: mostProcesses },
          },
        },
        { signal },
      ),
  });

export const startFormQuery = (processDefinitionKey: string) =>
  queryOptions({
    queryKey: ['startForm', processDefinitionKey],
    queryFn: ({ signal }) =>
      call(processDefinitionEndpoints.getProcessDefinitionForm, { params: { processDefinitionKey } }, { signal }).then(
        (form) => form ?? null,
      ),
    staleTime: Infinity,
  });

/** Both ask every second while an import runs. */
export const importsQuery = () =>
  queryOptions({
    queryKey: ['imports', 'list'],
    queryFn: ({ signal }) => call(proposalEndpoints.listImports, { query: { limit: 20 } }, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((run) => run.state === 'RUNNING') === true ? importPollMs : false,
  });

export const importQuery = (importKey: string) =>
  queryOptions({
    queryKey: ['imports', 'one', importKey],
    queryFn: ({ signal }) => call(proposalEndpoints.getImport, { params: { importKey } }, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'RUNNING' ? importPollMs : false),
  });

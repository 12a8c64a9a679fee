import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { migrationEndpoints, type ImpactAnswer } from '#contract/migration.ts';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import { call } from '../../lib/api.ts';

const mostDefinitions = 200;

export const latestDefinitionsQuery = () =>
  queryOptions({
    queryKey: ['definitions', 'latest'],
    queryFn: ({ signal }) =>
      call(
        processDefinitionEndpoints.searchProcessDefinitions,
        {
          body: {
            filter: { isLatestVersion: true },
            sort: [{ field: 'processDefinitionId', order: 'ASC' }],
            page: { limit: mostDefinitions },
            include: ['statistics'],
          },
        },
        { signal },
      ),
  });

export const versionsQuery = (processDefinitionId: string) =>
  queryOptions({
    queryKey: ['definitions', 'versions', processDefinitionId],
    queryFn: ({ signal }) =>
      call(
        processDefinitionEndpoints.searchProcessDefinitions,
        {
          body: {
            filter: { processDefinitionId },
            sort: [{ field: 'version', order: 'DESC' }],
            page: { limit: mostDefinitions },
            include: ['statistics', 'lifecycle'],
          },
        },
        { signal },
      ),
  });

export const admissionQuery = (processDefinitionKey: string) =>
  queryOptions({
    queryKey: ['definitions', 'admission', processDefinitionKey],
    queryFn: ({ signal }) =>
      call(processDefinitionEndpoints.getProcessDefinitionAdmission, { params: { processDefinitionKey } }, { signal }),
    staleTime: Infinity,
  });

/** Who publishes a table here wants the processes that use it to follow: they come along, to be checked as to be published. */
export const withDependents = { dependents: 'true' } as const;

export type Mapping = ImpactAnswer['mappingInstructions'];

/** @param mapping null: as it is proposed */
export const impactQuery = (source: string, target: string, mapping: Mapping | null) =>
  queryOptions({
    queryKey: ['definitions', 'impact', source, target, mapping],
    queryFn: ({ signal }) =>
      call(
        migrationEndpoints.getImpact,
        {
          params: { processDefinitionKey: source },
          body: {
            targetProcessDefinitionKey: target,
            ...(mapping === null ? {} : { mappingInstructions: mapping }),
            page: { from: 0, limit: 0 },
          },
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });

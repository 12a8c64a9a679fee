/** Batch operations, and what became of their items. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { batchOperationEndpoints } from '#contract/batch-operation.ts';
import { call } from '../../lib/api.ts';

/** A batch that runs is looked at more often than a list of cases. */
const pollMs = 2_000;
const mostBatches = 50;
const mostItems = 100;

export const batchListQuery = () =>
  queryOptions({
    queryKey: ['batches', 'list'],
    queryFn: ({ signal }) =>
      call(batchOperationEndpoints.searchBatchOperations, { body: { page: { limit: mostBatches } } }, { signal }),
    refetchInterval: pollMs,
  });
export const batchQuery = (batchOperationKey: string) =>
  queryOptions({
    queryKey: ['batches', batchOperationKey],
    queryFn: ({ signal }) =>
      call(batchOperationEndpoints.getBatchOperation, { params: { batchOperationKey } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.endDate ? false : pollMs),
  });
export const batchItemsQuery = (batchOperationKey: string) =>
  queryOptions({
    queryKey: ['batches', batchOperationKey, 'items'],
    queryFn: ({ signal }) =>
      call(
        batchOperationEndpoints.searchBatchOperationItems,
        {
          body: {
            filter: { batchOperationKey },
            // FAILED comes before the other states that ended, whichever way it is spelt.
            sort: [{ field: 'state', order: 'DESC' }],
            page: { limit: mostItems },
          },
        },
        { signal },
      ),
    refetchInterval: pollMs,
    placeholderData: keepPreviousData,
  });

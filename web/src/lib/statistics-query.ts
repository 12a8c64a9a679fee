import { queryOptions } from '@tanstack/react-query';
import { statisticsEndpoints } from '#contract/statistics.ts';
import { call } from './api.ts';
import { listPollMs } from './live.ts';

/** Counts for tabs, badges and the supervisor's numbers: one question for all of them. */
export const statisticsQuery = () =>
  queryOptions({
    queryKey: ['statistics'],
    queryFn: ({ signal }) => call(statisticsEndpoints.getStatistics, { query: {} }, { signal }),
    refetchInterval: listPollMs,
  });

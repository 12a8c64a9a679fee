/** Counts. */
import type { statisticsEndpoints } from '#contract/statistics.ts';
import {
  countByElement,
  countByProcess,
  countEndings,
  countIncidents,
  countMine,
  countTotals,
} from '#db/queries/statistics.ts';
import type { HandlersOf } from '../handler.ts';

export const statisticsHandlers: HandlersOf<typeof statisticsEndpoints> = {
  getStatistics: async ({ caller, query, db }) =>
    db(async (client) => {
      const { region } = query;
      return {
        ...(await countTotals(client, region)),
        byProcess: await countByProcess(client, region),
        byElement: await countByElement(client, region),
        incidentsByCode: await countIncidents(client, region),
        endings: await countEndings(client, region),
        mine: await countMine(client, caller.account.name, caller.account.groups),
      };
    }),
};

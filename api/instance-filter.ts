/** The filter over process instances as the API takes it, for the database: the same in lists and in batch operations. */
import type { z } from 'zod';
import type { processInstanceFilter } from '#contract/process-instance.ts';
import type { InstanceFilter } from '#db/queries/instances.ts';

export function instanceFilterOf(filter: z.output<typeof processInstanceFilter>): InstanceFilter {
  const {
    tenantId: _,
    elementId,
    errorMessage,
    hasIncident,
    region,
    endElement,
    overdue,
    suspended,
    waitingFor,
    ...columns
  } = filter;
  return { columns, elementId, errorMessage, hasIncident, region, endElement, overdue, suspended, waitingFor };
}

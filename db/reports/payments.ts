/** What was allocated for the period and what became of it; the books close when allocated = paid + returned + pending. */
import { settledHelp } from '../registry/deliveries.ts';
import { amount, count } from './report.ts';
import type { Report } from './report.ts';

export const payments: Report = {
  dimensions: ['period', 'programme', 'source'],
  figures: [
    count('allocated'),
    count('paid', "state = 'PAID'"),
    count('returned', "state = 'RETURNED'"),
    count('pending', "state = 'RESERVED'"),
    count('wrong', 'allocated <> recorded'),
    amount('allocatedAmount', 'allocated'),
    amount('paidAmount', 'recorded', "state = 'PAID'"),
    amount('returnedAmount', 'recorded', "state = 'RETURNED'"),
    amount('pendingAmount', 'recorded', "state = 'RESERVED'"),
    amount('difference', 'allocated - recorded', 'allocated <> recorded'),
  ],
  chart: 'paid',
  order: 'period, programme, source',
  entries: (query) => `
    select h.key::text as ref, p.instance_key as case_key, h.proposal_number as number, h.person_key, h.region, h.period, h.programme, h.source,
           h.state, h.allocated, h.recorded
      from (${settledHelp}) h left join proposal p on p.number = h.proposal_number
     where ${query.meets('h.months')} and ${query.below('h.region')}`,
};

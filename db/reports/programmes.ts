/** Who has help of which programme out of which funds in months of the period: the state's, the province's, the district's, the village's. */
import { amount, count } from './report.ts';
import type { Report } from './report.ts';

export const programmes: Report = {
  dimensions: ['source', 'programme'],
  figures: [
    count('recipients'),
    count('paid', "state = 'PAID'"),
    count('reserved', "state = 'RESERVED'"),
    amount('paidAmount', 'amount', "state = 'PAID'"),
    amount('reservedAmount', 'amount', "state = 'RESERVED'"),
  ],
  chart: 'recipients',
  order: "array_position(array['APBN', 'APBD_PROV', 'APBD_KAB', 'APBDES'], source), programme",
  entries: (query) => `
    select h.unit || h.recipient_key as ref, p.instance_key as case_key, h.proposal_number as number, h.person_key, h.region, h.source, h.programme,
           h.state, h.amount
      from participation h left join proposal p on p.number = h.proposal_number
     where h.state in ('RESERVED', 'PAID') and ${query.meets('h.months')} and ${query.below('h.region')}`,
};

/**
 * What came back in the period, from where and why: steps at which somebody has to mend a case, items that a list of the district, the
 * ministry or the province sent back or refused, and help that could not be handed over. Reasons are codes; what people wrote is not told.
 */
import { count } from './report.ts';
import type { Report } from './report.ts';

export const returns: Report = {
  dimensions: ['step', 'reason'],
  figures: [
    count('returned', 'not refused'),
    count('mended', 'mended'),
    count('waiting', 'not refused and mended = false'),
    count('refused', 'refused'),
  ],
  chart: 'returned',
  order: 'count(distinct ref) desc, step, reason',
  entries: (query) => `
    select coalesce(t.business_key, t.instance_key::text) as ref, t.instance_key as case_key, t.business_key as number, null::bigint as person_key, t.region,
           t.process_id || '/' || t.element_id as step, '' as reason, false as refused, t.state = 'COMPLETED' as mended
      from user_task t join ${query.stages()} on s.process_id = t.process_id and s.element_id = t.element_id
     where s.status = 'perlu-perbaikan' and ${query.during('t.created_at')} and ${query.below('t.region')}
    union all
    select c.number, p.instance_key, c.number, null, c.region, coalesce(b.process_id, ''), coalesce(c.result ->> 'kode', ''),
           c.result ->> 'hasil' in ('TOLAK', 'DITOLAK'), null
      from collected_item c left join proposal p on p.number = c.number left join instance b on b.key = c.instance_key
     where c.result ->> 'hasil' in ('KEMBALI', 'DIKEMBALIKAN', 'TOLAK', 'DITOLAK') and ${query.during('c.decided_at')} and ${query.below('c.region')}
    union all
    select f.proposal_number, p.instance_key, f.proposal_number, null, f.region, 'penyaluran-konfirmasi', f.kind, false, f.settled_at is not null
      from family_finding f left join proposal p on p.number = f.proposal_number
     where ${query.during('f.found_at')} and ${query.below('f.region')}`,
};

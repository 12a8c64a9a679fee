/** Tasks that were due in the period and what became of them, and what got stuck in it (incidents, cases that stand still). */
import { count, span } from './report.ts';
import type { Report } from './report.ts';

export const delays: Report = {
  dimensions: ['step'],
  figures: [
    count('due', 'is_task'),
    count('onTime', "fate = 'onTime'"),
    count('late', "fate = 'late'"),
    count('overdue', "fate = 'overdue'"),
    span('medianLate', 'days', 50, "fate in ('late', 'overdue')"),
    count('incidents', 'not is_task'),
    count('stuck', "fate = 'stuck'"),
  ],
  chart: 'overdue',
  order: `count(distinct ref) filter (where fate in ('overdue', 'stuck')) desc, count(distinct ref) desc, step`,
  entries: (query) => `
    select coalesce(t.business_key, t.instance_key::text) as ref, t.instance_key as case_key, t.business_key as number, null::bigint as person_key, t.region,
           t.process_id || '/' || t.element_id as step, true as is_task,
           case when t.state = 'CREATED' then case when t.due_at < now() then 'overdue' else 'open' end
                when t.ended_at > t.due_at then 'late' else 'onTime' end as fate,
           extract(epoch from coalesce(t.ended_at, now()) - t.due_at) / 86400 as days
      from user_task t where t.state <> 'CANCELED' and ${query.during('t.due_at')} and ${query.below('t.region')}
    union all
    select coalesce(n.business_key, n.instance_key::text), n.instance_key, n.business_key, null, n.region, n.process_id || '/' || n.element_id, false,
           case n.state when 'ACTIVE' then 'stuck' else 'resolved' end, null
      from visible_incident n where ${query.during('n.created_at')} and ${query.below('n.region')}`,
};

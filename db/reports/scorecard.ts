/** Villages beside each other: how much of their list was confirmed, how old the last check is, what is open, what was proposed and is late. */
import { count, share } from './report.ts';
import type { Report } from './report.ts';

const checked = "kind in ('CHECKED', 'STALE')";

export const scorecard: Report = {
  dimensions: ['village'],
  figures: [
    count('families', checked),
    count('confirmed', "kind = 'CHECKED'"),
    count('stale', "kind = 'STALE'"),
    share('confirmedShare', "kind = 'CHECKED'", checked),
    {
      name: 'lastCheck',
      unit: 'days',
      sql: "round((extract(epoch from now() - max(at) filter (where kind = 'CHECKED')) / 86400)::numeric, 1)::float8",
      of: "kind = 'CHECKED'",
      inTotal: false,
    },
    count('openFindings', "kind = 'FINDING'"),
    count('proposals', "kind = 'PROPOSAL'"),
    count('overdue', "kind = 'OVERDUE'"),
  ],
  chart: 'confirmedShare',
  order: 'village',
  entries: (query) => `
    select c.proposal_number as ref, p.instance_key as case_key, c.proposal_number as number, null::bigint as person_key, c.region,
           c.region as village, c.state as kind, c.checked_at as at
      from family_check c left join proposal p on p.number = c.proposal_number where ${query.isPeriod('c.period')} and ${query.below('c.region')}
    union all
    select f.proposal_number, p.instance_key, f.proposal_number, null, f.region, f.region, 'FINDING', f.found_at
      from family_finding f left join proposal p on p.number = f.proposal_number
     where f.settled_at is null and ${query.during('f.found_at')} and ${query.below('f.region')}
    union all
    select coalesce(i.business_key, i.key::text), i.key, i.business_key, null, i.region, i.region, 'PROPOSAL', i.started_at
      from instance i where i.process_id = 'usulan-dtks' and ${query.during('i.started_at')} and ${query.below('i.region')}
    union all
    select coalesce(t.business_key, t.instance_key::text), t.instance_key, t.business_key, null, t.region, t.region, 'OVERDUE', t.due_at
      from user_task t where t.state = 'CREATED' and t.due_at < now() and ${query.during('t.due_at')} and ${query.below('t.region')}`,
};

/** How far proposals begun in the period got, and how long each stage took. A stage is the public status of the steps. */
import { holdsOthers } from '../queries/sql.ts';
import { count, span } from './report.ts';
import type { Report } from './report.ts';

/** Several steps of a stage at once, or one after the other, count the time once. */
export const funnel: Report = {
  dimensions: ['stage'],
  figures: [
    count('reached'),
    count('standing', 'standing'),
    count('left', 'not standing'),
    span('median', 'days', 50, 'not standing'),
    span('ninetieth', 'days', 90, 'not standing'),
  ],
  chart: 'reached',
  order: 'min(position)',
  entries: (query) => `
    select visited.*, coalesce((select sum(extract(epoch from upper(stay) - lower(stay))) / 86400 from unnest(stays) stay), 0) as days
      from (select i.key::text as ref, i.key as case_key, i.business_key as number, null::bigint as person_key, i.region,
                   s.status as stage, min(s.position) as position, bool_or(e.state = 'ACTIVE') as standing,
                   range_agg(tstzrange(e.started_at, greatest(e.started_at, coalesce(e.ended_at, now())))) as stays
              from instance i
              join element_instance e on e.instance_key = i.key and not ${holdsOthers('e')}
              join ${query.stages()} on s.process_id = i.process_id and s.element_id = e.element_id
             where i.process_id = 'usulan-dtks' and ${query.during('i.started_at')} and ${query.below('i.region')}
             group by i.key, i.business_key, i.region, s.status) visited`,
};

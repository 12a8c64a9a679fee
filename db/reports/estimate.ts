/**
 * Errors of inclusion and exclusion as signed monitoring reports of the period estimate them: families of a sample that were visited, and
 * the interval of Wilson at 95 percent around the share that was found wrong.
 */
import { count, share } from './report.ts';
import type { Figure, Report } from './report.ts';

const visited = "finding <> 'TIDAK_TERKUNJUNGI'";
const isWrong = `${visited} and (finding = 'LAYAK') = (sample = 'DITOLAK')`;
/** Normal deviate of 95 percent, squared. */
const squared = 1.96 ** 2;

function bound(name: string, sign: '+' | '-'): Figure {
  const n = `(count(distinct ref) filter (where ${visited}))::numeric`;
  const p = `(count(distinct ref) filter (where ${isWrong}) / nullif(${n}, 0))`;
  const centre = `${p} + ${squared / 2} / nullif(${n}, 0)`;
  const width = `1.96 * sqrt(${p} * (1 - ${p}) / nullif(${n}, 0) + ${squared / 4} / nullif(${n} * ${n}, 0))`;
  const sql = `round(100 * least(1, greatest(0, (${centre} ${sign} ${width}) / (1 + ${squared} / nullif(${n}, 0)))), 1)::float8`;
  // least and greatest pass over null.
  return { name, unit: 'percent', sql: `case when ${n} > 0 then ${sql} end`, of: isWrong, inTotal: false };
}

export const estimate: Report = {
  dimensions: ['sample'],
  figures: [
    count('visited', visited),
    count('notMet', `not (${visited})`),
    count('wrong', isWrong),
    { ...share('wrongShare', isWrong, visited), inTotal: false },
    bound('atLeast', '-'),
    bound('atMost', '+'),
  ],
  chart: 'wrongShare',
  order: 'sample desc',
  entries: (query) => `
    select h ->> 'nomor' as ref, p.instance_key as case_key, h ->> 'nomor' as number, null::bigint as person_key, coalesce(p.region, i.region) as region,
           h ->> 'kelompok' as sample, h ->> 'temuan' as finding
      from instance i
      join variable t on t.instance_key = i.key and t.scope_key = i.key and t.name = 'periode'
      join monitoring_report m on m.region = i.region and m.period = t.value #>> '{}'
      join variable v on v.instance_key = i.key and v.scope_key = i.key and v.name = 'hasilSampel'
     cross join jsonb_array_elements(v.value) h
      left join proposal p on p.number = h ->> 'nomor'
     where i.process_id = 'monev' and i.state = 'COMPLETED' and ${query.isPeriod('m.period')} and ${query.below('coalesce(p.region, i.region)')}`,
};

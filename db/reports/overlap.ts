/**
 * Two kinds of help for one family or person in the same months, whichever funds they come from: what the ledger holds, which of them
 * proposals were checked against and found forbidden (decision `tumpang_tindih`), and what lists of others brought.
 */
import { count } from './report.ts';
import type { Report } from './report.ts';

/** The pair in the order of the alphabet: who was checked against whom does not matter here. */
const pair = (one: string, other: string): string =>
  `least(${one}, ${other}) as programme, greatest(${one}, ${other}) as other`;
const held = "('RESERVED', 'PAID')";

export const overlap: Report = {
  dimensions: ['programme', 'other'],
  figures: [
    count('held', "found = 'held'"),
    count('acrossFunds', "found = 'held' and across_funds"),
    count('forbidden', "found = 'forbidden'"),
    count('inLists', "found = 'inLists'"),
  ],
  chart: 'held',
  order: 'count(distinct ref) desc, programme, other',
  entries: (query) => `
    select coalesce(a.family_key, a.person_key)::text as ref, p.instance_key as case_key, a.proposal_number as number, a.person_key, a.region,
           ${pair('a.programme', 'b.programme')}, 'held' as found, a.source <> b.source as across_funds
      from participation a
      join participation b on b.key > a.key and b.months && a.months and b.state in ${held} and ${query.meets('b.months')}
       and (b.person_key = a.person_key or b.family_key = a.family_key)
      left join proposal p on p.number = a.proposal_number
     where a.state in ${held} and ${query.meets('a.months')} and ${query.below('a.region')}
    union all
    select d.instance_key::text, d.instance_key, i.business_key, null, d.region,
           ${pair("(d.explanation -> 'inputs' -> 'usulan' ->> 'program')", "(found ->> 'program')")}, 'forbidden', null
      from decision_evaluation d join instance i on i.key = d.instance_key
     cross join jsonb_array_elements(d.explanation -> 'output' -> 'larangan') found
     where d.decision_id = 'tumpang_tindih' and ${query.during('d.at')} and ${query.below('d.region')}
    union all
    select c.person_key::text, null, null, c.person_key, c.region, ${pair("(c.detail ->> 'programme')", "(against ->> 'programme')")}, 'inLists', null
      from exchange_conflict c join exchange_import m on m.key = c.import_key cross join jsonb_array_elements(c.detail -> 'against') against
     where c.kind = 'FORBIDDEN_OVERLAP' and ${query.during('m.created_at')} and ${query.below('c.region')}`,
};

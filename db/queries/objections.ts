/** What an objection (process `sanggah`) is checked against: the proposal it names, other objections, and who saw the family first. */
import type { Pool } from 'pg';
import type { Vault } from '../vault.ts';

export interface Disputed {
  readonly village: string;
  readonly program: string;
  readonly period: string;
  readonly subjectKey: string;
  /** Accounts that did a survey of the proposal. */
  readonly surveyors: readonly string[];
}

export interface Objections {
  /** null: there is no proposal with this number. */
  readonly disputed: (proposalNumber: string) => Promise<Disputed | null>;
  /** Objections of the person of this record since then, under whatever record he made them. */
  readonly countOf: (reporter: string, sinceMs: number) => Promise<number>;
  /** Open objections to the proposal, but for this case. */
  readonly openAgainst: (proposalNumber: string, instanceKey: string) => Promise<number>;
}

const processId = 'sanggah';
/** Records of one person are few; those with his NIK come first. */
const recordsCompared = 200;

export const createObjections = (pool: Pool, vault: Vault): Objections => ({
  disputed: async (proposalNumber) => {
    const { rows } = await pool.query<Disputed>(
      `select p.region as village, p.variables -> 'usulan' ->> 'program' as program, p.variables -> 'usulan' ->> 'periode' as period,
              p.subject_key::text as "subjectKey", array(
                select distinct t.completed_by from user_task t join instance i on i.key = t.instance_key
                 where i.root_key = p.instance_key and 'validasi-lapangan' in (t.process_id, t.element_id) and t.completed_by is not null
                 order by 1) as surveyors
         from proposal p where p.number = $1`,
      [proposalNumber],
    );
    return rows[0] ?? null;
  },
  countOf: async (reporter, sinceMs) => {
    const self = await vault.read(pool, reporter);
    if (self === null) return 0;
    const others = await vault.findCandidates(pool, self, reporter, recordsCompared);
    const records = others.filter(({ citizen }) => citizen.nik === self.nik).map(({ subjectKey }) => subjectKey);
    const { rows } = await pool.query<{ count: number }>(
      `select count(distinct i.key)::int as count from instance i join variable v on v.instance_key = i.key
        where i.process_id = $1 and i.started_at >= to_timestamp($2::float8 / 1000) and v.name = 'pelapor' and v.value #>> '{}' = any($3)`,
      [processId, sinceMs, [reporter, ...records]],
    );
    return rows[0]?.count ?? 0;
  },
  openAgainst: async (proposalNumber, instanceKey) => {
    const { rows } = await pool.query<{ count: number }>(
      `select count(distinct i.key)::int as count from instance i join variable v on v.instance_key = i.key
        where i.process_id = $1 and i.state = 'ACTIVE' and i.key <> $2 and v.name = 'nomorUsulan' and v.value #>> '{}' = $3`,
      [processId, instanceKey, proposalNumber],
    );
    return rows[0]?.count ?? 0;
  },
});

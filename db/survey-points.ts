/** Points of visits, as hashes: whether one was seen at other homes, and who else of a village was visited. */
import type { ClientBase, Pool } from 'pg';

type Database = Pick<ClientBase | Pool, 'query'>;

export interface SurveyPoint {
  /** Of the check that notes it. */
  readonly jobKey: string;
  readonly subjectKey: string;
  /** Village of the home. */
  readonly region: string;
  readonly pointHash: Buffer;
}

export async function noteSurveyPoint(
  db: Database,
  { jobKey, subjectKey, region, pointHash }: SurveyPoint,
): Promise<void> {
  await db.query(
    'insert into survey_point (job_key, subject_key, region, point_hash) values ($1, $2, $3, $4) on conflict do nothing',
    [jobKey, subjectKey, region, pointHash],
  );
}

/** Homes of other citizens that were noted at this point. */
export async function countHomesAt(
  db: Database,
  { pointHash, subjectKey }: Pick<SurveyPoint, 'pointHash' | 'subjectKey'>,
): Promise<number> {
  const { rows } = await db.query<{ homes: number }>(
    'select count(distinct subject_key)::integer as homes from survey_point where point_hash = $1 and subject_key <> $2',
    [pointHash, subjectKey],
  );
  return rows[0]?.homes ?? 0;
}

/** Other citizens visited in the village, last visit first. */
export async function visitedIn(
  db: Database,
  { region, subjectKey }: Pick<SurveyPoint, 'region' | 'subjectKey'>,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ subject_key: string }>(
    `select subject_key::text from survey_point where region = $1 and subject_key <> $2
      group by subject_key order by max(noted_at) desc limit $3`,
    [region, subjectKey, limit],
  );
  return rows.map((row) => row.subject_key);
}

/** Files of other cases that are the same as one of this case; `instanceKey` is the case or a process it called. */
export async function countPhotosElsewhere(db: Database, instanceKey: string): Promise<number> {
  const { rows } = await db.query<{ photos: number }>(
    `select count(distinct other.key)::integer as photos
       from instance i
       join file mine on mine.instance_key = coalesce(i.root_key, i.key)
       join file other on other.original_hash = mine.original_hash and other.instance_key <> mine.instance_key
      where i.key = $1`,
    [instanceKey],
  );
  return rows[0]?.photos ?? 0;
}

/** Settings of the installation by name; the version is when it was last changed. */
import type { ClientBase } from 'pg';
import type { Json } from '#engine/json.ts';
import { iso } from './queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;
export interface Setting {
  readonly name: string;
  readonly value: Json;
  readonly updatedAt: string;
  /** Changes with every change. */
  readonly version: string;
}
const selected = `name, value, ${iso('updated_at')} as "updatedAt", xmin::text as version`;

export async function readSetting(db: Database, name: string): Promise<Setting | null> {
  const { rows } = await db.query<Setting>(`select ${selected} from setting where name = $1`, [name]);
  return rows[0] ?? null;
}
/** @param version the one read before; `*`: whatever there is. null: it was changed meanwhile. */
export async function writeSetting(db: Database, name: string, value: Json, version: string): Promise<Setting | null> {
  const { rows } = await db.query<Setting>(
    `insert into setting as s (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, updated_at = now() where $3 = '*' or s.xmin::text = $3
     returning ${selected}`,
    [name, JSON.stringify(value), version],
  );
  return rows[0] ?? null;
}
/** Those whose names begin so, by name. */
export async function readSettings(db: Database, beginning: string): Promise<readonly Setting[]> {
  const { rows } = await db.query<Setting>(
    `select ${selected} from setting where starts_with(name, $1) order by name`,
    [beginning],
  );
  return rows;
}

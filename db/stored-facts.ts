/** Facts as they are stored, in order. */
import type { ClientBase, Pool } from 'pg';
import type { Fact } from '#engine/fact.ts';
import type { FactOfCommand } from './projections/projection.ts';

interface Row {
  readonly instance_key: string;
  readonly number: number;
  readonly at: Date;
  readonly actor: string;
  readonly command_key: string | null;
  readonly body: Fact;
}
type Database = Pick<ClientBase, 'query'> | Pool;

const factOf = ({ number, at, actor, command_key: commandKey, body }: Row): FactOfCommand => ({
  number,
  atMs: at.getTime(),
  actor,
  commandKey,
  fact: body,
});

export async function storedFacts(db: Database, instanceKey: string, from: number): Promise<FactOfCommand[]> {
  const { rows } = await db.query<Row>(
    'select instance_key, number, at, actor, command_key, body from fact where instance_key = $1 and number >= $2 order by number',
    [instanceKey, from],
  );
  return rows.map(factOf);
}

/** All facts of some instances; every key asked for has an entry. */
export async function factsOf(
  db: Database,
  instanceKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly FactOfCommand[]>> {
  const { rows } = await db.query<Row>(
    'select instance_key, number, at, actor, command_key, body from fact where instance_key = any($1::bigint[]) order by instance_key, number',
    [instanceKeys],
  );
  const found = new Map<string, FactOfCommand[]>(instanceKeys.map((key) => [key, []]));
  for (const row of rows) found.get(row.instance_key)?.push(factOf(row));
  return found;
}

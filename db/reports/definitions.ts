/** What the published processes are, for reports that look at their steps. */
import type { ClientBase } from 'pg';

export interface NewestDefinition {
  readonly definitionKey: string;
  readonly processId: string;
}
/** What new cases of each process follow. */
export async function newestDefinitions(db: Pick<ClientBase, 'query'>): Promise<readonly NewestDefinition[]> {
  const { rows } = await db.query<NewestDefinition>(
    'select key::text as "definitionKey", process_id as "processId" from newest_process_definition',
  );
  return rows;
}

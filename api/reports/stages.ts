/** Where each step of the published processes stands in the eyes of the public; steps that only an older version has are left out. */
import type { PoolClient } from 'pg';
import { newestDefinitions } from '#db/reports/definitions.ts';
import type { Stage } from '#db/reports/report.ts';
import type { ModelCache } from '../models.ts';
import { statuses } from './words.ts';

export async function stagesOf(db: PoolClient, models: ModelCache): Promise<readonly Stage[]> {
  const stages: Stage[] = [];
  for (const { definitionKey, processId } of await newestDefinitions(db)) {
    const model = await models.get(db, definitionKey);
    for (const { id: elementId, properties } of Object.values(model?.nodes ?? {})) {
      const status = properties['alur.status'];
      if (status !== undefined) stages.push({ processId, elementId, status, position: statuses.indexOf(status) });
    }
  }
  return stages;
}

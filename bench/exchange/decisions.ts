/** The decisions that lists are judged by, published as they stand in definitions/dtks. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import { parseDecisions } from '#bpmn/dmn.ts';
import { publishDecision } from '#db/deployments.ts';
import { duplicateScore, overlapMatrix } from '#activities/lists/list-decisions.ts';

export async function publishDecisions(owner: Pool): Promise<void> {
  await owner.query("insert into deployment (key, created_by) values (1, 'bench')");
  for (const id of [duplicateScore, overlapMatrix]) {
    const xml = await readFile(path.join(process.cwd(), 'definitions', 'dtks', `${id}.dmn`), 'utf8');
    const parsed = await parseDecisions(xml);
    const model = parsed.ok ? parsed.decisions.find((decision) => decision.id === id) : undefined;
    if (model === undefined) throw new Error(`decision ${id} cannot be read`);
    await publishDecision(owner, '1', {
      decisionId: id,
      name: id,
      resourceName: `${id}.dmn`,
      xml,
      sourceSha256: createHash('sha256').update(xml).digest('hex'),
      model,
    });
  }
}

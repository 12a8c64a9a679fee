/** The decisions that lists are judged by, published as they stand in definitions/dtks. */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { parseDecisions } from '#bpmn/dmn.ts';
import { publishDecision } from '#db/deployments.ts';
import { read } from '../definitions/dtks.ts';

export async function publishDecisions(owner: Pool): Promise<void> {
  await owner.query("insert into deployment (key, created_by) values (1, 'uji')");
  for (const id of ['skor_duplikat', 'tumpang_tindih']) {
    const xml = read(`${id}.dmn`);
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

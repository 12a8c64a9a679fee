/** Decision `tumpang_tindih` as the register asks it: where nobody may come between the look and the entry, the process cannot decide. */
import type { Pool } from 'pg';
import { publishedDecisions } from '#db/deployments.ts';
import type { OverlapMatrix } from '#db/registry/register.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import { versionInForce } from '#engine/decisions.ts';
import type { Json, Variables } from '#engine/json.ts';
import { partOf } from './ports.ts';

const decisionId = 'tumpang_tindih';

/** The version that decides today; null: none is published. */
export async function overlapMatrixInForce(pool: Pool): Promise<OverlapMatrix<Json> | null> {
  const { decisionVersions } = await publishedDecisions(pool);
  const decision = versionInForce(decisionVersions[decisionId] ?? [], Date.now());
  return decision === null ? null : overlapMatrixOf(decision);
}

/** What it forbids: its output `larangan`. The matrix throws when the decision cannot be evaluated. */
export const overlapMatrixOf =
  (decision: DecisionModel): OverlapMatrix<Json> =>
  (program, held) => {
    const variables: Variables = { usulan: { program }, kepesertaan: held.map((overlap) => ({ ...overlap })) };
    const result = evaluateDecision(decision, { lookup: (name) => variables[name], nowMs: Date.now() });
    if (!result.ok) throw new Error(`decision ${decisionId}: ${result.message}`);
    const forbidden = partOf(result.value, 'larangan');
    if (!Array.isArray(forbidden)) throw new Error(`decision ${decisionId} has no output larangan`);
    return forbidden;
  };

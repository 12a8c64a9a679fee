/** Help of one person or family that meets in its months, and what decision `tumpang_tindih` says of each pair. */
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Participation } from '#contract/person.ts';
import { publishedDecisions } from '#db/deployments.ts';
import type { LedgerEntry } from '#db/registry/participations.ts';
import { versionInForce } from '#engine/decisions.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Variables } from '#engine/json.ts';
import { isHeld } from '#registry/participation.ts';
import { monthsOf } from '#registry/period.ts';

const decisionId = 'tumpang_tindih';
const judged = z.object({ larangan: z.array(z.object({ alasan: z.array(z.string()) })) });

const meet = (a: LedgerEntry, b: LedgerEntry): boolean => {
  const [first, second] = [monthsOf(a.period), monthsOf(b.period)];
  return first !== null && second !== null && first.first <= second.last && second.first <= first.last;
};
const districtOf = (region: string): string => region.split('.').slice(0, 2).join('.');

/** Why the second may not be held beside the first; none: it may. @throws Error for a decision that cannot be evaluated */
function reasonsAgainst(decision: DecisionModel, entry: LedgerEntry, other: LedgerEntry): string[] {
  const variables: Variables = {
    usulan: { program: entry.programme },
    kepesertaan: [
      {
        program: other.programme,
        sumber: other.source,
        periode: other.period,
        keluargaSama: other.unit === 'KK' || entry.isOwn === other.isOwn,
        daerahLain: districtOf(entry.region) !== districtOf(other.region),
      },
    ],
  };
  const result = evaluateDecision(decision, { lookup: (name) => variables[name], nowMs: Date.now() });
  if (!result.ok) throw new Error(`decision ${decisionId}: ${result.message}`);
  return judged.parse(result.value).larangan.flatMap(({ alasan }) => alasan);
}

type Overlaps = NonNullable<Participation['overlaps']>;

/** For a ledger, who meets whom. null: the decision is not published. */
export async function overlapsWithin(
  db: Pool | PoolClient,
  ledger: readonly LedgerEntry[],
): Promise<((entry: LedgerEntry) => Overlaps) | null> {
  const { decisionVersions } = await publishedDecisions(db);
  const decision = versionInForce(decisionVersions[decisionId] ?? [], Date.now());
  if (decision === null) return null;
  const held = ledger.filter(({ state }) => isHeld(state));
  return (entry) =>
    isHeld(entry.state)
      ? held
          .filter((other) => other !== entry && meet(entry, other))
          .map((other) => ({
            participationKey: other.participationKey,
            reasons: reasonsAgainst(decision, entry, other),
          }))
      : [];
}

/** The way of a proposal: candidate search, comparison of the closest, decision `skor_duplikat`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import { parseDecisions } from '#bpmn/dmn.ts';
import type { Vault } from '#db/vault.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Variables } from '#engine/json.ts';
import { closest } from '#registry/comparison.ts';
import type { Likeness } from '#registry/comparison.ts';
import type { Kind, Probe } from './people.ts';

/** Domain D4: a person looks at it; it goes to the merge. */
const thresholds = { review: 0.7, merge: 0.9 } as const;
const candidatesCompared = 200;
const candidatesTold = 5;

export interface Tally {
  readonly kind: Kind;
  /** Records asked about. */
  asked: number;
  /** Of them, those whose first record was told for review, or for the merge. */
  reviewed: number;
  merged: number;
  /** Records of other people that were told, for review or for the merge. */
  wrong: number;
  wrongMerges: number;
  /** Records of other people that were told because they have the same NIK: one of the two numbers is mistyped, which people must settle. */
  claims: number;
  candidates: number;
}
export interface Detection {
  readonly tallies: readonly Tally[];
  readonly searchMs: readonly number[];
  readonly lookUpMs: readonly number[];
}

async function duplicateScore(): Promise<DecisionModel> {
  const file = path.join(import.meta.dirname, '../../definitions/dtks/skor_duplikat.dmn');
  const parsed = await parseDecisions(await readFile(file, 'utf8'));
  const decision = parsed.ok ? parsed.decisions.find(({ id }) => id === 'skor_duplikat') : undefined;
  if (decision === undefined) throw new Error(`${file} holds no decision skor_duplikat`);
  return decision;
}
function scoreOf(decision: DecisionModel, likeness: Likeness): number {
  const variables: Variables = { kandidat: { ...likeness } };
  const result = evaluateDecision(decision, { lookup: (name) => variables[name], nowMs: 0 });
  if (!result.ok) throw new Error(result.message);
  return Number(result.value);
}

const timed = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
  const begun = performance.now();
  const result = await work();
  times.push(performance.now() - begun);
  return result;
};

function count(
  tally: Tally,
  told: { readonly isRight: boolean; readonly isMerge: boolean; readonly isClaim: boolean },
): void {
  if (told.isRight) {
    tally.reviewed += 1;
    if (told.isMerge) tally.merged += 1;
  } else if (told.isClaim && !told.isMerge) {
    tally.claims += 1;
  } else {
    tally.wrong += 1;
    if (told.isMerge) tally.wrongMerges += 1;
  }
}

/** @param keys of the records, by place */
export async function detect(
  pool: Pool,
  vault: Vault,
  keys: readonly string[],
  probes: readonly Probe[],
): Promise<Detection> {
  const decision = await duplicateScore();
  const tallies = new Map<Kind, Tally>();
  const [searchMs, lookUpMs]: [number[], number[]] = [[], []];
  for (const [index, { kind, citizen, place, original }] of probes.entries()) {
    const tally = tallies.get(kind) ?? {
      kind,
      asked: 0,
      reviewed: 0,
      merged: 0,
      wrong: 0,
      wrongMerges: 0,
      claims: 0,
      candidates: 0,
    };
    tallies.set(kind, tally);
    const own = keys[place] ?? '';
    const found = await timed(searchMs, () => vault.findCandidates(pool, citizen, own, candidatesCompared));
    // In the same breath: what a plain look-up costs, of a row that nobody has just read.
    const any = keys[(index * 7_919) % keys.length];
    await timed(lookUpMs, () =>
      pool.query('select key, region, wrapped_key, ciphertext from subject where key = $1', [any]),
    );
    // Of a pair the later one is the duplicate.
    const earlier = found.filter(({ subjectKey }) => BigInt(subjectKey) < BigInt(own));
    tally.asked += 1;
    tally.candidates += found.length;
    for (const { other, likeness } of closest(citizen, earlier, ({ citizen: record }) => record, candidatesTold)) {
      const score = scoreOf(decision, likeness);
      if (score < thresholds.review) continue;
      const isRight = original !== null && other.subjectKey === keys[original];
      count(tally, { isRight, isMerge: score >= thresholds.merge, isClaim: likeness.nikSama });
    }
  }
  return { tallies: [...tallies.values()], searchMs, lookUpMs };
}

/** The decisions that lists are judged by: published like those of the processes, and asked once for each kind of question. */
import type { ClientBase } from 'pg';
import { publishedDecisions } from '#db/deployments.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import type { ForbiddenBy } from '#exchange/list-help.ts';
import type { Likeness } from '#registry/comparison.ts';

export interface ListDecisions {
  readonly scoreOf: (likeness: Likeness) => number;
  readonly forbiddenBy: ForbiddenBy;
}
export const duplicateScore = 'skor_duplikat';
export const overlapMatrix = 'tumpang_tindih';

/** The version in force at a time; throws Error when there is none. */
async function inForce(db: Pick<ClientBase, 'query'>, id: string, nowMs: number): Promise<DecisionModel> {
  const { decisionVersions } = await publishedDecisions(db);
  const found = decisionVersions[id]?.findLast(({ validFromMs }) => validFromMs === undefined || validFromMs <= nowMs);
  if (found === undefined) throw new Error(`decision ${id} is not published: publish it, and lists go on`);
  return found;
}

/** Answers by question: lists ask the same few thousand questions a million times. */
function remembered<Q extends object, A>(answer: (question: Q) => A): (question: Q) => A {
  const answers = new Map<string, A>();
  return (question) => {
    const key = Object.values(question).join('|');
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = answer(question);
    answers.set(key, made);
    return made;
  };
}
function decide(model: DecisionModel, variables: JsonObject, nowMs: number): Json {
  const result = evaluateDecision(model, { lookup: (name) => variables[name], nowMs });
  if (!result.ok) throw new Error(`decision ${model.id}: ${result.message}`);
  return result.value;
}

export async function readDecisions(db: Pick<ClientBase, 'query'>, nowMs: number): Promise<ListDecisions> {
  const score = await inForce(db, duplicateScore, nowMs);
  const matrix = await inForce(db, overlapMatrix, nowMs);
  return {
    scoreOf: remembered((likeness: Likeness) => Number(decide(score, { kandidat: { ...likeness } }, nowMs))),
    forbiddenBy: remembered(({ programme, other, isSameFamily, isOtherDistrict }: Parameters<ForbiddenBy>[0]) => {
      const held = {
        program: other,
        sumber: null,
        periode: null,
        keluargaSama: isSameFamily,
        daerahLain: isOtherDistrict,
      };
      const answer = decide(matrix, { usulan: { program: programme }, kepesertaan: [held] }, nowMs) as {
        readonly larangan: readonly { readonly alasan: readonly string[] }[];
      };
      return answer.larangan.flatMap(({ alasan }) => alasan)[0] ?? null;
    }),
  };
}

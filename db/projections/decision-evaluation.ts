/** Table `decision_evaluation`: why each decision came out as it did. */
import type { Json } from '#engine/json.ts';
import { insertion } from './projection.ts';
import type { Projection } from './projection.ts';

export const decisionEvaluation = {
  handlers: {
    decisionEvaluated: (fact, { header, fold, key, at, number }) => {
      fold.make(String(number), {
        instance_key: header.instanceKey,
        fact_number: number,
        region: header.region,
        element_key: key(fact.element),
        element_id: fact.elementId,
        decision_id: fact.explanation.decisionId,
        explanation: fact.explanation as unknown as Json,
        at: at,
      });
    },
  },
  changes: (fold) => [
    insertion(
      'decision_evaluation',
      fold,
      'instance_key bigint, fact_number integer, region text, element_key bigint, element_id text, decision_id text, explanation jsonb, at timestamptz',
      'on conflict (instance_key, fact_number) do nothing',
    ),
  ],
} satisfies Projection;

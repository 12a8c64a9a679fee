/** Changed decisions asked again what they were asked in running and finished cases. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { DeployedDecision } from '#bpmn/deployment.ts';
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { diffDecisions } from '#bpmn/dmn-diff.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { regressionLimits } from '#contract/history.ts';
import type { DecisionRegression } from '#contract/history.ts';
import { findDecision } from '#db/queries/definitions.ts';
import { findEvaluations } from '#db/queries/history.ts';
import type { RecordedEvaluation } from '#db/queries/history.ts';
import { factsOf } from '#db/stored-facts.ts';
import { decideAgain } from '#engine/history/decide-again.ts';
import type { DecidedAgain } from '#engine/history/decide-again.ts';
import type { DecisionExplanation } from '#engine/fact.ts';
import type { Call } from './handler.ts';
import { jsonView } from './json-view.ts';

type Database = Pick<Call<Endpoint>, 'db'>;
/** Facts of one query: a long case is not held in memory twice. */
const casesPerQuery = 25;

/** Only those that differ from the newest version published. `most`: evaluations of one decision. */
export async function decisionsAgain(
  call: Database,
  decisions: readonly DeployedDecision[],
  most: number,
): Promise<DecisionRegression[]> {
  const items: DecisionRegression[] = [];
  for (const { model, xml } of decisions) {
    const published = await call.db((client) => findDecision(client, model.id));
    if (published === null || textOf(published.model) === textOf(model)) continue;
    const changes = await diffDecisions(published.xml, xml, Object.keys(model.nodes));
    const { total, evaluations } = await call.db((client) => findEvaluations(client, model.id, most));
    const result = emptyResult({ model, changes, recorded: total });
    await addEvaluations(call, { model, evaluations, result });
    items.push(result);
  }
  return items;
}
const textOf = (model: DeployedDecision['model']): string => canonicalJson(model);

function emptyResult({
  model: { id, name },
  changes,
  recorded,
}: {
  readonly model: DeployedDecision['model'];
  readonly changes: Awaited<ReturnType<typeof diffDecisions>>;
  readonly recorded: number;
}): DecisionRegression {
  const shown = changes.map(({ decisionId: decisionDefinitionId, ...change }) => ({ decisionDefinitionId, ...change }));
  const none = { compared: 0, same: 0, different: 0, failed: 0, cases: [] };
  return { decisionDefinitionId: id, name, changes: shown, recorded, ...none };
}

interface Evaluations {
  readonly model: DeployedDecision['model'];
  readonly evaluations: readonly RecordedEvaluation[];
  readonly result: DecisionRegression;
}
async function addEvaluations(call: Database, { model, evaluations, result }: Evaluations): Promise<void> {
  for (let from = 0; from < evaluations.length; from += casesPerQuery) {
    const some = evaluations.slice(from, from + casesPerQuery);
    const keys = [...new Set(some.map(({ instanceKey }) => instanceKey))];
    const facts = await call.db((client) => factsOf(client, keys));
    for (const evaluation of some) {
      const again = decideAgain(model, facts.get(evaluation.instanceKey) ?? [], evaluation.factNumber);
      if (again !== null) add(result, evaluation, again);
      // so that other requests have their turn
      await breathe();
    }
  }
}

function add(
  result: DecisionRegression,
  evaluation: RecordedEvaluation,
  { before, after, isSame }: DecidedAgain,
): void {
  result.compared += 1;
  result[isSame ? 'same' : after.ok ? 'different' : 'failed'] += 1;
  if (isSame || result.cases.length >= regressionLimits.listed) return;
  const { instanceKey, businessKey, processId, ...rest } = evaluation;
  result.cases.push({
    processInstanceKey: instanceKey,
    businessId: businessKey,
    processDefinitionId: processId,
    ...rest,
    before: decided(before),
    after: after.ok ? decided(after.explanation) : null,
    message: after.ok ? null : after.message,
  });
}
const decided = ({ output, matchedRules }: DecisionExplanation) => ({
  output: jsonView(output),
  matchedRules: matchedRules.map(({ rule, annotation }) => ({ rule, annotation })),
});

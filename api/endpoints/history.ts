/** Looking back: moments of a case, supposed courses, finished cases run again through a candidate. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import { regressionLimits } from '#contract/history.ts';
import type { historyEndpoints } from '#contract/history.ts';
import { findFacts } from '#db/queries/cases.ts';
import type { FactRow } from '#db/queries/cases.ts';
import { findFinished, lastFactNumberOf } from '#db/queries/history.ts';
import type { FinishedInstance } from '#db/queries/history.ts';
import { factsOf } from '#db/stored-facts.ts';
import { stateAfter } from '#engine/apply.ts';
import type { RecordedFact } from '#engine/fact.ts';
import { compareWith } from '#engine/history/compare.ts';
import type { Comparison, Judge } from '#engine/history/compare.ts';
import { whatIf } from '#engine/history/what-if.ts';
import type { Supposition } from '#engine/history/what-if.ts';
import type { JsonObject } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { admitted } from '../candidate.ts';
import { visibleInstance } from '../commands.ts';
import { decisionsAgain } from '../decisions-again.ts';
import { fieldsOf } from '../forms/fields.ts';
import { judgeForm } from '../forms/validate.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertFit } from '../sizes.ts';
import { stateView } from '../state-view.ts';

/** Facts of one query: a long case is not held in memory twice. */
const casesPerQuery = 25;
const formZone = 'Asia/Jakarta';

/** The facts up to that one, and the number of the last of all. @throws Refusal when there is none of that number. */
async function factsUntil(db: PoolClient, caseKey: string, number: number): Promise<readonly FactRow[]> {
  if (number > regressionLimits.momentFacts) {
    throw new Refusal('tooLarge', 'bodyTooLarge', { values: { limit: regressionLimits.momentFacts } });
  }
  const facts = await findFacts(db, caseKey, null, 0, number);
  if (facts.length < number) throw notFound();
  return facts;
}
const factView = ({ number, atMs, actor, fact }: RecordedFact) => ({
  number,
  at: new Date(atMs).toISOString(),
  actor,
  fact: { ...fact },
});

type SuppositionIn = z.output<(typeof historyEndpoints)['supposeCase']['body']>['suppositions'][number];
const suppositionOf = (given: SuppositionIn): Supposition =>
  given.type === 'waitUntil' ? { type: 'waitUntil', atMs: Date.parse(given.at) } : given;

type Regression = z.infer<(typeof historyEndpoints)['checkRegression']['ok']>['items'][number];
type Different = Extract<Comparison, { readonly kind: Regression['cases'][number]['kind'] }>;
const isListed = (compared: Comparison): compared is Different =>
  compared.kind !== 'same' && compared.kind !== 'notComparable';

function listed(compared: Different): Omit<Regression['cases'][number], 'processInstanceKey' | 'businessId'> {
  const parting = 'parting' in compared ? { parting: compared.parting } : {};
  switch (compared.kind) {
    case 'different': {
      const { before, after } = compared;
      const of = ({ status, endElements }: typeof before) => ({ status, endElements: [...endElements] });
      return { kind: compared.kind, before: of(before), after: of(after), ...parting };
    }
    case 'open':
      return { kind: compared.kind, waitsAt: [...compared.waitsAt], ...parting };
    case 'refused': {
      const { elementId, fields, factNumber } = compared;
      return { kind: compared.kind, elementId, fields: [...fields], factNumber };
    }
  }
}

/** What the candidate's own forms say to what people handed in. Fields of the vault are not in the record. */
function judgeOf(model: ProcessModel, schemas: ReadonlyMap<string, JsonObject>): Judge {
  return ({ elementId, submitted, visible, atMs }) => {
    const node = model.nodes[elementId];
    const schema = node?.type === 'userTask' ? schemas.get(node.task.formId ?? '') : undefined;
    if (schema === undefined) return [];
    const inVault = new Set(fieldsOf(schema).flatMap(({ vault, path }) => (vault === null ? [] : [path.join('.')])));
    const context = { variables: visible, shown: new Map(), nowMs: atMs, zone: formZone };
    return judgeForm(schema, submitted, context)
      .faults.map(({ field }) => field)
      .filter((field) => !inVault.has(field));
  };
}

class Count {
  readonly #result: Regression;

  constructor(processDefinitionId: string) {
    const none = { compared: 0, same: 0, different: 0, open: 0, refused: 0, notComparable: 0 };
    this.#result = { processDefinitionId, ...none, variables: {}, cases: [] };
  }
  add({ key, businessKey }: FinishedInstance, compared: Comparison): void {
    const result = this.#result;
    result.compared += 1;
    result[compared.kind] += 1;
    if (compared.kind === 'same') {
      for (const name of compared.variables) result.variables[name] = (result.variables[name] ?? 0) + 1;
    } else if (isListed(compared) && result.cases.length < regressionLimits.listed) {
      result.cases.push({ processInstanceKey: key, businessId: businessKey, ...listed(compared) });
    }
  }
  get result(): Regression {
    return this.#result;
  }
}

export const historyHandlers: HandlersOf<typeof historyEndpoints> = {
  getCaseMoment: async ({ params: { caseKey, factNumber }, db }) =>
    db(async (client) => {
      await visibleInstance(client, caseKey);
      const facts = await factsUntil(client, caseKey, factNumber);
      const fact = facts.at(-1);
      if (fact === undefined) throw notFound();
      const lastFactNumber = await lastFactNumberOf(client, caseKey);
      return { fact: { ...fact, fact: { ...fact.fact } }, lastFactNumber, state: stateView(stateAfter(facts)) };
    }),
  supposeCase: async ({ params: { caseKey, factNumber }, body, db, deps, caller }) =>
    db(async (client) => {
      for (const supposed of body.suppositions) if ('variables' in supposed) assertFit(supposed.variables);
      await visibleInstance(client, caseKey);
      const facts = await factsUntil(client, caseKey, factNumber);
      const state = stateAfter(facts);
      const model = await deps.models.get(client, state.definitionKey);
      if (model === null) throw notFound();
      const from = { state, nowMs: Date.parse(facts.at(-1)?.at ?? ''), actor: caller.account.name };
      const supposed = whatIf(model, from, body.suppositions.map(suppositionOf));
      if (!supposed.ok) {
        const message = `${supposed.index + 1}: ${supposed.rejection.message}`;
        throw new Refusal('wrongState', 'engine', { values: { message } });
      }
      return { facts: supposed.facts.map(factView), state: stateView(supposed.state) };
    }),
  checkRegression: async (call) => {
    const compiled = await admitted(call, call.query);
    const schemas = new Map(compiled.forms.map(({ formId, schema }) => [formId, schema]));
    const items: Regression[] = [];
    for (const { model } of compiled.processes) {
      const judge = judgeOf(model, schemas);
      const count = new Count(model.processId);
      const finished = await call.db((client) => findFinished(client, model.processId, call.query.cases));
      for (let from = 0; from < finished.length; from += casesPerQuery) {
        const some = finished.slice(from, from + casesPerQuery);
        const keys = some.map(({ key }) => key);
        const facts = await call.db((client) => factsOf(client, keys));
        for (const instance of some) {
          count.add(instance, compareWith(model, facts.get(instance.key) ?? [], judge));
          // so that other requests have their turn
          await breathe();
        }
      }
      items.push(count.result);
    }
    return { items };
  },
  checkDecisions: async (call) => {
    const { decisions } = await admitted(call, { dependents: false });
    return { items: await decisionsAgain(call, decisions, call.query.evaluations) };
  },
};

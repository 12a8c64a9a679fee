/** Dossier of a case for auditors, from its facts. */
import type { PoolClient } from 'pg';
import type { OrderOf } from '#contract/document.ts';
import { documentLimits } from '#contract/document.ts';
import { fileLimits } from '#contract/file.ts';
import type { fileKinds } from '#contract/file.ts';
import type { Account } from '#db/accounts.ts';
import { findFacts, findReferred, processVariable } from '#db/queries/cases.ts';
import type { FactRow } from '#db/queries/cases.ts';
import { regionNames } from '#db/regions.ts';
import { maskNumber } from '#db/vault.ts';
import type { Vault } from '#db/vault.ts';
import type { BerkasKasus, DossierDecision } from '#documents/berkas-kasus.ts';
import { printedTexts } from '#documents/wording.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { isKey } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Draft } from '#issuing/desk.ts';
import { overseesTasks } from '../accounts-view.ts';
import { visibleInstance } from '../commands.ts';
import type { Dependencies } from '../dependencies.ts';
import { subjectVariable } from '../forms/task-form.ts';
import { blot } from '../privacy.ts';
import { Refusal } from '../refusal.ts';
import { timelineOf, toldFacts } from '../timeline.ts';

/** Fields in which people say why. */
const reasonFields = new Set(['alasan', 'catatan']);
const shown = (value: Json): string => blot(typeof value === 'string' ? value : JSON.stringify(value));

/** A form as people filled it in: what was decided, and why. */
function filledIn(values: JsonObject): Pick<DossierDecision, 'outcome' | 'reason'> {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const say = (pairs: readonly [string, Json][]): string =>
    pairs.map(([name, value]) => `${name}: ${shown(value)}`).join('; ');
  const reasons = given.filter(([name]) => reasonFields.has(name));
  return {
    outcome: say(given.filter(([name]) => !reasonFields.has(name))) || '-',
    reason: reasons.length === 0 ? null : reasons.map(([, value]) => shown(value)).join('; '),
  };
}
/** What tables advised and people decided, in order. */
function decisionsOf(facts: readonly FactRow[], model: ProcessModel | null): DossierDecision[] {
  const nameOf = (elementId: string): string => model?.nodes[elementId]?.name ?? elementId;
  return facts.flatMap(({ at, actor, fact }, index): DossierDecision[] => {
    if (fact.type === 'decisionEvaluated') {
      const { decisionName, decisionId, output, matchedRules } = fact.explanation;
      const reason = matchedRules.flatMap(({ annotation }) => (annotation === null ? [] : [annotation])).join('; ');
      return [
        {
          at,
          actor,
          subject: decisionName ?? decisionId,
          outcome: shown(output),
          reason: reason === '' ? null : reason,
        },
      ];
    }
    if (fact.type !== 'userTaskCompleted') return [];
    // The answers of the form are what is set next.
    const next = facts[index + 1]?.fact;
    const answers = next?.type === 'variablesSet' ? next.variables : {};
    return [{ at, actor: fact.by ?? actor, subject: nameOf(fact.elementId), ...filledIn(answers) }];
  });
}
async function personOf(db: PoolClient, vault: Vault, caseKey: string): Promise<BerkasKasus['person']> {
  const subjectKey = await processVariable(db, caseKey, subjectVariable);
  const citizen = typeof subjectKey === 'string' && isKey(subjectKey) ? await vault.read(db, subjectKey) : null;
  return citizen === null ? null : { name: citizen.nama, nikMasked: maskNumber(citizen.nik) };
}

/** @throws Refusal unless the account is a supervisor's or administrator's */
export async function drawBerkasKasus(
  db: PoolClient,
  { deps, account }: { readonly deps: Dependencies; readonly account: Account },
  order: OrderOf<'BERKAS_KASUS'>,
): Promise<Draft> {
  if (!overseesTasks(account)) throw new Refusal('notAllowed', 'dossierRole');
  const { caseKey, reason: requestReason } = order;
  const instance = await visibleInstance(db, caseKey);
  const model = await deps.models.get(db, instance.processDefinitionKey);
  const types = [...toldFacts, 'variablesSet'];
  const facts = await findFacts(db, caseKey, types, 0, documentLimits.events + 1);
  if (facts.length > documentLimits.events)
    throw new Refusal('tooLarge', 'tooManyLines', { values: { count: facts.length, limit: documentLimits.events } });
  const timeline = timelineOf(facts, { instanceKey: caseKey, model, referred: await findReferred(db, caseKey) });
  const evidence = await deps.fileRegister.ofFamily(db, caseKey, fileLimits.perCase);
  const nameOf = await regionNames();
  const person = await personOf(db, deps.vault, caseKey);
  const body: Omit<BerkasKasus, 'office' | 'issue'> = {
    caseNumber: instance.businessId ?? caseKey,
    processName: instance.processDefinitionName ?? instance.processDefinitionId,
    state: printedTexts(`keadaan.${instance.state}`),
    regionName: nameOf(instance.region) ?? instance.region,
    startedAt: instance.startDate,
    endedAt: instance.endDate,
    person,
    events: timeline.map(({ at, actor, kind, name }) => ({
      at,
      actor,
      what: printedTexts(`kejadian.${kind}`),
      element: name,
    })),
    decisions: decisionsOf(facts, model),
    evidence: evidence.map(({ kind, ...file }) => ({
      ...file,
      kind: printedTexts(`berkasFoto.${kind as (typeof fileKinds)[number]}`),
    })),
    requestedBy: account.name,
    requestReason,
  };
  return {
    region: instance.region,
    caseKey,
    period: null,
    paper: { kind: order.kind, body },
  };
}

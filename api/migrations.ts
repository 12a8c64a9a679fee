/**
 * One case follows another version, and back. Both are sent to the instance as commands with a reason, so their audit rows hold before and
 * after; a batch over a filter (endpoints/batch-operations.ts, canary first) sends the same command to each of its cases.
 */
import type { PoolClient } from 'pg';
import { Finishing } from '#bpmn/migration/finish.ts';
import { standingAfter } from '#bpmn/migration/impact.ts';
import { findByDefinitionKey } from '#db/queries/definitions.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { storedFacts } from '#db/stored-facts.ts';
import { stateAfter } from '#engine/apply.ts';
import type { ElementMapping, TimerMigration } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import { planMigration } from '#engine/migration/plan.ts';
import { reversalIn } from '#engine/migration/revert.ts';
import type { Reversal } from '#engine/migration/revert.ts';
import type { ProcessModel } from '#engine/model.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Asking, Repair, RepairCall } from './repairs.ts';
import { impactText } from './texts.ts';
import type { Locale } from './texts.ts';

export interface Migration {
  readonly targetKey: string;
  readonly mapping: readonly ElementMapping[];
  readonly timers: Readonly<Record<string, TimerMigration>>;
}
type MigrationRepair = Repair & { readonly modelSha256: string };

/** The command of a migration, when the case can end under the new version. @throws Refusal */
export async function migrateCase(
  db: PoolClient,
  { deps, locale }: Pick<RepairCall, 'deps'> & { readonly locale: Locale },
  instance: InstanceRow,
  { targetKey, mapping, timers, body }: Migration & { readonly body: Asking },
): Promise<MigrationRepair> {
  const target = await findByDefinitionKey(db, targetKey);
  const model = target && (await deps.models.get(db, target.key));
  const source = await deps.models.get(db, instance.processDefinitionKey);
  if (target === null || model === null || source === null) throw notFound();
  const facts = await storedFacts(db, instance.processInstanceKey, 1);
  assertFinishes(stateAfter(facts), { source, target: model, mapping }, locale);
  const { key: definitionKey, version, modelSha256 } = target;
  const command = { type: 'migrateInstance', definitionKey, version, mapping, timers } as const;
  return { instance, command, modelSha256, body };
}

interface Models {
  readonly source: ProcessModel;
  readonly target: ProcessModel;
  readonly mapping: readonly ElementMapping[];
}
/** Each element must have its place; then the case is simulated from its own state to an end. */
function assertFinishes({ elements }: InstanceState, models: Models, locale: Locale): void {
  const plan = planMigration(models, elements);
  const problems = plan.problems.map(({ code, elementId, target }) =>
    impactText(locale, code, { element: elementId, target: target ?? '' }),
  );
  if (problems.length > 0) {
    throw new Refusal('invalidRequest', 'engine', { values: { message: [...new Set(problems)].join(' ') } });
  }
  const finish = new Finishing(models.target).of(standingAfter(models.target, elements, plan));
  if (finish.finishes === 'yes') return;
  const code = finish.finishes === 'no' ? finish.code : 'UNKNOWN_END';
  const element = finish.finishes === 'no' ? (finish.elements[0] ?? '') : '';
  const message = impactText(locale, code, { element, target: '' });
  throw new Refusal('wrongState', 'engine', { values: { message } });
}

/** The command that takes the last migration back. @throws Refusal when the case has moved since, or was never migrated */
export async function revertCase(db: PoolClient, instance: InstanceRow, body: Asking): Promise<MigrationRepair> {
  const reversal = reversalIn(await storedFacts(db, instance.processInstanceKey, 1));
  if (!reversal.possible) {
    const { reason, by } = reversal;
    throw new Refusal('wrongState', revertReasons[reason], { values: { by: by ?? '' } });
  }
  const { definitionKey, version, mapping } = reversal;
  const target = await findByDefinitionKey(db, definitionKey);
  if (target === null) throw notFound();
  const command = { type: 'migrateInstance', definitionKey, version, mapping, timers: {} } as const;
  return { instance, command, modelSha256: target.modelSha256, body };
}
const revertReasons = {
  neverMigrated: 'neverMigrated',
  moved: 'movedSince',
  ambiguous: 'ambiguousRevert',
} as const satisfies Record<Extract<Reversal, { possible: false }>['reason'], string>;

/** Which cases of a batch cannot follow the new version: found before any is touched, each simulated to an end from where it stands. */
import type { PoolClient } from 'pg';
import { Impacts } from '#bpmn/migration/impact.ts';
import type { ItemRefusal } from '#db/batch-operations.ts';
import { definitionsOfBatch } from '#db/batch-operations.ts';
import { standingCases } from '#db/queries/standing.ts';
import type { ElementMapping } from '#engine/command.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './refusal.ts';
import { impactText } from './texts.ts';
import type { Locale } from './texts.ts';

/** Cases read at a time. */
const pageSize = 5_000;

export interface BatchMigration {
  readonly batchKey: string;
  readonly targetKey: string;
  readonly mapping: readonly ElementMapping[];
}

/** Every case of the definitions that the batch is about and that could not end under the new version. @throws Refusal */
export async function migrationRefusals(
  db: PoolClient,
  { deps, locale }: { readonly deps: Pick<Dependencies, 'models'>; readonly locale: Locale },
  { batchKey, targetKey, mapping }: BatchMigration,
): Promise<readonly ItemRefusal[]> {
  const target = await deps.models.get(db, targetKey);
  if (target === null) throw notFound();
  const refusals: ItemRefusal[] = [];
  for (const definitionKey of await definitionsOfBatch(db, batchKey)) {
    const source = await deps.models.get(db, definitionKey);
    if (source !== null) refusals.push(...(await refusalsOf(db, definitionKey, { source, target, mapping }, locale)));
  }
  return refusals;
}

interface Models {
  readonly source: ProcessModel;
  readonly target: ProcessModel;
  readonly mapping: readonly ElementMapping[];
}
async function refusalsOf(
  db: PoolClient,
  definitionKey: string,
  { source, target, mapping }: Models,
  locale: Locale,
): Promise<ItemRefusal[]> {
  const impacts = new Impacts(source, target, mapping);
  const refusals: ItemRefusal[] = [];
  for (let after = '0'; ;) {
    const cases = await standingCases(db, { definitionKey, after, limit: pageSize });
    for (const { instanceKey, elements } of cases) {
      const { class: verdict, reasons } = impacts.of(elements);
      if (verdict === 'safe') continue;
      const texts = reasons.map(({ code, elementId, target: goal }) =>
        impactText(locale, code, { element: elementId, target: goal ?? '' }),
      );
      refusals.push({ instanceKey, code: reasons[0]?.code ?? verdict, message: [...new Set(texts)].join(' ') });
    }
    after = cases.at(-1)?.instanceKey ?? after;
    if (cases.length < pageSize) return refusals;
  }
}

/** The running cases of one version under another one: read page by page, those that stand alike judged once. */
import type { PoolClient } from 'pg';
import { diffModels } from '#bpmn/diff.ts';
import { Impacts, signatureOf } from '#bpmn/migration/impact.ts';
import type { Impact } from '#bpmn/migration/impact.ts';
import { certainMapping, proposeMapping } from '#bpmn/migration/mapping.ts';
import { impactLimits } from '#contract/migration.ts';
import type { ImpactAnswer } from '#contract/migration.ts';
import { standingCases } from '#db/queries/standing.ts';
import type { StandingCase } from '#db/queries/standing.ts';
import type { ElementMapping } from '#engine/command.ts';
import type { ProcessModel } from '#engine/model.ts';
import { impactText } from './texts.ts';
import type { Locale } from './texts.ts';

export interface ImpactQuestion {
  readonly source: ProcessModel;
  readonly sourceKey: string;
  readonly sourceVersion: number;
  readonly target: ProcessModel;
  readonly targetKey: string | null;
  /** undefined: what is certain of the proposal. */
  readonly mapping?: readonly ElementMapping[] | undefined;
  readonly of?: Impact['class'] | undefined;
  readonly page: { readonly from: number; readonly limit: number };
}

/** Cases read at a time. */
const pageSize = 5_000;

export async function impactOf(db: PoolClient, question: ImpactQuestion, locale: Locale): Promise<ImpactAnswer> {
  const { source, target, sourceKey, sourceVersion, targetKey } = question;
  const proposal = proposeMapping(source, target);
  const mapping = question.mapping ?? certainMapping(proposal);
  const counted = await countImpacts(db, question, new Impacts(source, target, mapping));
  const renamed = new Map(mapping.map((pair) => [pair.source, pair.target]));
  const groups = counted.groups.map(({ impact, count, elements, examples }) => ({
    class: impact.class,
    count,
    elements: [...elements],
    examples: [...examples],
    reasons: impact.reasons.map(({ code, elementId, target: targetElementId }) => {
      const message = impactText(locale, code, { element: elementId, target: targetElementId ?? '' });
      return { code, elementId, targetElementId, message };
    }),
  }));
  return {
    processDefinitionId: source.processId,
    sourceProcessDefinitionKey: sourceKey,
    sourceVersion,
    targetProcessDefinitionKey: targetKey,
    changes: diffModels(source, target, renamed).map((change) => ({ ...change, properties: [...change.properties] })),
    mapping: proposal
      .filter(({ by }) => by !== 'id')
      .map((row) => ({
        sourceElementId: row.source,
        targetElementId: row.target,
        confidence: row.confidence,
        by: row.by,
      })),
    mappingInstructions: mapping.map((pair) => ({ sourceElementId: pair.source, targetElementId: pair.target })),
    counts: counted.counts,
    complete: counted.complete,
    groups,
    items: counted.items,
  };
}

interface Group {
  readonly impact: Impact;
  readonly elements: ReadonlySet<string>;
  readonly examples: string[];
  count: number;
}
interface Counted {
  readonly counts: ImpactAnswer['counts'];
  readonly complete: boolean;
  readonly groups: readonly Group[];
  readonly items: ImpactAnswer['items'];
}

export async function countImpacts(
  db: PoolClient,
  { sourceKey, of, page }: Pick<ImpactQuestion, 'sourceKey' | 'of' | 'page'>,
  impacts: Impacts,
): Promise<Counted> {
  const groups: Group[] = [];
  const known = new Map<string, number>();
  const counts = { safe: 0, needsMapping: 0, blocked: 0 };
  const items: ImpactAnswer['items'] = [];
  let [seen, met, after] = [0, 0, '0'];
  for (;;) {
    const cases = await standingCases(db, { definitionKey: sourceKey, after, limit: pageSize });
    for (const standing of cases) {
      const signature = signatureOf(standing.elements);
      const group = known.get(signature) ?? groups.push(groupOf(impacts, signature, standing)) - 1;
      known.set(signature, group);
      const found = groups[group];
      if (!found) continue;
      const { impact, examples } = found;
      found.count += 1;
      counts[impact.class] += 1;
      if (examples.length < impactLimits.examples) examples.push(standing.instanceKey);
      if (of !== undefined && of !== impact.class) continue;
      const { instanceKey: processInstanceKey, businessKey: businessId } = standing;
      const isOnPage = met >= page.from && items.length < page.limit;
      if (isOnPage) items.push({ processInstanceKey, businessId, class: impact.class, group });
      met += 1;
    }
    seen += cases.length;
    after = cases.at(-1)?.instanceKey ?? after;
    const isLast = cases.length < pageSize;
    if (isLast || seen >= impactLimits.cases) return { counts, complete: isLast, groups, items };
  }
}

function groupOf(impacts: Impacts, signature: string, { elements }: StandingCase): Group {
  const active = Object.values(elements).filter(({ seq }) => seq !== 0);
  return {
    impact: impacts.ofSignature(signature, elements),
    elements: new Set(active.map(({ elementId }) => elementId)),
    examples: [],
    count: 0,
  };
}

/** Other default deadlines: who keeps the old one, and what runs by it. */
import type { PoolClient } from 'pg';
import { deadlineLimits, deadlines, deadlinesSetting, deadlinesVariable } from '#contract/setting.ts';
import type { DeadlineChange, Deadlines } from '#contract/setting.ts';
import { countCarrying, runningDefinitions, runningWaits } from '#db/queries/deadlines.ts';
import { readSetting } from '#db/settings.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import type { ModelCache } from './models.ts';

type Difference = Pick<DeadlineChange, 'profile' | 'name' | 'before' | 'after'>;

export async function deadlineChanges(db: PoolClient, models: ModelCache, after: Deadlines): Promise<DeadlineChange[]> {
  const parsed = deadlines.safeParse((await readSetting(db, deadlinesSetting))?.value);
  const differences = differencesOf(parsed.success ? parsed.data : {}, after);
  const changes: DeadlineChange[] = [];
  for (const difference of differences) {
    const { name, before } = difference;
    const running = before === null ? 0 : await countCarrying(db, { variable: deadlinesVariable, name, value: before });
    const waits = before === null ? [] : await waitsBy(db, models, { name, before });
    changes.push({ ...difference, running, waits });
  }
  return changes;
}

function differencesOf(before: Deadlines, after: Deadlines): readonly Difference[] {
  const profiles = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return profiles.flatMap((profile) => {
    const [old, wanted] = [before[profile] ?? {}, after[profile] ?? {}];
    const names = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
    return names.flatMap((name): Difference[] => {
      const change = { profile, name, before: old[name] ?? null, after: wanted[name] ?? null };
      return change.before === change.after ? [] : [change];
    });
  });
}

async function waitsBy(
  db: PoolClient,
  models: ModelCache,
  { name, before: value }: { readonly name: string; readonly before: string },
): Promise<DeadlineChange['waits']> {
  const waits: DeadlineChange['waits'] = [];
  for (const { key: definitionKey, version } of await runningDefinitions(db)) {
    const model = await models.get(db, definitionKey);
    const elements = model === null ? [] : elementsBy(model, name);
    if (model === null || elements.length === 0) continue;
    const carried = { variable: deadlinesVariable, name, value };
    const found = await runningWaits(db, { ...carried, definitionKey, elements, examples: deadlineLimits.examples });
    for (const { examples, ...wait } of found) {
      const of = { processDefinitionId: model.processId, processDefinitionVersion: version };
      waits.push({ ...wait, ...of, elementName: model.nodes[wait.elementId]?.name ?? null, examples: [...examples] });
    }
  }
  return waits;
}

const deadlineRead = new RegExp(String.raw`\b${deadlinesVariable}\.(\w+)`, 'g');
/** Elements whose timer or due date is reckoned with the deadline of that name. */
function elementsBy(model: ProcessModel, name: string): readonly string[] {
  return Object.values(model.nodes).flatMap((node) => {
    const read = [...JSON.stringify(timesOf(node)).matchAll(deadlineRead)].map(([, found]) => found);
    return read.includes(name) ? [node.id] : [];
  });
}
/** What says when: of a user task only its dates, of anything else the timers it waits for. */
const timesOf = (node: FlowNode): unknown => (node.type === 'userTask' ? [node.task.dueDate] : node);

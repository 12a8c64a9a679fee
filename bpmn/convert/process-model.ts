/**
 * BPMN for Camunda 7 (and Activiti, Flowable, Operaton) → BPMN with Zeebe's extension elements. What Camunda 7 writes and its engine
 * does: Camunda 7 manual, "BPMN 2.0 Reference" and "Custom Extensions"; what becomes of it: Camunda docs, "Migrating from Camunda 7".
 * Whatever is not theirs (diagram, lanes, documentation, foreign extensions) is written again as it was read; XML comments are not kept.
 */
import { walk } from '../graph.ts';
import { child, moddle, type ModdleElement } from '../moddle.ts';
import { parseBpmn, type LostContent } from '../parse.ts';
import type { ConvertContext } from './context.ts';
import { written, type Converted } from './converted.ts';
import { leftovers } from './elements/common.ts';
import { multiInstance } from './elements/multi-instance.ts';
import { executionPlatform } from './elements/process.ts';
import { convertElement } from './elements/registry.ts';
import { ConversionLog } from './report.ts';
import { declaresVendor, dropDeclarations } from './vendor.ts';

export async function convertProcesses(
  xml: string,
  formIds: ReadonlyMap<string, string> = new Map(),
): Promise<Converted> {
  const parsed = await parseBpmn(xml);
  if (!parsed.ok) return parsed;
  const { definitions, lost } = parsed;
  const log = new ConversionLog();
  const context: ConvertContext = { log, forms: [], formIds, isVendors: declaresVendor(definitions) };
  const elements = [...walk(definitions)];
  executionPlatform(definitions, context);
  for (const element of elements) {
    const loop = child(element, 'loopCharacteristics');
    if (loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics') multiInstance(loop, lost, context);
    convertElement(element, context);
  }
  for (const element of elements) leftovers(element, context);
  reportLost(definitions, lost, context);
  log.writeNotes();
  dropDeclarations(definitions);
  const text = await written(async () => (await moddle.toXML(definitions, { format: true })).xml);
  return text.ok ? { ...text, generated: context.forms, report: log.report() } : text;
}

/** Said, because it is not in what is written. What became of a collection is said by its element. */
function reportLost(definitions: ModdleElement, lost: readonly LostContent[], { log }: ConvertContext): void {
  for (const { element, property, detail } of lost) {
    if (property === 'bpmn:loopDataInputRef') continue;
    const finding = { element: element ?? definitions, construct: property ?? 'XML', original: detail };
    log.needsPerson(finding, 'UNREADABLE');
  }
}

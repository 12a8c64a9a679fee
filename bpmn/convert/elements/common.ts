/** What every element may have: properties, transaction marks, retries, notes of tools. */
import { child, extension, type ModdleElement } from '../../moddle.ts';
import { isDuration } from '../../iso8601.ts';
import { rewritten, take, type Conversion } from '../context.ts';
import { addProperty, setExtension } from '../edit.ts';
import type { DroppedCode } from '../report.ts';
import { attributeOf, bodyOf, localName, partsOf, takeElements, vendorAttributes, vendorElements } from '../vendor.ts';

/** camunda:properties. */
export const properties: Conversion = (element, { log }) => {
  for (const holder of takeElements(element, 'properties')) {
    for (const property of partsOf(holder, 'property')) {
      const name = attributeOf(property, 'name') ?? attributeOf(property, 'id') ?? '';
      const value = attributeOf(property, 'value') ?? bodyOf(property);
      if (name === '') continue;
      addProperty(element, name, value);
      log.mapped({ element, construct: holder.$type, original: `${name}=${value}` }, 'zeebe:property');
    }
  }
};

/** Attributes that say nothing here. Camunda docs, "Migrating from Camunda 7", general considerations. */
const dropped: Readonly<Record<string, DroppedCode>> = {
  asyncBefore: 'ASYNC',
  asyncAfter: 'ASYNC',
  async: 'ASYNC',
  asyncLeave: 'ASYNC',
  exclusive: 'ASYNC',
  historyTimeToLive: 'HISTORY_TIME_TO_LIVE',
  isStartableInTasklist: 'STARTABLE',
  modelerTemplate: 'ELEMENT_TEMPLATE',
  modelerTemplateVersion: 'ELEMENT_TEMPLATE',
  modelerTemplateIcon: 'ELEMENT_TEMPLATE',
  errorMessage: 'ERROR_MESSAGE',
  diagramRelationId: 'TOOL_NOTE',
};
export const meaningless: Conversion = (element, { log }) => {
  for (const [name, code] of Object.entries(dropped)) {
    const found = take(element, name);
    if (found !== null) log.dropped(found, code);
  }
};

/** camunda:jobPriority and camunda:taskPriority → zeebe:jobPriorityDefinition. The closer of the two to the work wins. */
export const jobPriority: Conversion = (element, context) => {
  for (const name of ['jobPriority', 'taskPriority']) {
    const found = take(element, name);
    if (found === null) continue;
    const worksHere = element.$type === 'bpmn:Process' || extension(element, 'zeebe:TaskDefinition') !== null;
    if (!worksHere) context.log.dropped(found, 'RETRY_WITHOUT_JOB');
    else {
      setExtension(element, 'zeebe:JobPriorityDefinition', { priority: rewritten(context, found) });
    }
  }
};

/** `R5/PT10M`, or the waits themselves: `PT1M,PT5M` (Camunda 7 manual, "Retry time cycle configuration"). */
function retriesOf(cycle: string): { readonly retries: number; readonly waits: readonly string[] } | null {
  const repeated = /^R(\d{1,6})\/(.+)$/.exec(cycle);
  if (repeated === null) {
    const waits = cycle.split(',').map((wait) => wait.trim());
    return waits.every(isDuration) ? { retries: waits.length + 1, waits } : null;
  }
  const [, count = '', wait = ''] = repeated;
  return isDuration(wait) && Number(count) > 0 ? { retries: Number(count), waits: [wait] } : null;
}

/** camunda:failedJobRetryTimeCycle → retries and the property alur.retryBackoff. */
export const retryTimeCycle: Conversion = (element, { log }) => {
  const loop = child(element, 'loopCharacteristics');
  const holders = loop === null ? [element] : [element, loop];
  for (const part of holders.flatMap((holder) => takeElements(holder, 'failedJobRetryTimeCycle'))) {
    const finding = { element, construct: part.$type, original: bodyOf(part) };
    const read = retriesOf(finding.original);
    if (extension(element, 'zeebe:TaskDefinition') === null) log.dropped(finding, 'RETRY_WITHOUT_JOB');
    else if (read === null) log.needsPerson(finding, 'RETRY_CYCLE');
    else {
      setExtension(element, 'zeebe:TaskDefinition', { retries: String(read.retries) });
      addProperty(element, 'alur.retryBackoff', read.waits.join(','));
      log.mapped(finding, `retries="${read.retries}" alur.retryBackoff="${read.waits.join(',')}"`);
    }
  }
};

/** What nothing else has taken: left in place, so that publishing refuses it. */
export const leftovers: Conversion = (element, { log }) => {
  for (const { qualified, value } of vendorAttributes(element)) {
    log.needsPerson({ element, construct: qualified, original: value }, 'UNKNOWN');
  }
  for (const part of vendorElements(element)) {
    log.needsPerson({ element, construct: part.$type, original: describe(part) }, 'UNKNOWN');
  }
};

const describe = (part: ModdleElement): string => {
  const name = attributeOf(part, 'id') ?? attributeOf(part, 'name') ?? attributeOf(part, 'source') ?? bodyOf(part);
  return name === '' ? localName(part) : name;
};

/** Execution and task listeners → job-based listeners. Camunda 8 docs, "Execution listeners", "User task listeners". */
import { idOf, type ModdleElement } from '../../moddle.ts';
import type { Conversion, ConvertContext } from '../context.ts';
import { addListener, create } from '../edit.ts';
import { attributeOf, bodyOf, partsOf, takeElements } from '../vendor.ts';
import { jobTypeOf } from './implementation.ts';

/** Camunda 7's event → Camunda 8's. */
const executionEvents: Readonly<Record<string, string>> = { start: 'start', end: 'end' };
const taskEvents: Readonly<Record<string, string>> = {
  create: 'creating',
  assignment: 'assigning',
  update: 'updating',
  complete: 'completing',
  delete: 'canceling',
};

export const executionListeners: Conversion = (element, context) => {
  for (const part of takeElements(element, 'executionListener')) listener(part, element, 'Execution', context);
};
export const taskListeners: Conversion = (element, context) => {
  for (const part of takeElements(element, 'taskListener')) listener(part, element, 'Task', context);
};

function listener(
  part: ModdleElement,
  element: ModdleElement,
  kind: 'Execution' | 'Task',
  context: ConvertContext,
): void {
  const events = kind === 'Execution' ? executionEvents : taskEvents;
  const event = attributeOf(part, 'event') ?? '';
  const eventType = Object.hasOwn(events, event) ? events[event] : undefined;
  const original = codeOf(part);
  const finding = { element, construct: `${part.$type} ${event}`.trim(), original };
  if (eventType === undefined) {
    context.log.needsPerson(finding, 'LISTENER_EVENT', { event });
    return;
  }
  const isScript = partsOf(part, 'script').length > 0;
  const fallback = `${idOf(element) ?? kind}.${eventType}`;
  const type = isScript ? fallback : jobTypeOf(original, fallback);
  const headers = headersOf(part);
  addListener(element, kind, headers === null || kind === 'Task' ? { eventType, type } : { eventType, type, headers });
  context.log.needsPerson(finding, 'LISTENER', { event: eventType }, type);
}

const codeOf = (part: ModdleElement): string =>
  attributeOf(part, 'class') ??
  attributeOf(part, 'delegateExpression') ??
  attributeOf(part, 'expression') ??
  partsOf(part, 'script').map(bodyOf)[0] ??
  '';

/** camunda:field of a listener with a constant. */
function headersOf(part: ModdleElement): ModdleElement | null {
  const values = partsOf(part, 'field').map((field) =>
    create('zeebe:Header', {
      key: attributeOf(field, 'name') ?? '',
      value:
        attributeOf(field, 'stringValue') ?? partsOf(field).map(bodyOf)[0] ?? attributeOf(field, 'expression') ?? '',
    }),
  );
  return values.length === 0 ? null : create('zeebe:TaskHeaders', { values });
}

/** docs/elements.md, written from the registries of the compiler and of the engine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventKinds, eventPositions, legalEvents, type EventPosition } from '#bpmn/events/positions.ts';
import { metamodel, preservedTypes, type TypeFate } from '#bpmn/metamodel.ts';
import remedies from '#bpmn/remedies.json' with { type: 'json' };
import { transformers, unsupported } from '#bpmn/transformers/registry.ts';
import { allowedExtensions } from '#bpmn/vocabulary.ts';
import { activityPlaces, gatewayUses, illegalUse, type ActivityPlace } from './element-cells.ts';

const root = process.cwd();

/** `bpmn:AdHocSubProcess` → `adHocSubProcess`. */
const elementName = (type: string): string => type.charAt(5).toLowerCase() + type.slice(6);
/** An event sub-process is a sub-process that an event triggers: an element of its own in the model. */
export const elementTypes: readonly string[] = [...Object.keys(transformers).map(elementName), 'eventSubProcess'];
export const gatewayTypes = elementTypes.filter((type) => type.endsWith('Gateway'));
export const activityTypes = elementTypes.filter((type) => !/Event$|Gateway$/.test(type));

/** Which file an element's entry in a registry comes from; null: it has none. */
function fileOf(folder: string, entry: RegExp): string | null {
  const source = readFileSync(join(root, folder, 'registry.ts'), 'utf8');
  const name = entry.exec(source)?.[1];
  if (name === undefined) return null;
  const file = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from './([a-z-]+\\.ts)'`).exec(source)?.[1];
  const path = file === undefined ? null : `${folder}/${file}`;
  return path !== null && existsSync(join(root, path)) ? path : null;
}
export const behaviorFileOf = (type: string): string | null =>
  fileOf('engine/behaviors', new RegExp(`^ {2}${type}: (\\w+),`, 'm')) ??
  fileOf('engine/behaviors', new RegExp(`^ {2}(${type}),`, 'm'));
export function transformerFileOf(type: string): string | null {
  if (type === 'eventSubProcess') return 'bpmn/transformers/event-sub-process.ts';
  const element = `bpmn:${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return fileOf('bpmn/transformers', new RegExp(`'${element}': (\\w+)`));
}

/** Element of each position of events. */
const elementAt: Readonly<Record<EventPosition, string>> = {
  processStart: 'startEvent',
  subProcessStart: 'startEvent',
  eventSubProcessStart: 'startEvent',
  eventSubProcessStartNonInterrupting: 'startEvent',
  intermediateCatch: 'intermediateCatchEvent',
  boundary: 'boundaryEvent',
  boundaryNonInterrupting: 'boundaryEvent',
  intermediateThrow: 'intermediateThrowEvent',
  end: 'endEvent',
};

/** Places where the standard knows no activity of a type, with the clause that says so. */
export function illegalPlace(type: string, place: ActivityPlace): string | null {
  if (place === 'instantiating') return type === 'receiveTask' ? null : '§10.3.3';
  if (type !== 'eventSubProcess') return null;
  const marked: readonly ActivityPlace[] = ['multiInstance', 'cardinality', 'standardLoop', 'compensationHandler'];
  return marked.includes(place) || place === 'boundaryEvent' || place === 'conditionalFlow' ? '§10.3.5' : null;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => (texts.length === 0 ? '–' : texts.map(code).join(', '));
const executed = 'executed';

function eventsTable(): string {
  const rows = eventKinds.map((kind) => [
    kind,
    ...eventPositions.map((position) => {
      const { kinds, clause } = legalEvents[position];
      return kinds.includes(kind) ? executed : `– ${clause}`;
    }),
  ]);
  const files = eventPositions.map((position) => {
    const type = elementAt[position];
    return [position, code(transformerFileOf(type) ?? '?'), code(behaviorFileOf(type) ?? '?')];
  });
  return `${table(['event', ...eventPositions], rows)}\n\n${table(['position', 'compiled by', 'executed by'], files)}`;
}

const activitiesTable = (): string =>
  table(
    ['activity', ...activityPlaces, 'compiled by', 'executed by'],
    activityTypes.map((type) => [
      type,
      ...activityPlaces.map((place) => {
        const clause = illegalPlace(type, place);
        return clause === null ? executed : `– ${clause}`;
      }),
      code(transformerFileOf(type) ?? '?'),
      code(behaviorFileOf(type) ?? '?'),
    ]),
  );

const gatewaysTable = (): string =>
  table(
    ['gateway', ...gatewayUses, 'compiled by', 'executed by'],
    gatewayTypes.map((type) => [
      type,
      ...gatewayUses.map((use) => {
        const clause = illegalUse(type, use);
        return clause === null ? executed : `– ${clause}`;
      }),
      code(transformerFileOf(type) ?? '?'),
      code(behaviorFileOf(type) ?? '?'),
    ]),
  );

function fatesTable(): string {
  const remedy = (name: string): string => remedies[name as keyof typeof remedies].en;
  const rows = Object.entries(metamodel).map(([type, fate]: [string, TypeFate]) => [
    code(type),
    codes(fate.executed ?? []),
    codes(fate.preserved ?? []),
    Object.entries(fate.noted ?? {})
      .map(([name, note]) => `${code(name)}: ${remedy(note)}`)
      .join('<br>') || '–',
    Object.entries(fate.rejected ?? {})
      .map(
        ([name, { plain, fix }]) =>
          `${code(name)}${plain === null ? '' : ` other than ${code(plain)}`}: ${remedy(fix)}`,
      )
      .join('<br>') || '–',
  ]);
  return table(['type', 'executed', 'preserved', 'preserved with a note', 'rejected, and what to do'], rows);
}

const extensionsTable = (): string =>
  table(
    ['element', 'Zeebe extension elements'],
    Object.entries(allowedExtensions).map(([type, names]) => [code(type), codes([...names, 'zeebe:Properties'])]),
  );

/** The whole file. */
export const elementsPage = (): string => `# Elements of BPMN 2.0 and what becomes of them

Written by \`test/bpmn/elements.test.ts\` from the registries (\`UPDATE_GOLDENS=1 npx jest test/bpmn/elements\`); the test compiles and
runs the smallest model of every cell below. A dash is a combination that the standard does not know, with the clause of BPMN 2.0.2 that
says so; such a model is refused at publishing with the reason and what to do instead. Nothing is ignored.

## Events

A multiple event may consist of every kind that is legal at its position by itself, but links; a parallel multiple one of messages,
timers, signals and conditions. \`cancelActivity\` says nothing on a compensation event (table 10.92). Definitions are compiled by \`bpmn/events/\`.

${eventsTable()}

## Activities

Multi-instance goes through a collection (\`zeebe:loopCharacteristics\` or \`loopDataInputRef\`), cardinality by number; each parallel or
sequential. \`boundaryEvent\`: any legal boundary event may be attached.

${activitiesTable()}

## Gateways

${gatewaysTable()}

Outgoing flows of activities, and of events but start events, may carry conditions too (§10.6.2, §10.6.3).

## Attributes and child elements

${fatesTable()}

Preserved with all they contain: ${codes(preservedTypes)}.

Refused inside a process, because they belong to a choreography: ${codes(Object.keys(unsupported))}.

## Extension elements

${extensionsTable()}
`;

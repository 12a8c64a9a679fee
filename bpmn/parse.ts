/** XML text → BPMN tree, with everything that could not be read. Never throws, whatever the text is. */
import { limits } from './limits.ts';
import { problemOf, type AdmissionProblem, type ProblemCode, type ProblemValues } from './admission.ts';
import { filled, shownId, moddle, typeName, type ModdleElement } from './moddle.ts';
import { scan, type ScannedElement } from './scan.ts';

export type ParseOutcome =
  | { readonly ok: false; readonly problems: readonly AdmissionProblem[] }
  | {
      readonly ok: true;
      readonly definitions: ModdleElement;
      readonly problems: readonly AdmissionProblem[];
      /** 1-based line of the element with an id. */
      readonly lines: ReadonlyMap<string, number>;
      readonly lost: readonly LostContent[];
    };

/** What the file says and the tree does not hold: a reference that leads nowhere, or a place that cannot be read. */
export interface LostContent {
  /** null: not known. */
  readonly element: ModdleElement | null;
  /** Such as `bpmn:signalRef`; null: no reference. */
  readonly property: string | null;
  /** The reference's target, or the place in the parser's words. */
  readonly detail: string;
}

interface Warning {
  readonly message: string;
  readonly element?: object;
  readonly property?: string;
  readonly value?: unknown;
}

/** Line from 1, column from 0. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** References that decide what is executed; others that lead nowhere are only warned of. */
const executedReferences = new Set([
  'bpmn:sourceRef',
  'bpmn:targetRef',
  'bpmn:attachedToRef',
  'bpmn:default',
  'bpmn:messageRef',
  'bpmn:errorRef',
  'bpmn:signalRef',
  'bpmn:escalationRef',
  'bpmn:activityRef',
  'bpmn:eventDefinitionRef',
  'bpmn:loopDataInputRef',
  'bpmn:loopDataOutputRef',
  'bpmn:target',
]);
const drawn = new Set(['bpmn:Association', 'bpmn:MessageFlow', 'bpmn:ConversationLink']);

export async function parseBpmn(xml: string): Promise<ParseOutcome> {
  const scanned = scan(xml);
  if (!scanned.ok) {
    const { code, line, detail } = scanned.problem;
    return { ok: false, problems: [problemOf(code, null, { detail, limit: limits.sourceBytes }, line)] };
  }
  const { lines, elements } = scanned;
  const place = { lines, elements };
  const strict = await read(xml, false);
  if (strict.ok) return outcome(strict, place);
  // Each unreadable place costs the parser a look from the beginning: all of them are gathered only where that is cheap.
  const lax = elements.length * xml.length <= limits.laxCost ? await read(xml, true) : strict;
  return lax.ok ? outcome(lax, place) : { ok: false, problems: [fatal(lax.message, elements)] };
}

interface Place {
  readonly lines: ReadonlyMap<string, number>;
  readonly elements: readonly ScannedElement[];
}
interface Reading {
  readonly ok: true;
  readonly definitions: ModdleElement;
  readonly warnings: readonly Warning[];
}

async function read(xml: string, lax: boolean): Promise<Reading | { readonly ok: false; readonly message: string }> {
  try {
    const { rootElement, warnings } = await moddle.fromXML(xml, { lax });
    return { ok: true, definitions: rootElement as ModdleElement, warnings };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function outcome({ definitions, warnings }: Reading, { lines, elements }: Place): ParseOutcome {
  const problems = warnings.map((warning) => problemOfWarning(warning, lines, elements));
  return { ok: true, definitions, problems, lines, lost: warnings.flatMap(lostBy) };
}

function lostBy({ message, element, property, value }: Warning): LostContent[] {
  if (element !== undefined) {
    if (!message.startsWith('unresolved reference')) return [];
    return [{ element: element as ModdleElement, property: property ?? null, detail: String(value) }];
  }
  return message.startsWith('unsupported document encoding')
    ? []
    : [{ element: null, property: null, detail: message }];
}

function fatal(message: string, elements: readonly ScannedElement[]): AdmissionProblem {
  const { place, detail } = placeOf(message);
  const foreign = /failed to parse document|unexpected element|unrecognized element/.test(message);
  return at(foreign ? 'XML_NOT_BPMN' : 'XML_MALFORMED', { detail }, place, elements);
}

function problemOfWarning(
  warning: Warning,
  lines: ReadonlyMap<string, number>,
  elements: readonly ScannedElement[],
): AdmissionProblem {
  const element = warning.element === undefined ? null : (warning.element as ModdleElement);
  if (element !== null) return problemOfElement(warning, element, lines);
  const { place, detail, nested } = placeOf(warning.message);
  const duplicate = /duplicate ID <(.*)>/.exec(nested)?.[1];
  if (duplicate !== undefined) return problemOf('DUPLICATE_ID', duplicate, { id: duplicate }, place?.line ?? null);
  if (warning.message.startsWith('unsupported document encoding')) return problemOf('XML_ENCODING', null, { detail });
  return at('CONTENT_UNKNOWN', { detail }, place, elements);
}

function problemOfElement(
  warning: Warning,
  element: ModdleElement,
  lines: ReadonlyMap<string, number>,
): AdmissionProblem {
  const owner = shownId(element);
  const line = owner === null ? null : (lines.get(owner) ?? null);
  const property = warning.property ?? '';
  const values: ProblemValues = { property: property.replace(/^bpmn:/, ''), target: String(warning.value) };
  if (warning.message.startsWith('unresolved reference')) {
    const executed = executedReferences.has(property) && !drawn.has(element.$type);
    return problemOf(executed ? 'REFERENCE_UNRESOLVED' : 'REFERENCE_DANGLING', owner, values, line);
  }
  const outsideProcess = !element.$type.startsWith('bpmn:') && !element.$type.startsWith('zeebe:');
  const code = outsideProcess ? 'DIAGRAM_CONTENT_UNKNOWN' : 'CONTENT_UNKNOWN';
  const name = filled(element, 'name');
  const detail = `${property}="${String(warning.value)}" (${typeName(element)}${name === null ? '' : ` ${name}`})`;
  return problemOf(code, owner, { detail }, line);
}

/** The parser's own texts end in `line: n` (from 0), `column: n`, `nested error: …`. */
function placeOf(message: string): {
  readonly place: Position | null;
  readonly detail: string;
  readonly nested: string;
} {
  const number = /\n\tline: (\d+)/.exec(message)?.[1];
  const column = /\n\tcolumn: (\d+)/.exec(message)?.[1];
  const nested = /\n\tnested error: ([^]*)$/.exec(message)?.[1] ?? '';
  const content = /^unparsable content (<[^>]*>)/.exec(message)?.[1] ?? '';
  const detail = nested === '' ? message : `${content} ${nested}`.trim();
  const place = number === undefined ? null : { line: Number(number) + 1, column: Number(column ?? 0) };
  return { place, detail, nested };
}

function at(
  code: ProblemCode,
  values: ProblemValues,
  place: Position | null,
  elements: readonly ScannedElement[],
): AdmissionProblem {
  const element = place === null ? undefined : lastUpTo(elements, place);
  const readable = element?.insideDiagram === true && code === 'CONTENT_UNKNOWN' ? 'DIAGRAM_CONTENT_UNKNOWN' : code;
  return problemOf(readable, element?.owner ?? null, values, place?.line ?? null);
}

/** Binary search: the elements are in document order. */
function lastUpTo(elements: readonly ScannedElement[], place: Position): ScannedElement | undefined {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = elements[middle];
    if (element !== undefined && !isBehind(element, place)) low = middle + 1;
    else high = middle;
  }
  return elements[low - 1];
}

const isBehind = (element: Position, place: Position): boolean =>
  element.line > place.line || (element.line === place.line && element.column > place.column);

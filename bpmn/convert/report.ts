/** What a conversion did, element by element: mapped, dropped because it means nothing here, or left for a person. JSON. */
import { fillBoth, type BilingualText, type ProblemValues } from '../admission.ts';
import { idOf, instanceOf, nameOf, shownId, typeName, type ModdleElement } from '../moddle.ts';
import { addDocumentation } from './edit.ts';
import { convertLimits } from './limits.ts';
import texts from './texts.json' with { type: 'json' };

export type DroppedCode = keyof typeof texts.dropped;
export type PersonCode = keyof typeof texts.needsPerson;
export type Outcome = 'mapped' | 'dropped' | 'needsPerson';

export interface ConversionEntry {
  /** The diagram element, or the error, message or decision; null: the file as a whole. */
  readonly elementId: string | null;
  /** Name of the XML element, such as `userTask`. */
  readonly elementType: string;
  readonly name: string | null;
  /** As the file writes it, such as `camunda:assignee`. */
  readonly construct: string;
  readonly outcome: Outcome;
  /** The text that stood there. */
  readonly original: string;
  /** What stands there now; null: nothing. */
  readonly result: string | null;
  /** Key in texts.json; null: mapped. */
  readonly code: DroppedCode | PersonCode | null;
  /** Why it was dropped or needs a person; null: mapped. */
  readonly reason: BilingualText | null;
  /** What the person should do; null: nothing. */
  readonly remedy: BilingualText | null;
}
export interface ConversionReport {
  readonly mapped: number;
  readonly dropped: number;
  readonly needsPerson: number;
  readonly entries: readonly ConversionEntry[];
}

/** A construct of the other engine, at its element. */
export interface Finding {
  readonly element: ModdleElement;
  readonly construct: string;
  readonly original: string;
}

const quoted = (text: string): string =>
  text.length > convertLimits.quotedLength ? `${text.slice(0, convertLimits.quotedLength)}…` : text;

/** The element itself, or the nearest one around it, that people see on the diagram or in a list. */
function shownElement(element: ModdleElement): ModdleElement {
  const id = shownId(element);
  for (let at: ModdleElement | undefined = element; at !== undefined; at = at.$parent) {
    if (id !== null && idOf(at) === id) return at;
  }
  return element;
}

export class ConversionLog {
  readonly #entries: ConversionEntry[] = [];
  readonly #notes = new Map<ModdleElement, string[]>();

  mapped(finding: Finding, result: string): void {
    this.#add(finding, { outcome: 'mapped', result: quoted(result), code: null, reason: null, remedy: null });
  }
  dropped(finding: Finding, code: DroppedCode): void {
    this.#add(finding, { outcome: 'dropped', result: null, code, reason: texts.dropped[code], remedy: null });
  }
  needsPerson(finding: Finding, code: PersonCode, values: ProblemValues = {}, result: string | null = null): void {
    const all = { original: quoted(finding.original), result: result ?? '', ...values };
    const { reason, remedy } = texts.needsPerson[code];
    const filled = { reason: fillBoth(reason, all), remedy: fillBoth(remedy, all) };
    const element = this.#add(finding, { outcome: 'needsPerson', result, code, ...filled });
    const note = fillBoth(texts.note, { construct: finding.construct, ...filled });
    this.#notes.set(element, [...(this.#notes.get(element) ?? []), `${note.id}\n${note.en}\n${finding.original}`]);
  }

  #add(
    { element, construct, original }: Finding,
    rest: Pick<ConversionEntry, 'outcome' | 'result' | 'code' | 'reason' | 'remedy'>,
  ): ModdleElement {
    const shown = shownElement(element);
    const at = { elementId: idOf(shown), elementType: typeName(shown), name: nameOf(shown) };
    this.#entries.push({ ...at, construct, original: quoted(original), ...rest });
    return shown;
  }

  /** Writes what needs a person into the documentation of the elements, where modeling tools show it. */
  writeNotes(): void {
    for (const [element, notes] of this.#notes) {
      if (instanceOf(element, 'bpmn:BaseElement')) addDocumentation(element, notes.join('\n\n'));
    }
  }
  report(): ConversionReport {
    return reportOf(this.#entries);
  }
}

export function reportOf(entries: readonly ConversionEntry[]): ConversionReport {
  const count = (outcome: Outcome): number => entries.filter((entry) => entry.outcome === outcome).length;
  return { mapped: count('mapped'), dropped: count('dropped'), needsPerson: count('needsPerson'), entries };
}

/**
 * Where something is in the course of an instance, said without numbers that another model would give differently: the n-th instance of
 * an element, and what of it.
 */
import type { Seq } from '../command.ts';
import type { Fact } from '../fact.ts';
import type { ElementId } from '../model.ts';

/** The n-th activation of an element, 0-based, in the order they began; the process itself is 0 of its id. */
export interface Place {
  readonly elementId: ElementId;
  readonly ordinal: number;
}
/** What waits at a place: which catching element's, and which of its triggers. */
export interface WaitPlace extends Place {
  readonly catches: ElementId;
  readonly part: number;
}

export const nameOf = ({ elementId, ordinal }: Place): string => `${elementId}#${ordinal}`;
export const waitNameOf = (place: WaitPlace): string => `${nameOf(place)}/${place.catches}#${place.part}`;

/** Knows the places of one instance, from its facts as they come. */
export class Places {
  readonly #counts = new Map<string, number>();
  readonly #places = new Map<Seq, Place>();
  readonly #seqs = new Map<string, Seq>();

  /** Bodies of looping activities have places of their own. */
  note(fact: Fact): void {
    if (fact.type === 'instanceStarted') this.#add(0, fact.processId, '');
    if (fact.type === 'elementActivated') {
      const isOwn = fact.elementType.endsWith('Body') || fact.elementType === 'compensation';
      this.#add(fact.element, fact.elementId, isOwn ? `${fact.elementType} ` : '');
    }
  }

  #add(seq: Seq, elementId: ElementId, kind: string): void {
    const id = `${kind}${elementId}`;
    const ordinal = this.#counts.get(id) ?? 0;
    this.#counts.set(id, ordinal + 1);
    const place = { elementId: id, ordinal };
    this.#places.set(seq, place);
    this.#seqs.set(nameOf(place), seq);
  }

  /** Throws when no fact named it: the record is broken. */
  placeOf(seq: Seq): Place {
    const place = this.#places.get(seq);
    if (!place) throw new Error(`The facts do not say what ${seq} is.`);
    return place;
  }
  seqAt(place: Place): Seq | null {
    return this.#seqs.get(nameOf(place)) ?? null;
  }
}

/**
 * Markings: where the tokens of one scope are. A place is the id of an element at work, or of a sequence flow whose token waits before a
 * join (ids are unique in a file). An activity whose non-interrupting boundary events have occurred is a place of its own.
 */
import type { ElementId } from '#engine/model.ts';

export type Place = string;
/** Number of tokens by place, none of them 0. */
export type Marking = ReadonlyMap<Place, number>;

/** Stands in no id: XML ids have no control characters. */
const separator = '\u0000';

/** The element or flow of a place. */
export const idAt = (place: Place): ElementId => place.split(separator, 1)[0] ?? place;
/** Non-interrupting boundary events of the activity that have occurred. */
export const occurredAt = (place: Place): readonly ElementId[] => place.split(separator).slice(1);
/** The place of an activity after one more of its boundary events has occurred. */
export const placeAfter = (place: Place, boundary: ElementId): Place =>
  [idAt(place), ...[...occurredAt(place), boundary].sort()].join(separator);

export const countAt = (marking: Marking, place: Place): number => marking.get(place) ?? 0;

export function moveTokens(marking: Marking, from: readonly Place[], to: readonly Place[]): Marking {
  const moved = new Map(marking);
  for (const place of from) {
    const left = countAt(moved, place) - 1;
    if (left > 0) moved.set(place, left);
    else moved.delete(place);
  }
  for (const place of to) moved.set(place, countAt(moved, place) + 1);
  return moved;
}

export const markingOf = (places: readonly Place[]): Marking => moveTokens(new Map(), [], places);

/** Equal for equal markings. */
export const keyOf = (marking: Marking): string =>
  [...marking]
    .map(([place, count]) => `${place}\u0001${count}`)
    .sort()
    .join('\u0002');

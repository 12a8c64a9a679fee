/** The past of a person as lines to be read, newest first. */
import type { Person } from '#contract/person.ts';

export type HistoryKind = 'registered' | 'moved' | 'changedFamily' | 'leftFamily' | 'merged' | 'unmerged' | 'died';
export interface HistoryLine {
  readonly kind: HistoryKind;
  /** YYYY-MM-DD, or a point in time. */
  readonly on: string;
  readonly place: string | null;
  /** Why two entries were put together. */
  readonly reason: string | null;
  /** The other entry. */
  readonly personKey: string | null;
}
type Stay = Person['memberships'][number];

const lineOf = (kind: HistoryKind, on: string, more: Partial<HistoryLine> = {}): HistoryLine => ({
  kind,
  on,
  place: null,
  reason: null,
  personKey: null,
  ...more,
});

function stayLines(stay: Stay, before: Stay | undefined, after: Stay | undefined): readonly HistoryLine[] {
  const place = stay.regionName ?? stay.region;
  const began =
    before === undefined ? 'registered' : before.familyKey === stay.familyKey ? 'moved' : ('changedFamily' as const);
  const left = stay.validTo !== null && stay.validTo !== after?.validFrom;
  return [
    lineOf(began, stay.validFrom, { place }),
    ...(left && stay.validTo !== null ? [lineOf('leftFamily', stay.validTo, { place })] : []),
  ];
}

export function historyLines({ memberships, mergers, deceasedOn }: Person): readonly HistoryLine[] {
  const oldestFirst = memberships.toReversed();
  const stays = oldestFirst.flatMap((stay, index) => stayLines(stay, oldestFirst[index - 1], oldestFirst[index + 1]));
  const merges = mergers.flatMap(({ personKey, reason, mergedAt, undoneAt }) => [
    lineOf('merged', mergedAt, { reason, personKey }),
    ...(undoneAt === null ? [] : [lineOf('unmerged', undoneAt, { personKey })]),
  ]);
  const death = deceasedOn === null ? [] : [lineOf('died', deceasedOn)];
  return [...stays, ...merges, ...death].toReversed().toSorted((a, b) => b.on.localeCompare(a.on));
}

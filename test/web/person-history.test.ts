/** The past of a person in lines: where from, where to, in whose family, which other entries. */
import { describe, expect, it } from '@jest/globals';
import type { Person } from '#contract/person.ts';
import { historyLines } from '../../web/src/features/registry/person-history.ts';

const person = (more: Partial<Person>): Person => ({
  personKey: '1',
  subjectKey: '2',
  nama: 'SITI AMINAH',
  region: '32.15.01.2001',
  regionName: 'Wadas',
  deceasedOn: null,
  mergedInto: null,
  memberships: [],
  mergers: [],
  ...more,
});
const stay = (familyKey: string, regionName: string, validFrom: string, validTo: string | null) => ({
  familyKey,
  region: '32.15.01.2001',
  regionName,
  validFrom,
  validTo,
});
const told = (given: Partial<Person>): string[] =>
  historyLines(person(given)).map(({ kind, on, place }) => [kind, on, place ?? ''].join(' ').trim());

describe('the past of a person', () => {
  it('tells a move of the family from a change of family, newest first', () => {
    const memberships = [
      stay('8', 'Puseurjaya', '2026-11-01', null),
      stay('7', 'Sukaluyu', '2026-10-01', '2026-11-01'),
      stay('7', 'Wadas', '2026-01-05', '2026-10-01'),
    ];
    expect(told({ memberships })).toEqual([
      'changedFamily 2026-11-01 Puseurjaya',
      'moved 2026-10-01 Sukaluyu',
      'registered 2026-01-05 Wadas',
    ]);
  });
  it('tells of leaving a family only when no other stay begins that day', () => {
    expect(told({ memberships: [stay('7', 'Wadas', '2026-01-05', '2026-10-01')], deceasedOn: '2026-10-01' })).toEqual([
      'died 2026-10-01',
      'leftFamily 2026-10-01 Wadas',
      'registered 2026-01-05 Wadas',
    ]);
  });
  it('tells a merge with its reason, and its undoing', () => {
    const merger = {
      personKey: '9',
      reason: 'satu orang, dua NIK',
      mergedBy: 'ani',
      mergedAt: '2026-11-01T02:00:00.000Z',
      undoneAt: '2026-11-09T02:00:00.000Z',
    };
    expect(historyLines(person({ mergers: [merger] }))).toEqual([
      { kind: 'unmerged', on: merger.undoneAt, place: null, reason: null, personKey: '9' },
      { kind: 'merged', on: merger.mergedAt, place: null, reason: 'satu orang, dua NIK', personKey: '9' },
    ]);
  });
});

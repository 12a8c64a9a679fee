/** Reads of the register. What is found by a number stays out of addresses and of long-lived caches. */
import { queryOptions } from '@tanstack/react-query';
import { personEndpoints } from '#contract/person.ts';
import { call } from '../../lib/api.ts';

export const personQuery = (personKey: string) =>
  queryOptions({
    queryKey: ['person', personKey],
    queryFn: ({ signal }) => call(personEndpoints.getPerson, { params: { personKey } }, { signal }),
  });
export const participationsQuery = (personKey: string) =>
  queryOptions({
    queryKey: ['person', personKey, 'participations'],
    queryFn: ({ signal }) => call(personEndpoints.listParticipations, { params: { personKey } }, { signal }),
  });
export const personCasesQuery = (personKey: string) =>
  queryOptions({
    queryKey: ['person', personKey, 'cases'],
    queryFn: ({ signal }) => call(personEndpoints.listPersonCases, { params: { personKey } }, { signal }),
  });
export const familyQuery = (familyKey: string) =>
  queryOptions({
    queryKey: ['family', familyKey],
    queryFn: ({ signal }) => call(personEndpoints.getFamily, { params: { familyKey } }, { signal }),
  });

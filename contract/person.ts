/**
 * The register as officials read it: people and families with their history, and the ledger of help over all sources of funds. Numbers are
 * masked; the full ones are shown by `revealSubject` alone. Every answer is written into the audit trail.
 */
import { z } from 'zod';
import { caseStates } from './case.ts';
import { endpoint } from './endpoint.ts';
import { pageInfo } from './search.ts';
import { dateTime, key, keyParams, people } from './values.ts';

export const personLimits = {
  /** People that one search finds. Whoever finds more has asked too little. */
  found: 50,
  pageDefault: 20,
  /** Lines of the ledger, newest months first. */
  ledgerLines: 500,
  cases: 200,
  members: 200,
} as const;

export const foundPerson = z
  .object({
    personKey: key,
    nama: z.string(),
    /** First six digits and stars. */
    nikMasked: z.string(),
    tanggalLahir: z.string(),
    region: z.string(),
    regionName: z.string().nullable(),
    deceasedOn: z.iso.date().nullable(),
    /** How alike the name is to the one asked for, 0 to 1; null: found by number. */
    likeness: z.number().nullable(),
  })
  .meta({ id: 'FoundPerson' });
export type FoundPerson = z.infer<typeof foundPerson>;

/** A stay in a family, at one place: a move ends it and begins another. */
const membership = z.object({
  familyKey: key,
  region: z.string(),
  regionName: z.string().nullable(),
  validFrom: z.iso.date(),
  /** The first day on which it is over; null: it goes on. */
  validTo: z.iso.date().nullable(),
});
/** An entry that was found to be of the same human being. */
const merger = z.object({
  /** The entry that is only another name of this person now. */
  personKey: key,
  reason: z.string(),
  mergedBy: z.string(),
  mergedAt: dateTime,
  /** null: it stands. */
  undoneAt: dateTime.nullable(),
});
export const person = z
  .object({
    personKey: key,
    /** Record with today's data, for `getSubject`; null: erased. */
    subjectKey: key.nullable(),
    nama: z.string().nullable(),
    region: z.string(),
    regionName: z.string().nullable(),
    deceasedOn: z.iso.date().nullable(),
    /** Whom this entry was merged into: his help and cases are there. */
    mergedInto: key.nullable(),
    /** Newest first, wherever it was. */
    memberships: z.array(membership),
    /** Newest first. */
    mergers: z.array(merger),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

/** Kept for the recipient, in his hands, come back, given up. */
export const participationStates = ['RESERVED', 'PAID', 'RETURNED', 'CANCELLED'] as const;

export const participation = z
  .object({
    participationKey: key,
    programme: z.string(),
    /** Whose funds. */
    source: z.string(),
    /** `2026-11`, `2026-T4` or from one to another. */
    period: z.string(),
    /** KK: help for the family; NIK: for one person. */
    unit: z.enum(['KK', 'NIK']),
    /** false: help of the family that another member receives. */
    isOwn: z.boolean(),
    region: z.string(),
    regionName: z.string().nullable(),
    state: z.enum(participationStates),
    /** Whole rupiah; null: the reader may not see it. */
    amount: z.int().nullable(),
    /** null: it came with a list. */
    proposalNumber: z.string().nullable(),
    /** Other help held in the same months, and what decision `tumpang_tindih` says of the pair; null: that decision is not published. */
    overlaps: z
      .array(
        z.object({
          participationKey: key,
          /** Why both may not be held, by id (`overlapReasons`); none: they may. */
          reasons: z.array(z.string()),
        }),
      )
      .nullable(),
  })
  .meta({ id: 'Participation' });
export type Participation = z.infer<typeof participation>;

const personCase = z.object({
  caseKey: key,
  proposalNumber: z.string(),
  region: z.string(),
  /** null: not yet in the read model. */
  state: z.enum(caseStates).nullable(),
  endElements: z.array(z.string()),
  createdAt: dateTime,
});

const member = z.object({
  personKey: key,
  /** null: erased, restricted, or of a region that the reader does not see. */
  nama: z.string().nullable(),
  validFrom: z.iso.date(),
  validTo: z.iso.date().nullable(),
});
export const family = z
  .object({
    familyKey: key,
    region: z.string(),
    regionName: z.string().nullable(),
    /** Newest stays first. */
    members: z.array(member),
  })
  .meta({ id: 'Family' });
export type Family = z.infer<typeof family>;

const number = z
  .string()
  .transform((text) => text.replaceAll(/[ .-]/g, ''))
  .pipe(z.string().regex(/^\d{16}$/, 'sixteenDigits'));
const personFilter = z
  .strictObject({
    nik: number.optional(),
    /** Alike spellings are found; the day of birth must be the very one. */
    name: z.string().trim().min(2).max(120).optional(),
    birthDate: z.iso.date().optional(),
  })
  .refine(({ nik, name, birthDate }) => nik !== undefined || (name !== undefined && birthDate !== undefined), {
    path: ['name'],
    message: 'nikOrNameAndBirthDate',
  });
const personPage = z.strictObject({
  limit: z.int().min(1).max(personLimits.found).default(personLimits.pageDefault),
  from: z.int().min(0).max(personLimits.found).default(0),
});

const params = keyParams('personKey');
const noun = 'Person';
export const personEndpoints = {
  searchPersons: endpoint({
    method: 'post',
    path: '/v2/persons/search',
    operationId: 'searchPersons',
    noun,
    summary: 'Find people of the own region by NIK, or by name and day of birth; alike names first; audited',
    roles: people,
    body: z.object({ filter: personFilter, page: personPage.prefault({}) }),
    status: 200,
    ok: z.object({ items: z.array(foundPerson), page: pageInfo }),
    problems: [],
  }),
  getPerson: endpoint({
    method: 'get',
    path: '/v2/persons/:personKey',
    operationId: 'getPerson',
    noun,
    summary: 'A person with the families and places of the past and the entries merged into this one; audited',
    roles: people,
    params,
    status: 200,
    ok: person,
    problems: ['notFound'],
  }),
  listParticipations: endpoint({
    method: 'get',
    path: '/v2/persons/:personKey/participations',
    operationId: 'listParticipations',
    noun,
    summary: 'Help of the person and the present family, out of all funds and from every region, newest months first',
    roles: people,
    params,
    status: 200,
    ok: z.object({ items: z.array(participation) }),
    problems: ['notFound'],
  }),
  listPersonCases: endpoint({
    method: 'get',
    path: '/v2/persons/:personKey/cases',
    operationId: 'listPersonCases',
    noun,
    summary: 'Proposals for the person that the caller may see, newest first',
    roles: people,
    params,
    status: 200,
    ok: z.object({ items: z.array(personCase) }),
    problems: ['notFound'],
  }),
  searchFamilies: endpoint({
    method: 'post',
    path: '/v2/families/search',
    operationId: 'searchFamilies',
    noun,
    summary: 'The family of a card number (KK), when it lives in the own region; audited',
    roles: people,
    body: z.object({ filter: z.strictObject({ cardNumber: number }) }),
    status: 200,
    ok: z.object({ items: z.array(family) }),
    problems: [],
  }),
  getFamily: endpoint({
    method: 'get',
    path: '/v2/families/:familyKey',
    operationId: 'getFamily',
    noun,
    summary: 'A family with who belongs and belonged to it; audited',
    roles: people,
    params: keyParams('familyKey'),
    status: 200,
    ok: family,
    problems: ['notFound'],
  }),
};

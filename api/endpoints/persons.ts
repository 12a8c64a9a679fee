/**
 * The register for officials. A person is found and read by accounts of his region; his past and his help are then told from everywhere,
 * because overlaps lie beyond borders. Restricted and erased people have no name here. Each reading is in the audit trail.
 */
import type { PoolClient } from 'pg';
import { personLimits } from '#contract/person.ts';
import type { Family, FoundPerson, personEndpoints } from '#contract/person.ts';
import { appendAudit } from '#db/audit.ts';
import { inRegion, regionCovers, wholeCountry } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import {
  findFamily,
  findFamilyByCard,
  findPersons,
  mergersInto,
  proposalsFor,
  staysIn,
  staysOf,
} from '#db/registry/history.ts';
import type { RegisteredFamily, RegisteredPerson } from '#db/registry/history.ts';
import { ledgerOf } from '#db/registry/participations.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { PersonRecord } from '#registry/comparison.ts';
import { nameSimilarity } from '#registry/names.ts';
import { seesAmounts } from '../amounts.ts';
import { assertMayRead, mayRead } from '../data-protection.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { overlapsWithin } from '../overlap-pairs.ts';
import { notFound } from '../refusal.ts';

/** What every reading of the register needs of its call. */
interface Reading {
  readonly caller: Caller;
  readonly deps: Dependencies;
}

interface Known {
  readonly person: RegisteredPerson;
  readonly citizen: Citizen;
}

/** Data of today, when there is any and the caller may read it. */
async function citizenOf(
  client: PoolClient,
  { deps, caller }: Reading,
  { subjectKey }: RegisteredPerson,
): Promise<Citizen | null> {
  if (subjectKey === null || !(await mayRead(client, caller.account, subjectKey))) return null;
  return deps.vault.read(client, subjectKey);
}

const recordOf = (known: Partial<PersonRecord>): PersonRecord => ({
  nik: '',
  noKk: '',
  nama: '',
  tanggalLahir: '',
  ibuKandung: null,
  hp: null,
  alamat: null,
  rt: null,
  rw: null,
  kodeDesa: '',
  ...known,
});

async function knownAmong(client: PoolClient, call: Reading, personKeys: readonly string[]): Promise<Known[]> {
  const known: Known[] = [];
  for (const person of await findPersons(client, personKeys)) {
    const citizen = await citizenOf(client, call, person);
    if (citizen !== null) known.push({ person, citizen });
  }
  return known;
}

/** The person, seen by an account of his region. @throws Refusal when there is none, or his data is restricted */
async function visiblePerson(client: PoolClient, { caller }: Reading, personKey: string): Promise<RegisteredPerson> {
  const [person] = await findPersons(client, [personKey]);
  if (person === undefined) throw notFound();
  if (person.subjectKey !== null) await assertMayRead(client, caller.account, person.subjectKey);
  return person;
}

function auditReading(
  client: PoolClient,
  { caller }: Reading,
  { personKey, subjectKey, region }: RegisteredPerson,
  what: 'history' | 'ledger' | 'cases',
): Promise<void> {
  // By the record, so that the person is told of it when he asks who looked.
  const target = subjectKey ?? personKey;
  return appendAudit(client, {
    actor: caller.account.name,
    action: 'subject.read',
    target,
    region,
    detail: { personKey, what },
  });
}

async function familyView(client: PoolClient, call: Reading, found: RegisteredFamily): Promise<Family> {
  const nameOf = await regionNames();
  const { familyKey, region } = found;
  const stays = await staysIn(client, familyKey, personLimits.members);
  const names = new Map(
    (await knownAmong(client, call, [...new Set(stays.map(({ personKey }) => personKey))])).map(
      ({ person, citizen }) => [person.personKey, citizen.nama],
    ),
  );
  await appendAudit(client, {
    actor: call.caller.account.name,
    action: 'family.read',
    target: familyKey,
    region,
    detail: { persons: [...names.keys()] },
  });
  return {
    familyKey,
    region,
    regionName: nameOf(region),
    members: stays.map(({ personKey, validFrom, validTo }) => ({
      personKey,
      nama: names.get(personKey) ?? null,
      validFrom,
      validTo,
    })),
  };
}

export const personHandlers: HandlersOf<typeof personEndpoints> = {
  searchPersons: async (call) => {
    const { body, caller, deps, db } = call;
    const { nik, name, birthDate } = body.filter;
    const nameOf = await regionNames();
    const asked = recordOf(nik === undefined ? { nama: name ?? '', tanggalLahir: birthDate ?? '' } : { nik });
    const found = await db(async (client) => {
      const keys = await deps.vault.findPersons(client, asked, personLimits.found);
      const known = await knownAmong(client, call, keys);
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'person.search',
        target: caller.account.name,
        region: caller.account.region,
        detail: { by: nik === undefined ? 'name' : 'nik', found: known.map(({ person }) => person.personKey) },
      });
      return known;
    });
    const items = found
      .map(({ person: { personKey, region, deceasedOn }, citizen }): FoundPerson => ({
        personKey,
        nama: citizen.nama,
        nikMasked: maskNumber(citizen.nik),
        tanggalLahir: citizen.tanggalLahir,
        region,
        regionName: nameOf(region),
        deceasedOn,
        likeness: nik === undefined ? nameSimilarity(name ?? '', citizen.nama) : null,
      }))
      .sort((a, b) => (b.likeness ?? 0) - (a.likeness ?? 0));
    const { from, limit } = body.page;
    return {
      items: items.slice(from, from + limit),
      page: {
        totalItems: items.length,
        hasMoreTotalItems: items.length === personLimits.found,
        startCursor: null,
        endCursor: null,
      },
    };
  },
  getPerson: async (call) => {
    const nameOf = await regionNames();
    const { person, citizen } = await call.db(async (client) => {
      const visible = await visiblePerson(client, call, call.params.personKey);
      await auditReading(client, call, visible, 'history');
      return { person: visible, citizen: await citizenOf(client, call, visible) };
    });
    // Where he came from lies elsewhere, often.
    const { stays, mergers } = await inRegion(call.deps.pool, wholeCountry, async (client) => ({
      stays: await staysOf(client, person.personKey),
      mergers: await mergersInto(client, person.personKey),
    }));
    return {
      ...person,
      nama: citizen?.nama ?? null,
      regionName: nameOf(person.region),
      memberships: stays.map(({ personKey: _, ...stay }) => ({ ...stay, regionName: nameOf(stay.region) })),
      mergers: [...mergers],
    };
  },
  listParticipations: async (call) => {
    const { params, caller, deps, db } = call;
    const nameOf = await regionNames();
    const amounts = await db(async (client) => {
      await auditReading(client, call, await visiblePerson(client, call, params.personKey), 'ledger');
      return seesAmounts(client, caller.account);
    });
    return inRegion(deps.pool, wholeCountry, async (client) => {
      const ledger = (await ledgerOf(client, params.personKey, { amounts })).slice(0, personLimits.ledgerLines);
      const overlaps = await overlapsWithin(client, ledger);
      return {
        items: ledger.map((entry) => ({
          ...entry,
          amount: regionCovers(caller.account.region, entry.region) ? entry.amount : null,
          regionName: nameOf(entry.region),
          overlaps: overlaps?.(entry) ?? null,
        })),
      };
    });
  },
  listPersonCases: (call) =>
    call.db(async (client) => {
      const { personKey } = call.params;
      await auditReading(client, call, await visiblePerson(client, call, personKey), 'cases');
      return { items: [...(await proposalsFor(client, personKey, personLimits.cases))] };
    }),
  searchFamilies: (call) =>
    call.db(async (client) => {
      const found = await findFamilyByCard(client, call.deps.vault.numberHash(call.body.filter.cardNumber));
      return { items: found === null ? [] : [await familyView(client, call, found)] };
    }),
  getFamily: (call) =>
    call.db(async (client) => {
      const found = await findFamily(client, call.params.familyKey);
      if (found === null) throw notFound();
      return familyView(client, call, found);
    }),
};

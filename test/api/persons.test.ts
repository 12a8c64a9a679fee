/** The register as officials read it: found by name or number within the own region, with the past, the help and what overlaps; masked and audited. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { transaction } from '#db/pool.ts';
import { mergePersons } from '#db/registry/merges.ts';
import { moveFamily } from '#db/registry/moves.ts';
import { enterHelp, holdRecipient } from '#db/registry/participations.ts';
import type { NewHelp } from '#db/registry/participations.ts';
import { registerPerson } from '#db/registry/people.ts';
import { createSubjectRights } from '#db/subject-rights.ts';
import type { Citizen } from '#db/vault.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { Answered } from './api-under-test.ts';
import { filesBody } from './sample-case.ts';

const home = '32.15.01.1001';
const near = '32.15.01.1003';
const away = '32.73.01.1001';
/** Invented. */
const siti: Citizen = {
  nik: '3215015505850001',
  noKk: '3215010101100002',
  nama: 'SITI AMINAH',
  tempatLahir: 'KARAWANG',
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: 'ENTIN SUPARTINI',
  hp: '081200000001',
  alamat: 'KP. SUKAMAJU NO. 1',
  rt: '001',
  rw: '002',
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: home,
};
const yusuf: Citizen = {
  ...siti,
  nik: '3215010101800002',
  nama: 'YUSUF',
  tanggalLahir: '1980-01-01',
  jenisKelamin: 'L',
};
const help: NewHelp = {
  programme: 'PKH',
  source: 'APBN',
  period: '2026-T4',
  unit: 'KK',
  region: home,
  proposalNumber: null,
  amount: 750_000,
  state: 'PAID',
  instanceKey: null,
};

let api: ApiUnderTest;
let operator = '';
let verifier = '';
let supervisor = '';
let stranger = '';
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const account = (name: string, region: string, groups: readonly string[]) =>
    api.token({ name, region, roles: ['operator'], groups });
  operator = await account('operator', home, ['operator-desa']);
  verifier = await account('verifikator', '32.15', ['verifikator-dinsos']);
  stranger = await account('jauh', '32.04', ['verifikator-dinsos']);
  supervisor = await api.token({ name: 'pengawas', region: home, roles: ['supervisor'] });
  const admin = await api.token({ name: 'admin', region: '*', roles: ['administrator'] });
  const file = (name: string): string => readFileSync(path.join(__dirname, '../../definitions/dtks', name), 'utf8');
  await api.ask('put', '/v2/settings/dtks.akses', {
    token: admin,
    body: { value: JSON.parse(file('akses.json')) },
    headers: { 'If-Match': '*' },
  });
  const name = 'tumpang_tindih.dmn';
  const published = await api.ask('post', '/v2/deployments', {
    token: admin,
    rawBody: filesBody({ [name]: file(name) }),
  });
  expect(published.status).toBe(200);
}, 120_000);
afterAll(() => api.stop());

const register = async (citizen: Citizen, on = '2026-01-05'): Promise<string> => {
  const subjectKey = await api.vault.create(api.worker, citizen);
  const found = await transaction(api.worker, (db) =>
    registerPerson(db, api.vault, { subjectKey, on, isNewest: true }),
  );
  return found?.personKey ?? '';
};
let changes = 0;
const enter = (personKey: string, given: Partial<NewHelp>): Promise<unknown> =>
  transaction(api.worker, async (db) =>
    enterHelp(db, await holdRecipient(db, personKey), { ...help, ...given }, { key: `uji ${++changes}`, actor: 'uji' }),
  );
const get = (route: string, token: string): Promise<Answered> => api.ask('get', route, { token });
const search = (filter: unknown, token: string, page: unknown = {}): Promise<Answered> =>
  api.ask('post', '/v2/persons/search', { token, body: { filter, page } });
const familyOf = async (personKey: string): Promise<string> => {
  const { rows } = await api.owner.query<{ key: string }>(
    'select family_key::text as key from family_member where person_key = $1 and valid_to is null',
    [personKey],
  );
  return rows[0]?.key ?? '';
};
const audited = async (action: string): Promise<{ actor: string; target: string; detail: Record<string, unknown> }[]> =>
  (await api.owner.query('select actor, target, detail from audit where action = $1 order by at', [action])).rows;
/** No number of a person, of this test or another's, in full. */
const hasNumber = (text: string): boolean => /(?<!\d)32(15|73)\d{12}(?!\d)/.test(text);

let sitiKey = '';
let yusufKey = '';
let familyKey = '';
beforeAll(async () => {
  sitiKey = await register(siti);
  yusufKey = await register(yusuf);
  familyKey = await familyOf(sitiKey);
});

describe('a search', () => {
  test('finds a person by NIK, or by an alike name with the day of birth, masked', async () => {
    const byNumber = await search({ nik: '3215 0155 0585 0001' }, operator);
    expect([byNumber.status, byNumber.body.items]).toEqual([
      200,
      [
        {
          personKey: sitiKey,
          nama: 'SITI AMINAH',
          nikMasked: '321501**********',
          tanggalLahir: '1985-05-15',
          region: home,
          regionName: expect.stringContaining('Karawang'),
          deceasedOn: null,
          likeness: null,
        },
      ],
    ]);
    const byName = await search({ name: 'Sitti Aminnah', birthDate: '1985-05-15' }, operator);
    expect(byName.body.items).toMatchObject([{ personKey: sitiKey, likeness: expect.any(Number) }]);
    expect(byName.body.items[0].likeness).toBeGreaterThan(0.9);
    expect((await search({ name: 'Siti Aminah', birthDate: '1985-05-16' }, operator)).body.items).toEqual([]);
    expect(hasNumber(byNumber.text + byName.text)).toBe(false);
  });
  test('finds nobody of another region, however many others share the key', async () => {
    const twins = Array.from({ length: 120 }, (_, index) => ({
      ...siti,
      nik: `3273015505850${String(index).padStart(3, '0')}`,
      noKk: `3273010101100${String(index).padStart(3, '0')}`,
      kodeDesa: away,
    }));
    const subjects = await api.vault.createMany(api.worker, twins);
    await api.owner.query(
      'insert into person (key, region, subject_key) select key, $2, key from unnest($1::bigint[]) as s (key)',
      [subjects, away],
    );
    await api.owner.query('update subject set person_key = key where key = any($1::bigint[])', [subjects]);
    const asked = { name: 'Siti Aminah', birthDate: '1985-05-15' };
    expect((await search(asked, stranger)).body.items).toEqual([]);
    expect((await search(asked, operator)).body.items).toMatchObject([{ personKey: sitiKey }]);
    const country = await api.token({ name: 'negara', region: '*', roles: ['supervisor'] });
    const first = await search(asked, country, { limit: 30 });
    expect([first.body.items.length, first.body.page.totalItems, first.body.page.hasMoreTotalItems]).toEqual([
      30,
      50,
      true,
    ]);
    const rest = await search(asked, country, { limit: 30, from: 30 });
    const keys = [...first.body.items, ...rest.body.items].map((item: { personKey: string }) => item.personKey);
    expect(new Set(keys).size).toBe(50);
  });
  test('says which field is missing, without repeating a number', async () => {
    const missing = await search({ name: 'Siti' }, operator);
    expect([missing.status, missing.body.errors]).toEqual([
      400,
      [{ field: 'filter.name', message: 'isi NIK, atau nama bersama tanggal lahir' }],
    ]);
    const short = await search({ nik: '321501550585000' }, operator);
    expect([short.status, short.body.errors[0].field]).toEqual([400, 'filter.nik']);
    expect(short.text).not.toContain('321501550585000');
    expect((await search({ nik: siti.nik }, operator, { limit: 51 })).status).toBe(400);
  });
  test('leaves restricted people out, but for the data protection officer; and is audited', async () => {
    const rights = createSubjectRights(api.worker, api.vault);
    const { rows } = await api.owner.query<{ key: string }>(
      'select subject_key::text as key from person where key = $1',
      [yusufKey],
    );
    const record = rows[0]?.key ?? '';
    const command = (commandKey: string) => ({ commandKey, actor: 'x', reason: 'diperselisihkan' });
    await rights.restrict(record, true, command('b1'));
    const officer = await api.token({
      name: 'pejabat',
      region: '32.15',
      roles: ['operator'],
      groups: ['pejabat-data'],
    });
    expect((await search({ nik: yusuf.nik }, operator)).body.items).toEqual([]);
    expect((await search({ nik: yusuf.nik }, officer)).body.items).toMatchObject([{ personKey: yusufKey }]);
    expect((await get(`/v2/persons/${yusufKey}`, operator)).status).toBe(403);
    expect((await get(`/v2/persons/${yusufKey}/participations`, operator)).status).toBe(403);
    const kin = await get(`/v2/families/${familyKey}`, operator);
    expect(kin.body.members.find((member: { personKey: string }) => member.personKey === yusufKey).nama).toBeNull();
    await rights.restrict(record, false, command('b2'));
    expect(await audited('person.search')).toContainEqual({
      actor: 'pejabat',
      target: 'pejabat',
      detail: { by: 'nik', found: [yusufKey] },
    });
  });
});

describe('a family', () => {
  test('is found by its card in its own region, with who belongs to it; audited', async () => {
    const byCard = (token: string): Promise<Answered> =>
      api.ask('post', '/v2/families/search', { token, body: { filter: { cardNumber: siti.noKk } } });
    const found = await byCard(operator);
    expect(found.body.items).toMatchObject([{ familyKey, region: home }]);
    expect(found.body.items[0].members).toEqual(
      expect.arrayContaining([
        { personKey: sitiKey, nama: 'SITI AMINAH', validFrom: '2026-01-05', validTo: null },
        { personKey: yusufKey, nama: 'YUSUF', validFrom: '2026-01-05', validTo: null },
      ]),
    );
    expect((await byCard(stranger)).body.items).toEqual([]);
    expect((await get(`/v2/families/${familyKey}`, stranger)).status).toBe(404);
    expect((await audited('family.read')).at(-1)).toMatchObject({ actor: 'operator', target: familyKey });
    expect(hasNumber(found.text)).toBe(false);
  });
});

describe('the ledger', () => {
  test('tells help of the person and the family, what overlaps and why, and amounts to those who may see them', async () => {
    await enter(sitiKey, {});
    await enter(sitiKey, { programme: 'SEMBAKO', period: '2026-11', amount: 200_000 });
    await enter(yusufKey, { programme: 'BLT_DD', source: 'APBDES', period: '2026-12', amount: 300_000 });
    await enter(sitiKey, { programme: 'PKH', period: '2026-T1', region: away });
    const ledger = async (token: string) => {
      const { body } = await get(`/v2/persons/${sitiKey}/participations`, token);
      return body.items as {
        participationKey: string;
        programme: string;
        period: string;
        amount: number | null;
        overlaps: { participationKey: string; reasons: string[] }[];
      }[];
    };
    const seen = await ledger(verifier);
    const line = (programme: string, period: string) =>
      seen.find((l) => l.programme === programme && l.period === period);
    const [pkh, sembako, blt] = [line('PKH', '2026-T4'), line('SEMBAKO', '2026-11'), line('BLT_DD', '2026-12')];
    expect(seen.map(({ programme, amount }) => [programme, amount])).toEqual([
      ['BLT_DD', 300_000],
      ['SEMBAKO', 200_000],
      ['PKH', 750_000],
      // Of another region.
      ['PKH', null],
    ]);
    expect(pkh?.overlaps).toEqual([
      { participationKey: blt?.participationKey, reasons: ['blt_dd_dan_lain'] },
      { participationKey: sembako?.participationKey, reasons: [] },
    ]);
    expect(line('PKH', '2026-T1')?.overlaps).toEqual([]);
    expect((await ledger(operator)).map(({ amount }) => amount)).toEqual([null, null, null, null]);
    expect((await ledger(supervisor)).map(({ amount }) => amount)).toEqual([300_000, 200_000, 750_000, null]);
    expect((await get(`/v2/persons/${sitiKey}/participations`, stranger)).status).toBe(404);
    expect((await audited('subject.read')).map(({ actor, detail }) => [actor, detail['what']])).toContainEqual([
      'verifikator',
      'ledger',
    ]);
  });
});

describe('a person', () => {
  test('who moved and was merged keeps the past: places, families, other entries', async () => {
    const double = await register({ ...siti, nik: '3215015505850009', noKk: '3215010101100009' }, '2026-02-01');
    const doubleFamily = await familyOf(double);
    await transaction(api.worker, (db) =>
      moveFamily(db, api.vault, {
        familyKey,
        to: { alamat: 'JL. MELATI 4', rt: '3', rw: '4', kodeDesa: near },
        on: '2026-10-01',
        commandKey: 'pindah',
        actor: 'ani',
        reason: 'surat pindah',
      }),
    );
    await transaction(api.worker, (db) =>
      mergePersons(db, {
        loserKey: double,
        survivorKey: sitiKey,
        on: '2026-11-01',
        commandKey: 'gabung',
        actor: 'ani',
        reason: 'satu orang, dua NIK',
      }),
    );
    expect((await get(`/v2/persons/${sitiKey}`, operator)).status).toBe(404);
    const { body, text } = await get(`/v2/persons/${sitiKey}`, verifier);
    expect(body).toMatchObject({ nama: 'SITI AMINAH', region: near, mergedInto: null });
    expect(body.memberships).toMatchObject([
      { familyKey, region: near, validFrom: '2026-10-01', validTo: null },
      { familyKey, region: home, validFrom: '2026-01-05', validTo: '2026-10-01' },
    ]);
    expect(body.mergers).toMatchObject([
      { personKey: double, reason: 'satu orang, dua NIK', mergedBy: 'ani', undoneAt: null },
    ]);
    expect(hasNumber(text)).toBe(false);
    const old = await get(`/v2/persons/${double}`, verifier);
    expect(old.body).toMatchObject({ mergedInto: sitiKey });
    expect(old.body.memberships).toMatchObject([{ familyKey: doubleFamily, validTo: '2026-11-01' }]);
    expect((await audited('subject.read')).at(-1)?.detail).toEqual({ personKey: double, what: 'history' });
  });
});

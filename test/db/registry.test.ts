import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { inRegion } from '#db/region-scope.ts';
import { transaction } from '#db/pool.ts';
import { mergePersons, undoMerge } from '#db/registry/merges.ts';
import { moveFamily, recordDeath } from '#db/registry/moves.ts';
import { enterHelp, holdRecipient, ledgerOf, overlapsOf, settleHelp } from '#db/registry/participations.ts';
import type { NewHelp } from '#db/registry/participations.ts';
import { familyOf, personOfSubject, registerPerson, registerRecordOf } from '#db/registry/people.ts';
import type { Registered } from '#db/registry/people.ts';
import { createVault } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const vault = createVault(randomBytes(32));
const siti: Citizen = {
  nik: '3215015505850001',
  noKk: '3215010101100002',
  nama: 'SITI AMINAH',
  tempatLahir: 'KARAWANG',
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: 'ENTIN SUPARTINI',
  hp: null,
  alamat: 'KP. SUKAMAJU NO. 1',
  rt: '001',
  rw: '002',
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: '32.15.01.2001',
};
const budi: Citizen = {
  ...siti,
  nik: '3215010101800002',
  nama: 'BUDI HERMAWAN',
  tanggalLahir: '1980-01-01',
  jenisKelamin: 'L',
};
const far = { alamat: 'JL. MELATI 4', rt: '3', rw: '4', kodeDesa: '32.73.01.1001' };
const today = '2026-11-23';
let postgres: TestPostgres;
let pool: Pool;
let owner: Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  owner = postgres.pool(null, 2);
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(() => owner.query('truncate subject, person, family, participation cascade').then(() => undefined));

const run = <T>(work: (db: PoolClient) => Promise<T>): Promise<T> => transaction(pool, work);
const register = async (
  citizen: Citizen,
  on = today,
  isNewest = true,
): Promise<Registered & { subjectKey: string }> => {
  const subjectKey = await vault.create(pool, citizen);
  const found = await run((db) => registerPerson(db, vault, { subjectKey, on, isNewest }));
  if (found === null) throw new Error('registered');
  return { ...found, subjectKey };
};
const command = (commandKey: string) => ({ commandKey, actor: 'ani', reason: 'uji' });
const help: NewHelp = {
  programme: 'PKH',
  source: 'APBN',
  period: '2026-T4',
  unit: 'KK',
  region: siti.kodeDesa,
  proposalNumber: null,
  amount: 750_000,
  state: 'RESERVED',
  instanceKey: null,
};
const enter = (personKey: string, given: Partial<NewHelp>, key: string) =>
  run(async (db) => enterHelp(db, await holdRecipient(db, personKey), { ...help, ...given }, { key, actor: 'uji' }));
const overlaps = (personKey: string, given: Partial<NewHelp>) =>
  run(async (db) => overlapsOf(db, await holdRecipient(db, personKey), { ...help, ...given }));
const audited = async (): Promise<unknown[]> =>
  (await owner.query<{ action: string }>('select action from audit order by at')).rows.map(({ action }) => action);

describe('registering', () => {
  it('makes one person of records with one NIK and a like name, and answers the same when repeated', async () => {
    const first = await register(siti);
    expect(first).toMatchObject({ isNew: true, nikHolder: null });
    const second = await register({ ...siti, nama: 'SITTI AMINAH' });
    expect(second).toMatchObject({ personKey: first.personKey, familyKey: first.familyKey, isNew: false });
    const again = await run((db) =>
      registerPerson(db, vault, { subjectKey: first.subjectKey, on: today, isNewest: true }),
    );
    expect(again).toEqual({ personKey: first.personKey, familyKey: first.familyKey, isNew: true, nikHolder: null });
  });
  it('keeps people of quite different names apart, and says who else has the number', async () => {
    const first = await register(siti);
    const other = await register({ ...siti, nama: 'DADANG KOSASIH' });
    expect(other).toMatchObject({ isNew: true, nikHolder: first.personKey });
  });
  it('many at once are one person and one family', async () => {
    const subjects = await vault.createMany(
      pool,
      Array.from({ length: 6 }, () => siti),
    );
    const found = await Promise.all(
      subjects.map((subjectKey) => run((db) => registerPerson(db, vault, { subjectKey, on: today, isNewest: true }))),
    );
    expect(new Set(found.map((one) => one?.personKey)).size).toBe(1);
    expect(new Set(found.map((one) => one?.familyKey)).size).toBe(1);
  });
  it('another card is another family, from that day; an old list changes nothing of today', async () => {
    const first = await register(siti, '2026-01-01');
    const later = await register({ ...siti, noKk: '3215010101250009' }, '2026-06-01');
    const { rows } = await owner.query(
      'select family_key::text as family, valid_from::text as from, valid_to::text as to from family_member order by valid_from',
    );
    expect(rows).toEqual([
      { family: first.familyKey, from: '2026-01-01', to: '2026-06-01' },
      { family: later.familyKey, from: '2026-06-01', to: null },
    ]);
    const old = await register({ ...siti, kodeDesa: far.kodeDesa }, '2020-01-01', false);
    expect(old.familyKey).toBe(later.familyKey);
    const person = await owner.query('select region, subject_key::text as subject from person');
    expect(person.rows).toEqual([{ region: siti.kodeDesa, subject: later.subjectKey }]);
  });
  it('an unknown record is told, and one without a card has no family', async () => {
    expect(await run((db) => registerPerson(db, vault, { subjectKey: '1', on: today, isNewest: true }))).toBeNull();
    expect(await register({ ...siti, noKk: '' })).toMatchObject({ familyKey: null });
  });
  it('rows of other regions do not exist for those who serve people', async () => {
    await register(siti);
    const app = postgres.pool('alur_app', 1);
    const count = (region: string) =>
      inRegion(app, region, async (db) => {
        const { rows } = await db.query<{ n: number }>('select count(*)::int as n from person');
        return rows[0]?.n;
      });
    expect(await count('32.15')).toBe(1);
    expect(await count('32.73')).toBe(0);
  });
});

describe('moving', () => {
  it('takes all members along, keeps where they were, and does it once', async () => {
    const wife = await register(siti, '2026-01-01');
    await register(budi, '2026-01-01');
    const move = { ...command('k1'), familyKey: wife.familyKey ?? '', to: far, on: '2026-10-01' };
    await run((db) => moveFamily(db, vault, move));
    await run((db) => moveFamily(db, vault, move));
    const { rows } = await owner.query(
      'select region, valid_from::text as from, valid_to::text as to, count(*)::int from family_member group by 1, 2, 3 order by 2',
    );
    expect(rows).toEqual([
      { region: siti.kodeDesa, from: '2026-01-01', to: '2026-10-01', count: 2 },
      { region: far.kodeDesa, from: '2026-10-01', to: null, count: 2 },
    ]);
    const person = await owner.query<{ region: string; subject_key: string }>(
      'select region, subject_key::text from person where key = $1',
      [wife.personKey],
    );
    expect(person.rows[0]?.region).toBe(far.kodeDesa);
    expect(await vault.read(pool, person.rows[0]?.subject_key ?? '')).toEqual({ ...siti, ...far });
    // Who asks with the old address still finds her.
    const found = await vault.findCandidates(pool, { ...siti, nik: '', noKk: '', tanggalLahir: '' }, null, 10);
    expect(found.map(({ personKey }) => personKey)).toContain(wife.personKey);
    expect(await audited()).toEqual(['family.move']);
  });
  it('a death ends the membership', async () => {
    const { personKey } = await register(siti, '2026-01-01');
    await run((db) => recordDeath(db, personKey, { ...command('k2'), on: '2026-11-01' }));
    expect(await run((db) => familyOf(db, personKey))).toBeNull();
  });
});

describe('the ledger', () => {
  it('holds no help twice: one family, programme, source and month', async () => {
    const [wife, husband] = [await register(siti), await register(budi)];
    expect(await enter(wife.personKey, {}, 'a')).toMatchObject({ outcome: 'entered' });
    expect(await enter(husband.personKey, { period: '2026-11' }, 'b')).toEqual({ outcome: 'twice' });
    expect(await enter(husband.personKey, { period: '2027-01' }, 'c')).toMatchObject({ outcome: 'entered' });
    expect(await enter(husband.personKey, { source: 'APBD_KAB' }, 'd')).toMatchObject({ outcome: 'entered' });
  });
  it('of many at once exactly one is entered', async () => {
    const { personKey } = await register(siti);
    const all = await Promise.all(Array.from({ length: 6 }, (_, index) => enter(personKey, {}, `x${index}`)));
    expect(all.filter(({ outcome }) => outcome === 'entered')).toHaveLength(1);
  });
  it('the same change twice is one, and so is the same help of one proposal', async () => {
    const { personKey } = await register(siti);
    const given = { proposalNumber: 'A-1' };
    const first = await enter(personKey, given, 'a');
    expect(await enter(personKey, given, 'a')).toEqual(first);
    expect(await enter(personKey, given, 'b')).toEqual(first);
  });
  it('what is cancelled or came back can be had again; what was paid is not paid again', async () => {
    const { personKey } = await register(siti);
    const of = { ...help, proposalNumber: 'A-1' };
    const settle = (state: 'PAID' | 'RETURNED' | 'CANCELLED', key: string, amount: number | null = null) =>
      run((db) => settleHelp(db, of, { state, amount }, { key, actor: 'uji' }));
    expect(await settle('PAID', 'p0')).toMatchObject({ outcome: 'refused', code: 'NOT_RESERVED' });
    await enter(personKey, of, 'r1');
    expect(await settle('CANCELLED', 'c1')).toMatchObject({ outcome: 'settled' });
    expect(await settle('PAID', 'p1')).toMatchObject({ outcome: 'refused', code: 'WRONG_STATE', state: 'CANCELLED' });
    await enter(personKey, of, 'r2');
    expect(await settle('PAID', 'p2', 700_000)).toMatchObject({ outcome: 'settled' });
    expect(await settle('PAID', 'p2', 700_000)).toMatchObject({ outcome: 'settled' });
    expect(await settle('PAID', 'p3')).toEqual({ outcome: 'twice' });
    expect(await settle('RETURNED', 'b1', 300_000)).toMatchObject({ outcome: 'settled' });
    const { rows } = await owner.query('select key, state, amount::int from participation_change order by at, key');
    expect(rows).toEqual([
      { key: 'r1', state: 'RESERVED', amount: 750_000 },
      { key: 'c1', state: 'CANCELLED', amount: 750_000 },
      { key: 'r2', state: 'RESERVED', amount: 750_000 },
      { key: 'p2', state: 'PAID', amount: 700_000 },
      { key: 'b1', state: 'RETURNED', amount: 300_000 },
    ]);
    const seen = await run((db) => ledgerOf(db, personKey, { amounts: true }));
    expect(seen.map(({ state, amount }) => [state, amount])).toEqual([
      ['RETURNED', 700_000],
      ['CANCELLED', 750_000],
    ]);
    const hidden = await run((db) => ledgerOf(db, personKey, { amounts: false }));
    expect(hidden.map(({ amount }) => amount)).toEqual([null, null]);
  });
  it('overlaps: the family first, then the person; months must meet; own help is none', async () => {
    const [wife, husband] = [await register(siti), await register(budi)];
    await enter(husband.personKey, { programme: 'SEMBAKO', proposalNumber: 'A-1' }, 'a');
    await enter(husband.personKey, { programme: 'PRAKERJA', unit: 'NIK', period: '2026-12' }, 'b');
    await enter(
      wife.personKey,
      { programme: 'BLT_DD', source: 'APBDES', period: '2026-09', region: far.kodeDesa },
      'c',
    );
    const of = (program: string, sumber: string, periode: string, rest: object) => ({
      program,
      sumber,
      periode,
      ...rest,
    });
    expect(await overlaps(wife.personKey, {})).toEqual([
      of('PRAKERJA', 'APBN', '2026-12', { hubungan: 'KK', keluargaSama: false, daerahLain: false }),
      of('SEMBAKO', 'APBN', '2026-T4', { hubungan: 'KK', keluargaSama: true, daerahLain: false }),
    ]);
    expect(await overlaps(wife.personKey, { period: '2026-09' })).toEqual([
      of('BLT_DD', 'APBDES', '2026-09', { hubungan: 'KK', keluargaSama: true, daerahLain: true }),
    ]);
    const own = await overlaps(husband.personKey, { programme: 'SEMBAKO', proposalNumber: 'A-1' });
    expect(own.map(({ program }) => program)).toEqual(['PRAKERJA']);
    // With a new card the help of the old family is still hers.
    await register({ ...siti, noKk: '3215010101250009' });
    expect(await overlaps(wife.personKey, { period: '2026-09' })).toEqual([
      of('BLT_DD', 'APBDES', '2026-09', { hubungan: 'NIK', keluargaSama: true, daerahLain: true }),
    ]);
  });
});

describe('merging', () => {
  const pair = async () => {
    const survivor = await register(siti);
    const loser = await register({ ...siti, ...far, nik: '3273015505850009', noKk: '3273010101200001' });
    return { survivor, loser };
  };
  const merge = (survivorKey: string, loserKey: string, key = 'm1') =>
    run((db) => mergePersons(db, { ...command(key), survivorKey, loserKey, on: today }));
  it('leaves an alias that leads to the survivor; records and ledger are his; undone, all is as before', async () => {
    const { survivor, loser } = await pair();
    await enter(loser.personKey, { programme: 'BST' }, 'a');
    const state = () =>
      owner.query<{ text: string }>(
        `select (select jsonb_agg(jsonb_build_array(key, person_key) order by key) from subject)::text
             || (select jsonb_agg(jsonb_build_array(key, person_key) order by key) from participation)::text
             || (select jsonb_agg(jsonb_build_array(family_key, person_key, valid_to) order by family_key) from family_member)::text as text`,
      );
    const before = (await state()).rows[0]?.text;
    const merged = await merge(survivor.personKey, loser.personKey);
    if (merged.outcome !== 'merged') throw new Error('merged');
    expect(merged.paidTwice).toEqual([]);
    expect(await merge(survivor.personKey, loser.personKey)).toEqual(merged);
    expect(await merge(survivor.personKey, loser.personKey, 'm2')).toEqual({ outcome: 'refused', code: 'SAME_PERSON' });
    expect(await run((db) => holdRecipient(db, loser.personKey))).toEqual({
      personKey: survivor.personKey,
      familyKey: survivor.familyKey,
    });
    expect(await run((db) => personOfSubject(db, loser.subjectKey))).toBe(survivor.personKey);
    expect(await run((db) => ledgerOf(db, survivor.personKey, { amounts: true }))).toHaveLength(1);
    // A record that comes for the alias is the survivor's.
    const record = await vault.create(pool, siti);
    const filed = await run((db) =>
      registerRecordOf(db, vault, loser.personKey, { subjectKey: record, on: today, isNewest: false }),
    );
    expect(filed.personKey).toBe(survivor.personKey);
    await owner.query('delete from subject where key = $1', [record]);
    expect(await run((db) => undoMerge(db, merged.mergeKey, command('u1')))).toEqual({ outcome: 'undone' });
    expect((await state()).rows[0]?.text).toBe(before);
    expect(await run((db) => undoMerge(db, merged.mergeKey, command('u1')))).toEqual({ outcome: 'undone' });
    expect((await audited()).slice(-2)).toEqual(['person.merge', 'person.merge.undo']);
  });
  it('tells of what both got, and leaves it to people', async () => {
    const { survivor, loser } = await pair();
    await enter(survivor.personKey, { state: 'PAID' }, 'a');
    await enter(loser.personKey, { state: 'PAID' }, 'b');
    await enter(survivor.personKey, { programme: 'PBI_JK', unit: 'NIK' }, 'c');
    await enter(loser.personKey, { programme: 'PBI_JK', unit: 'NIK' }, 'd');
    const merged = await merge(survivor.personKey, loser.personKey);
    expect(merged).toMatchObject({ paidTwice: [{ programme: 'PKH' }, { programme: 'PBI_JK' }] });
  });
  it('is undone from the last backwards', async () => {
    const { survivor, loser } = await pair();
    const third = await register({ ...siti, nik: '3215015505850077', noKk: '3215010101100077' });
    const first = await merge(survivor.personKey, loser.personKey, 'm1');
    const second = await merge(third.personKey, survivor.personKey, 'm2');
    if (first.outcome !== 'merged' || second.outcome !== 'merged') throw new Error('merged');
    expect(await run((db) => undoMerge(db, first.mergeKey, command('u1')))).toEqual({
      outcome: 'refused',
      code: 'SURVIVOR_MERGED',
    });
    expect(await run((db) => undoMerge(db, second.mergeKey, command('u2')))).toEqual({ outcome: 'undone' });
    expect(await run((db) => undoMerge(db, first.mergeKey, command('u3')))).toEqual({ outcome: 'undone' });
    expect(await run((db) => undoMerge(db, '1', command('u4')))).toEqual({ outcome: 'refused', code: 'UNKNOWN_MERGE' });
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { createDuplicates, refusedAmong } from '#db/registry/duplicates.ts';
import type { Duplicates, MergeChoice } from '#db/registry/duplicates.ts';
import { createRegister } from '#db/registry/register.ts';
import type { Register } from '#db/registry/register.ts';
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
/** Mistyped elsewhere. */
const again: Citizen = {
  ...siti,
  nik: '3215015505850009',
  nama: 'SITI AMINAH H',
  alamat: 'KP. BARU',
  rt: '7',
  kodeDesa: '32.15.01.2002',
};
const today = '2026-11-23';
let postgres: TestPostgres;
let pool: Pool;
let duplicates: Duplicates;
let register: Register;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  duplicates = createDuplicates(pool, vault);
  register = createRegister(pool, vault);
}, 120_000);
afterAll(() => postgres.stop());
let first = '';
let second = '';
beforeEach(async () => {
  await postgres.pool(null, 2).query('truncate subject, person, family, participation cascade');
  first = await vault.create(pool, siti);
  second = await vault.create(pool, again);
});

const choice = (commandKey: string, fromLoser: MergeChoice['fromLoser'] = []): MergeChoice => ({
  survivor: first,
  loser: second,
  fromLoser,
  today,
  commandKey,
  actor: 'gabungkan-orang',
  reason: 'orang yang sama',
});
const personOf = async (subjectKey: string) => {
  const { rows } = await pool.query<{ person: string; record: string; region: string }>(
    'select p.key::text as person, p.subject_key::text as record, p.region from subject s join person p on p.key = s.person_key where s.key = $1',
    [subjectKey],
  );
  return rows[0] ?? null;
};
const pay = async (subjectKey: string, number: string): Promise<void> => {
  await register.register(subjectKey, today);
  const help = {
    programme: 'PKH',
    source: 'APBN',
    period: '2026-T4',
    unit: 'NIK',
    region: siti.kodeDesa,
    proposalNumber: number,
    instanceKey: '1048576',
    amount: 750_000,
  } as const;
  const change = (step: string) => ({ key: `${number} ${step}`, actor: 'uji' });
  await register.reserve(subjectKey, { ...help, state: 'RESERVED' }, change('reserve'), () => []);
  await register.pay(subjectKey, help, change('pay'), () => []);
};

describe('a pair', () => {
  test('is new, then refused whichever comes first, and left out of what is offered', async () => {
    expect(await duplicates.standing({ first, second })).toBe('NEW');
    await duplicates.refuse({ first: second, second: first }, { actor: 'ani', reason: 'kembar' });
    await duplicates.refuse({ first, second }, { actor: 'ani', reason: 'kembar' });
    expect(await duplicates.standing({ first, second })).toBe('REFUSED');
    expect(await duplicates.standing({ first: second, second: first })).toBe('REFUSED');
    expect(await refusedAmong(pool, first, [second])).toEqual(new Set([second]));
  });
  test('is refused for every record of the two persons', async () => {
    await register.register(first, today);
    await duplicates.refuse({ first, second }, { actor: 'ani', reason: 'kembar' });
    const later = await vault.create(pool, siti);
    await register.register(later, today);
    expect(await duplicates.standing({ first: later, second })).toBe('REFUSED');
    expect(await refusedAmong(pool, second, [later])).toEqual(new Set([later]));
  });
});

describe('a merge', () => {
  test('takes the chosen fields, an address as a whole, and leaves both records as they were', async () => {
    const merged = await duplicates.merge(choice('m1', ['nama', 'alamat']));
    expect(merged).toMatchObject({ outcome: 'merged', moved: 0, paidTwice: [] });
    const person = await personOf(second);
    expect(person).toMatchObject({ region: '32.15.01.2002' });
    expect(await vault.read(pool, person?.record ?? '')).toEqual({
      ...siti,
      nama: again.nama,
      alamat: again.alamat,
      rt: again.rt,
      kodeDesa: again.kodeDesa,
    });
    expect(await vault.read(pool, first)).toEqual(siti);
    expect(await vault.read(pool, second)).toEqual(again);
    expect(await duplicates.standing({ first, second })).toBe('MERGED');
  });
  test('is done once, however often it is asked for', async () => {
    const merged = await duplicates.merge(choice('m1', ['nama']));
    expect(await duplicates.merge(choice('m1', ['nama']))).toEqual(merged);
    const { rows } = await pool.query('select from subject');
    expect(rows).toHaveLength(3);
    expect(await duplicates.merge(choice('m2'))).toEqual({ outcome: 'refused', code: 'SAME_PERSON' });
  });
  test('moves the ledger, tells what both were paid, and is undone to what was before', async () => {
    await pay(first, 'A');
    await pay(second, 'B');
    const before = [await personOf(first), await personOf(second)];
    const merged = await duplicates.merge(choice('m1', ['nik']));
    expect(merged).toMatchObject({ outcome: 'merged', paidTwice: [{ programme: 'PKH', period: '2026-T4' }] });
    const mergeKey = merged.outcome === 'merged' ? merged.mergeKey : '';
    expect((await personOf(second))?.person).toBe(before[0]?.person);
    const command = { commandKey: 'u1', actor: 'urai-orang', reason: 'kembar' };
    expect(await duplicates.undo(mergeKey, command)).toEqual({ outcome: 'undone' });
    expect([await personOf(first), await personOf(second)]).toEqual(before);
    expect(await duplicates.undo(mergeKey, command)).toEqual({ outcome: 'undone' });
  });
  test('of a record that does not exist is refused', async () => {
    expect(await duplicates.merge({ ...choice('m1'), loser: '999' })).toEqual({
      outcome: 'refused',
      code: 'UNKNOWN_RECORD',
    });
  });
});

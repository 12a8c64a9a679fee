/** What the monthly update reads and writes in the register (db/registry/updates.ts), on PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { transaction } from '#db/pool.ts';
import { enterHelp, holdRecipient } from '#db/registry/participations.ts';
import type { NewHelp } from '#db/registry/participations.ts';
import { registerPerson } from '#db/registry/people.ts';
import { createUpdates } from '#db/registry/updates.ts';
import type { Updates } from '#db/registry/updates.ts';
import { createVault } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import { citizen } from '../connectors/fixtures.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const vault = createVault(randomBytes(32));
const today = '2026-11-23';
const village = citizen.kodeDesa;
const wife: Citizen = {
  ...citizen,
  nik: '3215015505920002',
  nama: 'SITI AMINAH',
  tanggalLahir: '1992-05-15',
  jenisKelamin: 'P',
};
let postgres: TestPostgres;
let pool: Pool;
let owner: Pool;
let updates: Updates;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  owner = postgres.pool(null, 2);
  updates = createUpdates(pool, vault);
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(() =>
  owner
    .query('truncate subject, person, family, participation, family_finding, family_check, help_stop cascade')
    .then(() => undefined),
);

async function register(person: Citizen): Promise<{ readonly subjectKey: string; readonly personKey: string }> {
  const subjectKey = await vault.create(pool, person);
  const found = await transaction(pool, (db) =>
    registerPerson(db, vault, { subjectKey, on: '2026-01-01', isNewest: true }),
  );
  if (found === null) throw new Error('registered');
  return { subjectKey, personKey: found.personKey };
}
let changes = 0;
async function grant(personKey: string, change: Partial<NewHelp> = {}): Promise<void> {
  const help: NewHelp = {
    programme: 'PKH',
    source: 'APBN',
    period: '2026-11',
    unit: 'KK',
    region: village,
    proposalNumber: 'A-1',
    amount: 750_000,
    state: 'PAID',
    instanceKey: null,
    ...change,
  };
  changes += 1;
  await transaction(pool, async (db) =>
    enterHelp(db, await holdRecipient(db, personKey), help, { key: `t${changes}`, actor: 'uji' }),
  );
}
const listed = async (where = village) =>
  (await updates.listed(where, today, 100)).map(({ number, subjectKey }) => [number, subjectKey]);
const command = (commandKey: string) => ({ commandKey, actor: 'ani', reason: 'uji' });

describe('who is listed', () => {
  it('holds help of the last months, once per family, by the newest', async () => {
    const { subjectKey, personKey } = await register(citizen);
    const other = await register({ ...citizen, nik: '3215011201700009', noKk: '3215010101100009', nama: 'UJANG' });
    await grant(personKey, { period: '2026-09', proposalNumber: 'A-0' });
    await grant(personKey);
    await grant(other.personKey, { period: '2026-07', proposalNumber: 'B-1' });
    expect(await listed()).toEqual([['A-1', subjectKey]]);
    expect(await listed('32.15.01.2002')).toEqual([]);
    expect(await updates.regions(4, today)).toEqual([village]);
    expect(await updates.regions(2, today)).toEqual(['32.15']);
  });
  it('without a proposal has the number of the ledger', async () => {
    const { personKey } = await register(citizen);
    await grant(personKey, { proposalNumber: null });
    expect((await listed()).map(([number]) => number)).toEqual([expect.stringMatching(/^K-\d+$/)]);
  });
});

describe('findings and checks', () => {
  it('a finding is asked about until somebody answers; no answer leaves it and marks the family stale', async () => {
    const { subjectKey } = await register(citizen);
    const finding = { key: 'job 1', village, number: 'A-1', subjectKey, kind: 'PINDAH', period: '2026-10' };
    await updates.noteFinding(finding);
    await updates.noteFinding(finding);
    expect(await updates.openFindings(village)).toEqual([{ number: 'A-1', kind: 'PINDAH' }]);
    const at = (commandKey: string) => ({ village, period: '2026-11', commandKey });
    await updates.noteChecks([{ number: 'A-1', answer: null }], at('job 2'));
    expect(await updates.openFindings(village)).toHaveLength(1);
    await updates.noteChecks([{ number: 'A-1', answer: 'MASIH_ADA' }], at('job 3'));
    expect(await updates.openFindings(village)).toEqual([]);
    const { rows } = await owner.query('select proposal_number, period, state, answer from family_check');
    expect(rows).toEqual([{ proposal_number: 'A-1', period: '2026-11', state: 'CHECKED', answer: 'MASIH_ADA' }]);
  });
});

describe('the caretaker dies', () => {
  it('and the family goes on with another member', async () => {
    const [head, heir] = [await register(citizen), await register(wife)];
    await grant(head.personKey);
    const death = { ...command('job 5'), on: '2026-11-02' };
    const left = [{ personKey: heir.personKey, sex: 'P', birthDate: '1992-05-15' }];
    expect(await updates.recordDeath(head.subjectKey, death)).toEqual(left);
    expect(await updates.recordDeath(head.subjectKey, death)).toEqual(left);
    expect(await listed()).toEqual([['A-1', head.subjectKey]]);
    const stranger = await register({ ...citizen, nik: '3215011201700009', noKk: '3215010101100009', nama: 'UJANG' });
    expect(await updates.changeCaretaker(head.subjectKey, stranger.personKey, command('job 6'))).toBe(false);
    expect(await updates.changeCaretaker(head.subjectKey, heir.personKey, command('job 7'))).toBe(true);
    expect(await listed()).toEqual([['A-1', heir.subjectKey]]);
  });
  it('nobody is left, nobody is known', async () => {
    const head = await register(citizen);
    const death = { ...command('job 8'), on: '2026-11-02' };
    expect(await updates.recordDeath(head.subjectKey, death)).toEqual([]);
    expect(await updates.recordDeath('1', death)).toBeNull();
  });
});

describe('a move', () => {
  it.each([
    [false, { alamat: null, rt: null }],
    [true, { alamat: citizen.alamat, rt: citizen.rt }],
  ])('takes the whole family along; its address known: %s', async (isAddressKnown, address) => {
    const head = await register(citizen);
    await register(wife);
    await grant(head.personKey);
    const move = { ...command('job 9'), village: '32.15.02.2003', on: '2026-11-05', isAddressKnown };
    expect(await updates.moveFamily(head.subjectKey, move)).toBe(true);
    expect(await listed()).toEqual([]);
    const [family] = await updates.listed('32.15.02.2003', today, 10);
    expect(family?.citizen).toMatchObject({ ...address, kodeDesa: '32.15.02.2003' });
    expect(await updates.moveFamily('1', move)).toBe(false);
  });
});

describe('help stops', () => {
  const terms = { ...command('job 10'), period: '2026-11', basis: 'BA/12' };
  const states = async () =>
    (await owner.query<{ state: string }>('select state from participation order by key')).rows.map(
      ({ state }) => state,
    );
  it('from the month after the period: what was paid or is due before stays, what is reserved for later is given up', async () => {
    const [head, heir] = [await register(citizen), await register(wife)];
    await grant(head.personKey, { period: '2026-10' });
    await grant(head.personKey, { period: '2026-11', state: 'RESERVED' });
    await grant(head.personKey, { period: '2026-12', state: 'RESERVED' });
    const stop = { number: 'A-1', subjectKey: head.subjectKey, programme: null };
    expect(await updates.stop([stop, { ...stop, number: 'Z', subjectKey: '1' }], terms)).toBe(1);
    expect(await updates.stop([stop], terms)).toBe(1);
    expect(await states()).toEqual(['PAID', 'RESERVED', 'CANCELLED']);
    // The family, not only the one in whose name it came.
    for (const { subjectKey } of [head, heir]) {
      expect(await updates.isStopped(subjectKey, 'PKH', '2026-11')).toBe(false);
      expect(await updates.isStopped(subjectKey, 'PKH', '2026-12')).toBe(true);
    }
    expect(await listed()).toEqual([]);
    const { rows } = await owner.query(
      "select action, count(*)::int as n from audit where action = 'help.stop' group by 1",
    );
    expect(rows).toEqual([{ action: 'help.stop', n: 1 }]);
  });
  it('of one programme leaves the others', async () => {
    const { subjectKey, personKey } = await register(citizen);
    await grant(personKey);
    await grant(personKey, { programme: 'SEMBAKO', proposalNumber: 'A-2' });
    await updates.stop([{ number: 'A-1', subjectKey, programme: 'PKH' }], terms);
    expect(await updates.isStopped(subjectKey, 'PKH', '2027-T1')).toBe(true);
    expect(await updates.isStopped(subjectKey, 'SEMBAKO', '2027-T1')).toBe(false);
    expect(await listed()).toEqual([['A-2', subjectKey]]);
  });
  it('of a caretaker who has died too', async () => {
    const head = await register(citizen);
    await grant(head.personKey);
    await updates.recordDeath(head.subjectKey, { ...command('job 11'), on: '2026-11-02' });
    expect(await updates.stop([{ number: 'A-1', subjectKey: head.subjectKey, programme: null }], terms)).toBe(1);
    expect(await listed()).toEqual([]);
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { appendAudit } from '#db/audit.ts';
import { transaction } from '#db/pool.ts';
import { inRegion } from '#db/region-scope.ts';
import { copiesOf, createSubjectRights, readCopy } from '#db/subject-rights.ts';
import type { SubjectRights } from '#db/subject-rights.ts';
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
let postgres: TestPostgres;
let worker: Pool;
let app: Pool;
let rights: SubjectRights;
let subject = '';
beforeAll(async () => {
  postgres = await startTestPostgres();
  worker = postgres.pool('alur_worker');
  app = postgres.pool('alur_app');
  rights = createSubjectRights(worker, vault);
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  await postgres.pool(null, 2).query('truncate subject cascade');
  subject = await vault.create(worker, siti);
});
const command = (commandKey: string) => ({ commandKey, actor: 'pasang-pembatasan', reason: 'data diperselisihkan' });
const looked = (actor: string, action: string, target: string): Promise<void> =>
  transaction(worker, (db) =>
    appendAudit(db, { actor, action, target, region: siti.kodeDesa, detail: { reason: 'mencocokkan KTP' } }),
  );
const audited = async (target: string): Promise<readonly string[]> =>
  (
    await worker.query<{ action: string }>('select action from audit where target = $1 order by at, number', [target])
  ).rows.map(({ action }) => action);

describe('a restriction', () => {
  test('holds until it is lifted; each is audited once', async () => {
    expect(await rights.isRestricted(subject)).toBe(false);
    expect(await rights.restrict(subject, true, command('r1'))).toBe(true);
    expect(await rights.restrict(subject, true, command('r1'))).toBe(true);
    expect(await rights.isRestricted(subject)).toBe(true);
    expect(await rights.restrict(subject, false, command('r2'))).toBe(true);
    expect(await rights.isRestricted(subject)).toBe(false);
    expect(await audited(subject)).toEqual(['subject.restrict', 'subject.unrestrict']);
  });
  test('of nobody is refused', async () => {
    expect(await rights.restrict('999', true, command('r3'))).toBe(false);
    expect(await rights.isRestricted('999')).toBe(false);
  });
});

describe('a copy', () => {
  test('tells what is held, why and who looked; once per job; readable in its region only', async () => {
    await looked('operator', 'subject.reveal', subject);
    const copy = await rights.compileCopy(subject, { dasar: 'UU 13/2011' }, 'job 7');
    expect(await rights.compileCopy(subject, { dasar: 'UU 13/2011' }, 'job 7')).toEqual(copy);
    const copyKey = copy?.copyKey ?? '';
    const content = await inRegion(app, '32.15', (db) => readCopy(db, vault, subject, copyKey));
    expect(content).toMatchObject({
      tujuan: { dasar: 'UU 13/2011' },
      data: siti,
      usulan: [],
      kepesertaan: [],
      dilihat: [{ oleh: 'operator', tindakan: 'subject.reveal', alasan: 'mencocokkan KTP' }],
    });
    expect(copy?.sha256).toBe(createHash('sha256').update(JSON.stringify(content)).digest('hex'));
    expect(await inRegion(app, '32.15', (db) => copiesOf(db, subject))).toEqual([copy]);
    expect(await inRegion(app, '32.73', (db) => copiesOf(db, subject))).toEqual([]);
    expect(await inRegion(app, '32.73', (db) => readCopy(db, vault, subject, copyKey))).toBeNull();
  });
  test('is ciphertext in the store and goes with the citizen', async () => {
    await rights.compileCopy(subject, null, 'job 8');
    const { rows } = await worker.query<{ ciphertext: Buffer }>('select ciphertext from subject_copy');
    expect(rows.map(({ ciphertext }) => ciphertext.includes('SITI'))).toEqual([false]);
    await worker.query('delete from subject where key = $1', [subject]);
    expect((await worker.query('select from subject_copy')).rows).toEqual([]);
  });
  test('of nobody is none', async () => {
    expect(await rights.compileCopy('999', null, 'job 9')).toBeNull();
  });
});

describe('whom a breach concerns', () => {
  const day = new Date().toISOString().slice(0, 10);
  const around = (offset: number): string => new Date(Date.parse(day) + offset * 86_400_000).toISOString().slice(0, 10);
  test('all of a region, or whose data an account has opened in those days', async () => {
    const neighbour = await vault.create(worker, { ...siti, kodeDesa: '32.15.02.2001' });
    const elsewhere = await vault.create(worker, { ...siti, kodeDesa: '32.73.01.1001' });
    expect(await rights.concernedBy({ kind: 'region', region: '32.15' }, 10)).toEqual({
      subjectKeys: [subject, neighbour],
      complete: true,
    });
    expect(await rights.concernedBy({ kind: 'region', region: '32.15' }, 1)).toEqual({
      subjectKeys: [subject],
      complete: false,
    });
    await looked('maling', 'subject.reveal', neighbour);
    await looked('maling', 'subject.reveal', elsewhere);
    await looked('operator', 'subject.reveal', subject);
    const account = { kind: 'account', region: '32.15', account: 'maling' } as const;
    const by = (from: string, to: string) => rights.concernedBy({ ...account, from, to }, 10);
    expect((await by(around(-1), around(1))).subjectKeys).toEqual([neighbour]);
    expect((await by(around(-9), around(-2))).subjectKeys).toEqual([]);
  });
});

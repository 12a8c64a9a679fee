import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { appendAudit, auditHash } from '#db/audit.ts';
import { regionCovers } from '#db/region-scope.ts';
import { createVault, maskNumber } from '#db/vault.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const masterKey = randomBytes(32);
const siti: Citizen = {
  nik: '3215015505850001',
  noKk: '3215010101100002',
  nama: 'Siti Aminah',
  tempatLahir: 'Karawang',
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: 'Rahasia Ibu',
  hp: '0812-0000-0001',
  alamat: 'Jl. Mawar No. 1',
  rt: '001',
  rw: '02',
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: '32.15.01.1001',
};
let postgres: TestPostgres;
let pool: Pool;
let owner: Pool;
let vault: Vault;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  owner = postgres.pool(null, 2);
  vault = createVault(masterKey);
}, 120_000);
afterAll(() => postgres.stop());

describe('the vault', () => {
  it('keeps nothing in the clear, and gives back what it was given', async () => {
    const key = await vault.create(pool, siti);
    expect(await vault.read(pool, key)).toEqual(siti);
    const { rows } = await owner.query<{ text: string }>(
      "select string_agg(s::text, ' ') || (select string_agg(i::text, ' ') from subject_token i) as text from subject s",
    );
    for (const secret of [siti.nik, siti.noKk, 'Siti', 'Rahasia', '1985', 'Mawar']) {
      expect(rows[0]?.text).not.toContain(secret);
      expect(rows[0]?.text).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
  it('opens with no other master key, and no other subject', async () => {
    const [one, two] = [await vault.create(pool, siti), await vault.create(pool, siti)];
    await expect(createVault(randomBytes(32)).read(pool, one)).rejects.toThrow();
    await owner.query(
      'update subject a set wrapped_key = b.wrapped_key, ciphertext = b.ciphertext from subject b where a.key = $1 and b.key = $2',
      [one, two],
    );
    await expect(vault.read(pool, one)).rejects.toThrow();
  });
  it('finds people by what they share, in other spellings, best first', async () => {
    await owner.query('truncate subject cascade');
    const self = await vault.create(pool, siti);
    const same = await vault.create(pool, {
      ...siti,
      nama: 'AMINAH  SITI',
      hp: '+62 812 0000 0001',
      rt: '1',
      rw: '002',
    });
    const family = await vault.create(pool, {
      ...siti,
      nik: '3215010101700001',
      nama: 'BUDI',
      tanggalLahir: '1970-01-01',
      hp: null,
      ibuKandung: null,
    });
    await vault.create(pool, {
      ...siti,
      nik: '1',
      noKk: '2',
      nama: 'LAIN',
      tanggalLahir: '1990-01-01',
      hp: null,
      ibuKandung: null,
      alamat: null,
    });
    const found = await vault.findCandidates(pool, siti, self, 10);
    expect(found.map(({ subjectKey }) => subjectKey)).toEqual([same, family]);
    expect(found[0]).toMatchObject({ personKey: null, citizen: { nik: siti.nik, nama: 'AMINAH  SITI' } });
  });
  it('changes fields and what they are found by, but never the village', async () => {
    const key = await vault.create(pool, siti);
    const after = await vault.update(pool, key, { nik: '3215015505850099', kodeDesa: '31.71.01.1001' });
    expect(after).toMatchObject({ nik: '3215015505850099', kodeDesa: siti.kodeDesa });
    const found = await vault.findCandidates(
      pool,
      {
        ...siti,
        nik: '3215015505850099',
        noKk: '',
        nama: '',
        hp: null,
        ibuKandung: null,
        alamat: null,
        tanggalLahir: '',
      },
      null,
      10,
    );
    expect(found.map(({ subjectKey }) => subjectKey)).toEqual([key]);
  });
  it('makes anew what earlier rules made, once', async () => {
    const key = await vault.create(pool, siti);
    await owner.query('update subject set tokens_version = 0 where key = $1', [key]);
    await owner.query('update subject_token set token = token + 1 where subject_key = $1', [key]);
    expect(await vault.refreshTokens(pool, 10)).toBe(1);
    expect(await vault.refreshTokens(pool, 10)).toBe(0);
    const found = await vault.findCandidates(pool, siti, null, 100);
    expect(found.map(({ subjectKey }) => subjectKey)).toContain(key);
  });
  it('a key that very many share is not read to its end, and hides nobody with the NIK', async () => {
    const crowd = Array.from({ length: 150 }, (_, index) => ({ ...siti, nik: `32150155058${String(10_000 + index)}` }));
    await vault.createMany(pool, crowd);
    const last = { ...siti, nik: '3215015505859999' };
    const key = await vault.create(pool, last);
    const found = await vault.findCandidates(pool, last, null, 20);
    expect(found).toHaveLength(20);
    expect(found[0]?.subjectKey).toBe(key);
  });
  it('masks numbers to their region', () => {
    expect(maskNumber(siti.nik)).toBe('321501**********');
    expect(maskNumber('123')).toBe('123');
    expect(maskNumber('')).toBe('');
  });
});

describe('the audit chain', () => {
  it('links every row to the one before, also when many write at once, and cannot be changed', async () => {
    const entry = (target: string) => ({
      actor: 'ani',
      action: 'uji',
      target,
      region: '32.15.01',
      detail: { b: 1, a: { d: 2, c: 3 } },
    });
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const client = await pool.connect();
        try {
          await client.query('begin');
          await appendAudit(client, entry(String(index)));
          await client.query('commit');
        } finally {
          client.release();
        }
      }),
    );
    const { rows } = await owner.query<{
      number: string;
      at: Date;
      actor: string;
      action: string;
      target: string;
      region: string;
      detail: never;
      previous_hash: Buffer;
      hash: Buffer;
    }>(
      "select number::text, at, actor, action, target, region, detail, previous_hash, hash from audit where chain = '32.15' order by audit.number",
    );
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 1)));
    let previous: Buffer = Buffer.alloc(32);
    for (const row of rows) {
      expect(row.previous_hash.equals(previous)).toBe(true);
      expect(auditHash(previous, { ...row, at: row.at.toISOString() }).equals(row.hash)).toBe(true);
      previous = row.hash;
    }
    await expect(owner.query("update audit set actor = 'x'")).rejects.toThrow('never changed');
    await expect(owner.query('delete from audit')).rejects.toThrow('never changed');
  });
});

describe('regions', () => {
  it('cover what lies below them, segment by segment', () => {
    expect(regionCovers('32.15', '32.15.01.1001')).toBe(true);
    expect(regionCovers('32.15', '32.15')).toBe(true);
    expect(regionCovers('32.1', '32.15')).toBe(false);
    expect(regionCovers('31.7', '31.71')).toBe(false);
    expect(regionCovers('32.15.01', '32.15')).toBe(false);
    expect(regionCovers('*', '32.15')).toBe(true);
  });
});

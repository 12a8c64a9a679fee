/** What the ledger says of deliveries: every rupiah allocated is paid, returned or pending, or the closing is held up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { nextKey } from '#db/queries/definitions.ts';
import { createDeliveries } from '#db/registry/deliveries.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let pool: Pool;
let owner: Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  owner = postgres.pool(null, 2);
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(() => owner.query('truncate person, participation, instance, message_subscription cascade'));

interface Written {
  readonly number: string;
  readonly region?: string;
  readonly period?: string;
  /** States in their order, each with its amount. */
  readonly changes: readonly (readonly ['RESERVED' | 'PAID' | 'RETURNED' | 'CANCELLED', number])[];
}
/** @returns keys of the help and its person */
async function write({ number, region = '32.15.01.2001', period = '2026-11', changes }: Written) {
  const [key, person] = [await nextKey(pool), await nextKey(pool)];
  await owner.query('insert into person (key, region) values ($1, $2)', [person, region]);
  const [state, amount] = changes.at(-1) ?? ['RESERVED', 0];
  await owner.query(
    `insert into participation (key, region, person_key, unit, programme, source, period, months, amount, state, proposal_number)
     values ($1, $2, $3, 'NIK', 'BANPROV', 'APBD_PROV', $4, int4range(24322, 24322, '[]'), $5, $6, $7)`,
    [key, region, person, period, amount, state, number],
  );
  for (const [index, [name, rupiah]] of changes.entries()) {
    await owner.query(
      `insert into participation_change (key, participation_key, region, state, amount, actor, at)
       values ($1, $2, $3, $4, $5, 'x', now() - (10 - $6::int) * interval '1 second')`,
      [`${number}/${key}/${String(index)}`, key, region, name, rupiah, index],
    );
  }
  return { key, person };
}
const reconcile = (region = '32.15', period = '2026-11') => createDeliveries(pool).reconcile(region, period);

describe('reconciliation', () => {
  it('is balanced when all is paid, returned or pending, also what came back after it was paid', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['PAID', 500_000],
      ],
    });
    await write({
      number: 'B',
      changes: [
        ['RESERVED', 500_000],
        ['RETURNED', 500_000],
      ],
    });
    await write({ number: 'C', changes: [['RESERVED', 300_000]] });
    await write({
      number: 'D',
      changes: [
        ['RESERVED', 500_000],
        ['PAID', 500_000],
        ['RETURNED', 500_000],
      ],
    });
    expect(await reconcile()).toEqual({
      dialokasikan: 1_800_000,
      terbayar: 500_000,
      dikembalikan: 1_000_000,
      tertunda: 300_000,
      selisih: 0,
      jumlahTertunda: 1,
      daftarTertunda: [
        { nomor: 'C', kodeDesa: '32.15.01.2001', jumlah: 300_000, sejak: new Date().toISOString().slice(0, 10) },
      ],
      jumlahSelisih: 0,
      daftarSelisih: [],
    });
  });
  it('misses one rupiah, and says of whom', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['PAID', 499_999],
      ],
    });
    await write({
      number: 'B',
      changes: [
        ['RESERVED', 500_000],
        ['RETURNED', 500_000],
      ],
    });
    expect(await reconcile()).toMatchObject({
      selisih: 1,
      daftarSelisih: [{ nomor: 'A', dialokasikan: 500_000, tercatat: 499_999 }],
    });
  });
  it('does not let too much of one hide too little of another', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['PAID', 400_000],
      ],
    });
    await write({
      number: 'B',
      changes: [
        ['RESERVED', 500_000],
        ['RETURNED', 600_000],
      ],
    });
    const { selisih, jumlahSelisih, daftarSelisih } = await reconcile();
    expect([selisih, jumlahSelisih]).toEqual([0, 2]);
    expect(daftarSelisih.map(({ nomor }) => nomor)).toEqual(['A', 'B']);
  });
  it('looks at one region and period; what was given up or came with a list is no allocation of ours', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['CANCELLED', 500_000],
      ],
    });
    await write({ number: 'B', changes: [['PAID', 500_000]] });
    await write({ number: 'C', region: '32.16.01.2001', changes: [['RESERVED', 500_000]] });
    await write({ number: 'D', period: '2026-12', changes: [['RESERVED', 500_000]] });
    expect(await reconcile()).toMatchObject({ dialokasikan: 0, selisih: 0, jumlahTertunda: 0 });
    expect(await reconcile('32.15', '2026-12')).toMatchObject({ dialokasikan: 500_000, tertunda: 500_000 });
    expect(await reconcile('32', '2026-11')).toMatchObject({ dialokasikan: 500_000 });
  });
});

describe('a correction', () => {
  const change = { key: 'job 7', actor: 'koreksi-jumlah' };
  const right = { region: '32.15', period: '2026-11', proposalNumber: 'A', amount: 500_000 };
  it('makes the record right once, and leaves the wrong one to be read', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['RETURNED', 450_000],
      ],
    });
    const { correct } = createDeliveries(pool);
    expect(await correct(right, change)).toBe(true);
    expect(await correct(right, change)).toBe(true);
    expect(await reconcile()).toMatchObject({ dikembalikan: 500_000, selisih: 0, jumlahSelisih: 0 });
    const { rows } = await owner.query(
      "select amount::int from participation_change where state = 'RETURNED' order by at",
    );
    expect(rows).toEqual([{ amount: 450_000 }, { amount: 500_000 }]);
  });
  it('is refused for what is still pending, another period or another region', async () => {
    await write({ number: 'A', changes: [['RESERVED', 500_000]] });
    const { correct } = createDeliveries(pool);
    expect(await correct(right, change)).toBe(false);
    await write({
      number: 'B',
      changes: [
        ['RESERVED', 500_000],
        ['PAID', 450_000],
      ],
    });
    expect(await correct({ ...right, proposalNumber: 'B', period: '2026-12' }, change)).toBe(false);
    expect(await correct({ ...right, proposalNumber: 'B', region: '32.16' }, change)).toBe(false);
    expect(await correct({ ...right, proposalNumber: 'B' }, change)).toBe(true);
    expect(
      await createDeliveries(pool).stateOf({
        programme: 'BANPROV',
        source: 'APBD_PROV',
        period: '2026-11',
        proposalNumber: 'B',
      }),
    ).toEqual({
      state: 'PAID',
      amount: 500_000,
    });
  });
});

describe('the word of the ledger', () => {
  const help = { programme: 'BANPROV', source: 'APBD_PROV', period: '2026-11' } as const;
  it('is that of the newest allocation', async () => {
    await write({
      number: 'A',
      changes: [
        ['RESERVED', 500_000],
        ['RETURNED', 500_000],
      ],
    });
    await write({ number: 'A', changes: [['RESERVED', 500_000]] });
    const { stateOf } = createDeliveries(pool);
    expect(await stateOf({ ...help, proposalNumber: 'A' })).toEqual({ state: 'RESERVED', amount: 500_000 });
    expect(await stateOf({ ...help, proposalNumber: 'Z' })).toBeNull();
  });
});

describe('help that goes on', () => {
  const paid = [
    ['RESERVED', 500_000],
    ['PAID', 500_000],
  ] as const;
  beforeEach(() => owner.query('truncate subject, proposal, help_stop cascade'));
  /** Paid for October. */
  async function paidBefore(number: string, more: Partial<Written> = {}): Promise<string> {
    const subject = await nextKey(pool);
    await owner.query(
      "insert into subject (key, region, wrapped_key, ciphertext, nik_masked) values ($1, '32.15.01.2001', '', '', '')",
      [subject],
    );
    await owner.query(
      "insert into proposal (number, source_id, subject_key, instance_key, region, created_by) values ($1, $1, $2, $2, '32.15.01.2001', 'x')",
      [number, subject],
    );
    const { person } = await write({ number, period: '2026-10', changes: paid, ...more });
    return person;
  }
  const continued = async () =>
    (await createDeliveries(pool).continued('32.15', '2026-11')).map(({ proposalNumber }) => proposalNumber);

  it('is what was paid the month before, with its amount, for the same person', async () => {
    await paidBefore('A');
    await paidBefore('B', { changes: [['RESERVED', 500_000]] });
    await paidBefore('C', { changes: [...paid, ['RETURNED', 500_000]] });
    await paidBefore('D', { period: '2026-09' });
    await paidBefore('E', { region: '32.16.01.2001' });
    const { rows } = await owner.query<{ key: string }>(
      "select subject_key::text as key from proposal where number = 'A'",
    );
    expect(await createDeliveries(pool).continued('32.15', '2026-11')).toEqual([
      {
        proposalNumber: 'A',
        subjectKey: rows[0]?.key,
        region: '32.15.01.2001',
        programme: 'BANPROV',
        source: 'APBD_PROV',
        amount: 500_000,
      },
    ]);
  });
  it('is not begun twice for a month; what was given up may be', async () => {
    await paidBefore('A');
    await write({ number: 'A', changes: [['RESERVED', 500_000]] });
    await paidBefore('B');
    await write({ number: 'B', changes: [...paid, ['RETURNED', 500_000]] });
    await paidBefore('C');
    await write({
      number: 'C',
      changes: [
        ['RESERVED', 500_000],
        ['CANCELLED', 500_000],
      ],
    });
    expect(await continued()).toEqual(['C']);
  });
  it.each([
    ['BANPROV', 24_322, []],
    [null, 24_321, []],
    ['PKH', 24_322, ['A']],
    ['BANPROV', 24_323, ['A']],
  ])('stopped (%s from month %i): %j', async (programme, from, expected) => {
    const person = await paidBefore('A');
    await owner.query(
      `insert into help_stop (key, region, person_key, programme, from_month, reason, basis, stopped_by)
       values ('s', '32.15.01.2001', $1, $2, $3, 'PINDAH', 'BA', 'x')`,
      [person, programme, from],
    );
    expect(await continued()).toEqual(expected);
    await owner.query("update help_stop set lifted_at = now(), lifted_by = 'x'");
    expect(await continued()).toEqual(['A']);
  });
  it('is asked for by month', async () => {
    await expect(createDeliveries(pool).continued('32.15', '2026-T4')).rejects.toThrow('2026-T4');
  });
});

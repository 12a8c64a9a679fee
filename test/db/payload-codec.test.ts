import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { SerializationContext } from '@temporalio/common';
import type { Pool } from 'pg';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { storePayload } from '#db/payload-store.ts';
import { startArguments } from '#workflows/messages.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let pool: Pool;
const masterKey = randomBytes(32);
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
}, 120_000);
afterAll(() => postgres.stop());

const of = (workflowId: string): SerializationContext => ({ type: 'workflow', namespace: 'default', workflowId });
const codec = () => createPayloadCodec({ pool, masterKey });
async function encoded(value: unknown, workflowId: string) {
  const [payload] = await codec().encode([defaultPayloadConverter.toPayload(value)], of(workflowId));
  return payload ?? {};
}
async function decoded(payload: object): Promise<unknown> {
  const [plain] = await codec().decode([payload]);
  return plain && defaultPayloadConverter.fromPayload(plain);
}
const bytesOf = (payload: { data?: Uint8Array | null }) => Buffer.from(payload.data ?? []);

describe('the payload codec', () => {
  it('encrypts with the key of the case and gives back what went in', async () => {
    const value = { nik: '3215010101010001' };
    const payload = await encoded(value, 'p/1');
    expect(bytesOf(payload).toString('latin1')).not.toContain('3215');
    expect(await decoded(payload)).toEqual(value);
    // The same text under the key of another case is another ciphertext; under the same key it is the same, so nothing is stored twice.
    expect(bytesOf(await encoded(value, 'p/2'))).not.toEqual(bytesOf(payload));
    expect(bytesOf(await encoded(value, 'p/1'))).toEqual(bytesOf(payload));
  });

  it('keeps a large payload in the database, encrypted', async () => {
    const value = { teks: 'rahasia '.repeat(20_000) };
    const payload = await encoded(value, 'p/3');
    expect(bytesOf(payload).length).toBe(32);
    const { rows } = await pool.query<{ body: Buffer }>('select body from payload where sha256 = $1', [
      bytesOf(payload),
    ]);
    expect(rows[0]?.body.toString('latin1')).not.toContain('rahasia');
    expect(await decoded(payload)).toEqual(value);
  });

  it('puts the compiled model where its reference stands, and nowhere else', async () => {
    const model = { format: 1, processId: 'p' };
    const sha256 = (await storePayload(pool, Buffer.from(JSON.stringify(model)))).toString('hex');
    const start = {
      instanceKey: '1',
      definitionKey: '2',
      version: 1,
      startElement: null,
      businessKey: null,
      region: null,
      parent: null,
      actor: 'ani',
    };
    const reference = { model: { modelSha256: sha256 } };
    const [input] = startArguments(sha256, { ...start, variables: { reference } });
    const payload = await encoded(input, 'p/4');
    expect(await decoded(payload)).toEqual({
      modelSha256: sha256,
      model,
      start: { ...start, variables: { reference } },
    });
  });

  it('cannot be read with another master key, after a change, or when the key of the case is gone', async () => {
    const payload = await encoded({ a: 1 }, 'p/5');
    const other = createPayloadCodec({ pool, masterKey: randomBytes(32) });
    await expect(other.decode([payload])).rejects.toThrow();
    const changed = Buffer.from(bytesOf(payload));
    changed[40] = (changed[40] ?? 0) ^ 1;
    await expect(decoded({ ...payload, data: changed })).rejects.toThrow();
    await pool.query("delete from case_key where workflow_id = 'p/5'");
    await expect(decoded(payload)).rejects.toThrow('does not exist');
  });

  it('makes one key when many ask at once', async () => {
    const values = await Promise.all(Array.from({ length: 20 }, (_, index) => encoded({ index }, 'p/6')));
    expect(await Promise.all(values.map(decoded))).toEqual(values.map((_, index) => ({ index })));
  });
});

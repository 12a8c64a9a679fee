/**
 * The whole product as a stranger meets it: `npm start`, then the demo plays every role over HTTP while processes are killed. Real
 * PostgreSQL, real Temporal, real worker and API. One stack for the file, so the tests run in order.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Product } from '../support/product.ts';
import type { ProgramResult } from '../support/product.ts';

const proposals = 36;
const seed = Number(process.env['ALUR_TEST_SEED'] ?? 7);
const demoLimitMs = 900_000;
let stack: Product;

beforeAll(async () => {
  stack = await Product.create();
  await stack.start(['--empty']);
}, 400_000);

afterAll(async () => {
  await stack.remove();
}, 120_000);

interface DemoSummary {
  readonly proposals: number;
  readonly matched: number;
  readonly mismatched: number;
  readonly lost: number;
  readonly doubled: number;
  readonly mismatches: readonly unknown[];
}

const summaryOf = ({ output }: ProgramResult): DemoSummary =>
  JSON.parse(output.trim().split('\n').at(-1) ?? '') as DemoSummary;

async function database(): Promise<pg.Client> {
  const { databasePassword } = JSON.parse(await readFile(path.join(stack.home, 'keys', 'stack.json'), 'utf8')) as {
    databasePassword: string;
  };
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(stack.env['ALUR_POSTGRES_PORT']),
    user: 'alur',
    database: 'alur',
    password: databasePassword,
  });
  await client.connect();
  return client;
}

describe('one command', () => {
  test('a second start on the same data says so and stops', async () => {
    const second = await stack.run(['stack/start.ts']);
    expect(second.code).toBe(1);
    expect(second.output).toContain('already runs');
  }, 60_000);

  test('a taken port is named with the variable that moves it', async () => {
    const other = await Product.create();
    other.env['ALUR_HTTP_PORT'] = stack.env['ALUR_HTTP_PORT'];
    const result = await other.run(['stack/start.ts']);
    expect(result.code).toBe(1);
    expect(result.output).toContain(`port ${stack.env['ALUR_HTTP_PORT']}`);
    expect(result.output).toContain('ALUR_HTTP_PORT');
    await other.remove();
  }, 60_000);

  test('readiness tells the truth', async () => {
    const ready = await fetch(`${stack.url}/health/ready`);
    expect(ready.status).toBe(200);
  });
});

describe('the demo', () => {
  test(
    `every case ends as the independent oracle says, with each process killed once (seed ${seed})`,
    async () => {
      const file = path.join(stack.home, 'usulan.csv');
      const size = ['--proposals', String(proposals), '--seed', String(seed)];
      expect(await stack.alur('generate', ...size, '--canaries', '30', '--out', file)).toMatchObject({ code: 0 });
      const running = stack.alur('demo', '--file', file, '--ledger', `${file}.ledger`, '--json', '--url', stack.url);
      let over = false;
      void running.finally(() => (over = true));
      for (const name of ['worker', 'api', 'temporal', 'postgres']) {
        await delay(15_000);
        expect(over).toBe(false);
        await stack.kill(name);
      }
      const result = await running;
      const summary = summaryOf(result);
      expect({ ...summary, output: result.code === 0 ? '' : result.output.slice(-3_000) }).toMatchObject({
        proposals,
        matched: proposals,
        mismatched: 0,
        lost: 0,
        doubled: 0,
        output: '',
      });
      expect(result.code).toBe(0);
    },
    demoLimitMs,
  );

  test('no canary NIK outside the ciphertext of the vault: database, histories, logs', async () => {
    const canaries = JSON.parse(await readFile(path.join(stack.home, 'usulan.csv.canaries.json'), 'utf8')) as string[];
    expect(canaries).toHaveLength(30);
    const texts: { place: string; text: string }[] = [];
    const client = await database();
    const { rows: tables } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from "${name}" t`);
      texts.push({ place: `table ${name}`, text: rows.map(({ line }) => line).join('\n') });
    }
    const { rows: payloads } = await client.query<{ body: Buffer }>('select body from payload');
    texts.push({ place: 'payload bodies', text: payloads.map(({ body }) => body.toString('latin1')).join('\n') });
    await client.end();
    for (const name of await readdir(path.join(stack.home, 'logs'))) {
      texts.push({ place: `log ${name}`, text: await readFile(path.join(stack.home, 'logs', name), 'utf8') });
    }
    for (const name of await readdir(path.join(stack.home, 'temporal'))) {
      texts.push({
        place: `Temporal's ${name}`,
        text: (await readFile(path.join(stack.home, 'temporal', name))).toString('latin1'),
      });
    }
    expect(texts.some(({ place, text }) => place === 'table subject' && text.length > 0)).toBe(true);
    const leaks = texts.flatMap(({ place, text }) => canaries.filter((nik) => text.includes(nik)).map(() => place));
    expect(leaks).toEqual([]);
  }, 120_000);

  test('a stopped and restarted stack keeps all cases', async () => {
    const count = async (): Promise<string> => {
      const client = await database();
      const { rows } = await client.query<{ state: string; count: string }>(
        'select state, count(*) from instance group by state order by state',
      );
      await client.end();
      return JSON.stringify(rows);
    };
    const before = await count();
    await stack.stop();
    await stack.start();
    expect(await count()).toBe(before);
  }, 400_000);

  test('a stack whose supervisor was killed starts again and ends what was left behind', async () => {
    await stack.killSupervisor();
    await stack.start();
    expect(stack.lines.some((line) => line.includes('left over from a stack that was killed'))).toBe(true);
  }, 400_000);
});

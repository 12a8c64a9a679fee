/** Data of an earlier version are refused with what to do about it, and left as they are. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '#db/migrate.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 120_000);
afterAll(() => postgres.stop());

const migrations = path.resolve(import.meta.dirname, '../../db/migrations');

it('says that data of the first model format cannot be used, and what to do', async () => {
  await postgres.pool(null, 1).query('create database lama');
  const connectionString = postgres.url.replace(/\/[^/?]+(\?|$)/, '/lama$1');
  const directory = await mkdtemp(path.join(tmpdir(), 'alur-migrations-'));
  for (const name of ['0001_foundation.sql', '0002_durable_shell.sql', '0003_proposal_start.sql'])
    await copyFile(path.join(migrations, name), path.join(directory, name));
  await migrate({ connectionString, directory });
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("insert into payload (sha256, body) values ('a', 'b')");
  await client.query("insert into deployment (key, created_by) values (1, 'x')");
  await client.query(
    `insert into process_definition (key, deployment_key, process_id, version, resource_name, xml, source_sha256, model_sha256, admission)
     values (1, 1, 'p', 1, 'p.bpmn', '', '', 'a', '{}')`,
  );
  await expect(migrate({ connectionString })).rejects.toThrow(/earlier version of Alur.*ALUR_HOME/);
  await expect(client.query('select message_starts from process_definition')).resolves.toMatchObject({ rowCount: 1 });
  await client.end();
  await rm(directory, { recursive: true });
});

/** The real Temporal for a test file: the CLI's dev server with a database file in a scratch folder. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { findTemporal } from '#stack/temporal-binary.ts';
import { freePort } from '#cli/case/durable/ports.ts';
import { startServer } from './server-process.ts';

export interface TestTemporal {
  readonly address: string;
  /** Copies its files to a folder while it stands still for a moment. */
  backup(to: string): Promise<void>;
  /** Ends it, puts the files of a backup in place and starts it again. */
  restore(from: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestTemporal(): Promise<TestTemporal> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-temporal-'));
  const binary = await findTemporal({ cacheDir: path.join(tmpdir(), 'alur-temporal-cli'), say: () => undefined });
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const args = [
    'server',
    'start-dev',
    '--headless',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--log-level',
    'error',
  ];
  const pragmas = [
    '--db-filename',
    path.join(folder, 'temporal.db'),
    '--sqlite-pragma',
    'journal_mode=WAL',
    '--sqlite-pragma',
    'synchronous=off',
  ];
  const begin = () =>
    startServer({ command: binary, args: [...args, ...pragmas], cwd: folder }, async () => {
      const connection = await Connection.connect({ address, connectTimeout: '1s' });
      try {
        await connection.workflowService.describeNamespace({ namespace: 'default' });
      } finally {
        await connection.close();
      }
    });
  let server = await begin();
  const exchange = async (from: string, to: string): Promise<void> => {
    await server.stop();
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true });
    server = await begin();
  };
  return {
    address,
    backup: (to) => exchange(folder, to),
    restore: (from) => exchange(from, folder),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The demo player of a first start ends with the stack that began it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '#stack/config.ts';
import { seedProposals } from '#stack/seed.ts';

test('a stack that stops takes its demo player with it', async () => {
  // an API that never answers keeps the player waiting
  const api = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port } = api.address() as AddressInfo;
  const config = readConfig(path.resolve(__dirname, '../..'), { ALUR_HTTP_PORT: String(port) });
  const context = { config, keys: { masterKey: '', databasePassword: '' }, say: () => undefined };
  const stopping = new AbortController();
  const seeding = seedProposals(context, stopping.signal);
  const [connection] = (await once(api, 'connection')) as [Socket];
  connection.resume();
  stopping.abort();
  await expect(seeding).rejects.toThrow('aborted');
  if (!connection.closed) await once(connection, 'close');
  api.close();
}, 60_000);

/** A caller of the API that outlives faults. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { openSession } from '#cli/client.ts';
import { jobEndpoints } from '#contract/job.ts';

let server: Server;
afterEach(() => void server.close());

test('what is tried again carries the same Idempotency-Key, the next call another', async () => {
  const keys: unknown[] = [];
  server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    response.writeHead(keys.length === 1 ? 503 : 204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = openSession({ baseUrl: `http://127.0.0.1:${port}`, name: '', token: 't', patienceMs: 10_000 });
  const complete = () => client(jobEndpoints.completeJob, { params: { jobKey: '1' }, body: {} });
  await complete();
  await complete();
  expect(keys).toEqual([expect.any(String), keys[0], expect.any(String)]);
  expect(keys[2]).not.toBe(keys[0]);
});

/** The proxies of the fault harness: what they do to a connection, and that our own clients outlive it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { createConnection } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type pg from 'pg';
import { createPool, transaction } from '#db/pool.ts';
import { GrpcRelay } from '../../chaos/links/grpc-relay.ts';
import { fairWeather, Link } from '../../chaos/links/link.ts';
import { randomOf } from '../../chaos/random.ts';
import { startTestPostgres } from '../support/postgres.ts';

let server: Server;
let link: Link;
let requests = 0;

const ask = async (): Promise<string> =>
  (
    await fetch(`http://127.0.0.1:${String(link.port)}/`, {
      method: 'POST',
      body: 'x',
      signal: AbortSignal.timeout(2_000),
    })
  ).text();

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      requests += 1;
      response.end(`answer ${String(requests)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  link = await Link.open({ name: 'test', upstream: () => [1, port], random: randomOf(1) });
});
afterEach(async () => {
  await link.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

describe('a link', () => {
  test('in fair weather hands everything through, to the first port that answers', async () => {
    expect(await ask()).toBe('answer 1');
    expect(await ask()).toBe('answer 2');
  });

  test('delays each direction and keeps the order', async () => {
    link.weather = { latencyMs: 60, jitterMs: 20, cut: null };
    const from = Date.now();
    expect(await ask()).toBe('answer 1');
    expect(Date.now() - from).toBeGreaterThanOrEqual(120);
  });

  test('cuts the reply of a request that was executed', async () => {
    link.weather = { ...fairWeather, cut: () => 1 };
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(requests).toBe(1);
    expect(link.counters.cuts).toBe(1);
    link.weather = fairWeather;
    expect(await ask()).toBe('answer 2');
  });

  test('a reset ends every connection; a lost half is not told to anybody', async () => {
    const connect = (): Socket => createConnection({ port: link.port, host: '127.0.0.1' });
    const exchange = (socket: Socket, ms: number): Promise<string> =>
      new Promise((resolve) => {
        socket.once('data', (data: Buffer) => resolve(data.toString().split('\r\n')[0] ?? ''));
        socket.once('close', () => resolve('closed'));
        setTimeout(() => resolve('nothing'), ms);
        socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
      });
    const [first, second] = [connect(), connect()];
    for (const socket of [first, second]) socket.on('error', () => undefined);
    expect(await exchange(first, 2_000)).toBe('HTTP/1.1 200 OK');
    link.reset();
    expect(await exchange(first, 2_000)).toBe('closed');
    const third = connect();
    expect(await exchange(third, 2_000)).toBe('HTTP/1.1 200 OK');
    link.halve();
    expect(await exchange(third, 300)).toBe('nothing');
    expect(requests).toBe(2);
    second.destroy();
    third.destroy();
  });
});

describe('a relay of gRPC calls', () => {
  const call = (session: ClientHttp2Session): Promise<{ status: unknown; body: string }> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':method': 'POST', ':path': '/service/Method', te: 'trailers' });
      let status: unknown = null;
      let body = '';
      stream.on('response', (headers) => (status = headers['grpc-status'] ?? status));
      stream.on('trailers', (headers) => (status = headers['grpc-status'] ?? status));
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
      stream.on('error', reject);
      stream.on('end', () => resolve({ status, body }));
      stream.end('request');
    });

  test('hands calls through, and tells of one that was executed that nobody is there', async () => {
    let calls = 0;
    const upstream = createHttp2Server();
    upstream.on('stream', (stream) => {
      stream.resume();
      stream.on('end', () => {
        calls += 1;
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end('reply');
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    let cuts = false;
    const relay = await GrpcRelay.open({ upstream: () => port, cuts: () => cuts });
    const session = connectHttp2(`http://127.0.0.1:${String(relay.port)}`);
    expect(await call(session)).toEqual({ status: '0', body: 'reply' });
    cuts = true;
    expect(await call(session)).toEqual({ status: '14', body: '' });
    expect([calls, relay.calls, relay.cuts]).toEqual([2, 2, 1]);
    session.destroy();
    await relay.close();
    await new Promise<void>((resolve) => upstream.close(() => resolve()));
  });
});

describe('our connections to PostgreSQL', () => {
  test('one that breaks inside a transaction fails that transaction, and no process', async () => {
    const postgres = await startTestPostgres();
    const port = Number(new URL(postgres.url).port);
    const between = await Link.open({ name: 'postgres', upstream: () => [port], random: randomOf(1) });
    const url = new URL(postgres.url);
    url.port = String(between.port);
    const pool = createPool({ connectionString: url.href, role: null, max: 1 });
    const broken = transaction(pool, async (client: pg.PoolClient) => {
      await client.query('select 1');
      between.reset();
      // Nobody asks anything when it breaks.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.query('select 1');
    });
    await expect(broken).rejects.toThrow();
    expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    await pool.end();
    await between.close();
    await postgres.stop();
  });
});

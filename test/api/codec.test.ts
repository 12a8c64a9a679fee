/** Temporal's CLI and UI read payloads through Alur: role, region and audit decide, not who has reached the server. */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findTemporal } from '#stack/temporal-binary.ts';
import { end, path as through, processOf, start, user, value } from '../engine/model-builder.ts';
import { HttpStack } from '../support/http-stack.ts';
import type { StartedCase } from '../support/stack.ts';

const run = promisify(execFile);
const canary = 'KENARI-7';
const region = '32.15.01.1001';
let http: HttpStack;
let binary = '';
let started: StartedCase;
beforeAll(async () => {
  http = await HttpStack.start();
  binary = await findTemporal({ cacheDir: path.join(tmpdir(), 'alur-temporal-cli'), say: () => undefined });
  const model = processOf([start('a'), user('t'), end('z')], [through('a', 't', 'z')], { region: value(region) });
  const { stack } = http;
  const published = await stack.publish({ ...model, processId: 'rahasia' });
  started = await stack.start(published, { isi: canary });
  await stack.taskOf(started, 't');
}, 180_000);
afterAll(() => http.stop(), 60_000);

/** The history as the CLI prints it. */
async function shown(token: string): Promise<string> {
  const { TEMPORAL_ADDRESS: address = '' } = http.stack.environment;
  const args = ['workflow', 'show', '--workflow-id', started.workflowId, '--address', address, '--output', 'json'];
  const codec = ['--codec-endpoint', `${http.url}/codec`, '--codec-auth', `Bearer ${token}`];
  const { stdout } = await run(binary, [...args, ...codec], { maxBuffer: 16 * 1024 * 1024 });
  // Payloads that are JSON are printed as JSON, others in base64.
  return stdout + Buffer.from(stdout.match(/"data": "[^"]+"/g)?.join('') ?? '', 'base64').toString();
}
const audited = async (): Promise<unknown[]> =>
  (
    await http.stack.owner.query<{ actor: string; target: string }>(
      "select actor, target from audit where action = 'payload.decode' order by number",
    )
  ).rows;

describe('the codec', () => {
  it('shows the CLI of an administrator of the region what a case holds, with a row in the audit', async () => {
    const token = await http.token({ name: 'kepala', roles: ['administrator'], region: '32.15' });
    expect(await shown(token)).toContain(canary);
    const rows = await audited();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toEqual({ actor: 'kepala', target: started.workflowId });
  }, 60_000);

  it('leaves payloads of other regions as they came', async () => {
    const before = (await audited()).length;
    const token = await http.token({ name: 'tetangga', roles: ['administrator'], region: '32.16' });
    expect(await shown(token)).not.toContain(canary);
    expect((await audited()).length).toBe(before);
  }, 60_000);

  it('is closed to other roles', async () => {
    const token = await http.token({ name: 'pengawas', roles: ['supervisor'], region: '*' });
    const { status } = await fetch(`${http.url}/codec/decode`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ payloads: [] }),
    });
    expect(status).toBe(403);
  });

  it('encrypts for the CLI what it sends, for administrators of the whole country', async () => {
    const ask = async (name: string, where: string) => {
      const token = await http.token({ name, roles: ['administrator'], region: where });
      const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: Buffer.from('1').toString('base64') }];
      return fetch(`${http.url}/codec/encode`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'X-Namespace': 'default' },
        body: JSON.stringify({ payloads }),
      });
    };
    expect((await ask('setempat', '32.15')).status).toBe(403);
    const answer = await ask('pusat', '*');
    const { payloads } = (await answer.json()) as { payloads: { metadata: Record<string, string> }[] };
    const encoding = Buffer.from(payloads[0]?.metadata['encoding'] ?? '', 'base64').toString();
    expect([answer.status, encoding]).toEqual([200, 'binary/alur-encrypted']);
  });

  it("answers the preflight of the configured UI's pages, and of no other", async () => {
    const ask = (origin: string) =>
      fetch(`${http.url}/codec/decode`, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
    const [ours, foreign] = [await ask('http://localhost:8233'), await ask('http://evil.example')];
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://localhost:8233');
    expect(ours.headers.get('access-control-allow-headers')).toContain('X-Namespace');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

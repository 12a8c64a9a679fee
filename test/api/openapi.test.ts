import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openApiText } from '#api/openapi.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { routes } from '#contract/routes.ts';

const endpoints = Object.entries(routes) as [string, Endpoint][];

describe('the description of the API', () => {
  it('is current: else run `npx tsx api/write-openapi.ts`', () => {
    const written = readFileSync(path.resolve(__dirname, '../../api/openapi.json'), 'utf8');
    expect(written === openApiText()).toBe(true);
  });
  it('names each operation once, and each path parameter', () => {
    const operations = endpoints.map(([, { operationId }]) => operationId);
    expect(new Set(operations).size).toBe(operations.length);
    for (const [, { path: route, params }] of endpoints) {
      const named = [...route.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name ?? '');
      expect(Object.keys(params?.shape ?? {}).sort()).toEqual(named.sort());
    }
  });
  it('lets no personal number into an address', () => {
    for (const [, { path: route, query }] of endpoints) {
      for (const name of [...route.split(/[/:]/), ...Object.keys(query?.shape ?? {})])
        expect(name).not.toMatch(/^(nik|kk|noKk|nama|hp)$/i);
    }
  });
  it('takes an Idempotency-Key on every command', () => {
    const commands = endpoints.filter(
      ([, { method, path: route }]) =>
        method === 'post' &&
        /\/(completion|assignment|cancellation|resolution|failure|error|publication|correlation)$/.test(route),
    );
    expect(commands.length).toBeGreaterThan(8);
    for (const [name, endpoint] of commands) expect([name, endpoint.idempotent]).toEqual([name, true]);
  });
});

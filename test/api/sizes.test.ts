/** R13: every route that takes variables refuses what is too large by name and limit, and nothing has changed. From the route table. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Endpoint } from '#contract/endpoint.ts';
import { routes } from '#contract/routes.ts';
import { limits } from '#engine/limits.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { pathOf, requestsFor } from './route-requests.ts';
import type { RouteName, RouteRequest } from './route-requests.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';

type Path = readonly (string | 0)[];
interface Schema {
  readonly $ref?: string;
  readonly id?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}
const deepest = 5;
/** Where a body has process variables. */
function variablesIn(schema: Schema, defs: Readonly<Record<string, Schema>>, path: Path = []): Path[] {
  const name = schema.$ref?.split('/').at(-1);
  // JSON itself is defined by itself.
  if (path.length > deepest) return [];
  if (name === 'Variables' || schema.id === 'Variables') return [path];
  const target = name === undefined ? schema : (defs[name] ?? {});
  return [
    ...Object.entries(target.properties ?? {}).flatMap(([key, part]) => variablesIn(part, defs, [...path, key])),
    ...[...(target.anyOf ?? []), ...(target.oneOf ?? [])].flatMap((part) => variablesIn(part, defs, path)),
    ...(target.items === undefined ? [] : variablesIn(target.items, defs, [...path, 0])),
  ];
}
const places = (Object.keys(routes) as RouteName[]).flatMap((name) => {
  const { body, bodyType }: Endpoint = routes[name];
  if (body === undefined || bodyType !== undefined) return [];
  const schema = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as Schema;
  return variablesIn(schema, schema.$defs ?? {}).map((path) => ({ name, path, place: `${name}: ${path.join('.')}` }));
});

function putAt(target: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value;
  if (first === 0) return [putAt((target as unknown[] | undefined)?.[0] ?? {}, rest, value)];
  const object = (target ?? {}) as Record<string, unknown>;
  return { ...object, [first]: putAt(object[first], rest, value) };
}

const oversized = {
  'one variable': ['besar', { besar: 'x'.repeat(limits.variableBytes + 1) }, limits.variableBytes],
  'one of many levels': ['dalam', { dalam: JSON.parse('['.repeat(300) + ']'.repeat(300)) }, limits.variableDepth],
  'all together': [
    '',
    Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`v${n}`, 'x'.repeat(limits.variableBytes - 100)])),
    limits.stateBytes,
  ],
} as const;

let api: ApiUnderTest;
let token: string;
let requests: Readonly<Record<RouteName, RouteRequest>>;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const definitionKey = await publishSample(api);
  const region = '32.15.01.1001';
  const target = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey });
  const roles = ['operator', 'supervisor', 'administrator', 'integration'] as const;
  token = await api.token({ name: 'semua', region: '*', roles, groups: ['operator-desa'] });
  requests = requestsFor(target, { account: 'semua', accessTokenId: '0'.repeat(64) });
}, 120_000);
afterAll(() => api.stop());

/** Discriminated bodies need their type said. */
const kinds: Readonly<Record<string, object>> = {
  modifyProcessInstance: { moveInstructions: [{ sourceElementId: 'periksa', targetElementId: 'selesai' }] },
  completeJob: { result: { type: 'adHocSubProcess', activateElements: [{ elementId: 'kirim' }] } },
};

it('knows the routes that take variables', () => {
  expect(new Set(places.map(({ name }) => name)).size).toBeGreaterThanOrEqual(11);
});

describe.each(places)('$place', ({ name, path }) => {
  it.each(Object.entries(oversized))('%s', async (_, [variable, variables, limit]) => {
    const { method, path: route }: Endpoint = routes[name];
    const started = api.temporal.starts.length;
    const sent = { ...(requests[name].body as object), ...(path.length > 1 ? kinds[name] : {}) };
    const answer = await api.ask(method, pathOf(route, requests[name]), { token, body: putAt(sent, path, variables) });
    expect([answer.status, answer.body?.code]).toEqual([413, 'tooLarge']);
    expect(answer.body.detail).toContain(variable);
    expect(answer.body.detail).toContain(String(limit));
    const { commands, starts, messages, signals } = api.temporal;
    expect([commands.length, starts.length - started, messages.length, signals.length]).toEqual([0, 0, 0, 0]);
  });
});

it('a body beyond all measure is refused before it is read', async () => {
  const body = { processDefinitionId: 'contoh', variables: { besar: 'x'.repeat(3 * 1024 * 1024) } };
  const answer = await api.ask('post', '/v2/process-instances', { token, body });
  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
    413,
    'tooLarge',
    expect.stringContaining(String(2 * 1024 * 1024)),
  ]);
});

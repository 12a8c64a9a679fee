/** Each route × each role: deny by default, from the route table. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '#contract/endpoint.ts';
import { routes } from '#contract/routes.ts';
import { roles } from '#contract/values.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { pathOf, requestsFor } from './route-requests.ts';
import type { RouteName, RouteRequest } from './route-requests.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
let api: ApiUnderTest;
let requests: Readonly<Record<RouteName, RouteRequest>>;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const definitionKey = await publishSample(api);
  const sample = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey });
  for (const role of roles) await api.token({ name: `si-${role}`, region, roles: [role] });
  requests = requestsFor(sample, { account: 'si-operator', accessTokenId: '0'.repeat(64) });
}, 120_000);
afterAll(() => api.stop());

// An event stream does not end by itself.
const names = (Object.keys(routes) as RouteName[]).filter((name) => name !== 'streamEvents');
const roleReason = 'Peran akun ini';

describe.each(names)('%s', (name) => {
  const endpoint: Endpoint = routes[name];
  const ask = (token?: string) => {
    const { body, rawBody, headers } = requests[name];
    return api.ask(endpoint.method, pathOf(endpoint.path, requests[name]), {
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
      ...(rawBody === undefined ? {} : { rawBody }),
      ...(headers === undefined ? {} : { headers }),
    });
  };
  it('is closed to nobody in particular', async () => {
    const { status, body } = await ask();
    if (endpoint.roles === 'public') expect(body?.code).not.toBe('notSignedIn');
    else expect([status, body.code]).toEqual([401, 'notSignedIn']);
  });
  it.each(roles)('as %s', async (role) => {
    const { status, body, text } = await ask(await api.token({ name: `si-${role}`, region, roles: [role] }));
    const isAllowed = typeof endpoint.roles === 'string' || endpoint.roles.includes(role);
    if (isAllowed) {
      expect(text).not.toContain(roleReason);
      expect(status).not.toBe(500);
    } else expect([status, body.code, body.detail.startsWith(roleReason)]).toEqual([403, 'notAllowed', true]);
  });
});

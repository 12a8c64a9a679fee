import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator } from './sample-case.ts';

const ani = { name: 'ani', region: '32.15', roles: ['operator'], groups: ['psm'] } as const;
const password = 'password of ani';
let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start({ signInAttempts: 3 });
  await api.token(ani);
}, 120_000);
afterAll(() => api.stop());

const signIn = (name: string, given: string, headers: Record<string, string> = {}) =>
  api.ask('post', '/v2/session', { body: { name, password: given }, headers });
const cookieIn = (headers: Headers): string => (headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';

describe('signing in', () => {
  it('sets a cookie no script can read and no foreign form can use', async () => {
    const answer = await signIn('ani', password);
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^alur_session=[\w-]{40,}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
    );
    expect(answer.body.account).toMatchObject({
      name: 'ani',
      region: '32.15',
      regionName: 'Kab. Karawang, Jawa Barat',
      groups: ['psm'],
    });
    expect(answer.text).not.toContain('scrypt');
  });
  it('wants the CSRF token for mutations by cookie, not for reading', async () => {
    const session = await signIn('ani', password);
    const Cookie = cookieIn(session.headers);
    expect((await api.ask('get', '/v2/session', { headers: { Cookie } })).status).toBe(200);
    const without = await api.ask('put', '/v2/session/locale', { headers: { Cookie }, body: { locale: 'en' } });
    expect([without.status, without.body.code]).toEqual([403, 'csrfTokenMissing']);
    const wrong = await api.ask('put', '/v2/session/locale', {
      headers: { Cookie, 'X-CSRF-Token': 'x' },
      body: { locale: 'en' },
    });
    expect(wrong.status).toBe(403);
    const right = await api.ask('put', '/v2/session/locale', {
      headers: { Cookie, 'X-CSRF-Token': session.body.csrfToken },
      body: { locale: 'en' },
    });
    expect(right.status).toBe(204);
  });
  it('gives a new session each time and ends the old one', async () => {
    const first = cookieIn((await signIn('ani', password)).headers);
    const second = cookieIn((await signIn('ani', password, { Cookie: first })).headers);
    expect(second).not.toBe(first);
    expect((await api.ask('get', '/v2/session', { headers: { Cookie: first } })).status).toBe(401);
    expect((await api.ask('get', '/v2/session', { headers: { Cookie: second } })).status).toBe(200);
  });
  it('ends at once: by signing out, by disabling, by a new password', async () => {
    const admin = await api.token(administrator);
    const budi = { name: 'budi', region: '32.15', roles: ['operator'] } as const;
    const token = await api.token(budi);
    const open = async () => {
      const { headers, body } = await signIn('budi', 'password of budi');
      return { Cookie: cookieIn(headers), 'X-CSRF-Token': String(body?.csrfToken) };
    };
    const out = await open();
    expect((await api.ask('delete', '/v2/session', { headers: out })).status).toBe(204);
    expect((await api.ask('get', '/v2/session', { headers: out })).status).toBe(401);
    const other = await open();
    expect((await api.ask('patch', '/v2/accounts/budi', { token: admin, body: { disabled: true } })).status).toBe(200);
    expect((await api.ask('get', '/v2/session', { headers: other })).status).toBe(401);
    expect((await api.ask('get', '/v2/session', { token })).status).toBe(401);
    expect((await signIn('budi', 'password of budi')).status).toBe(401);
  });
  it('a revoked access token is worth nothing from then on', async () => {
    const admin = await api.token(administrator);
    const issued = await api.ask('post', '/v2/access-tokens', { token: admin, body: { account: 'ani', label: 'uji' } });
    const { token, accessTokenId } = issued.body;
    expect((await api.ask('get', '/v2/session', { token })).status).toBe(200);
    expect((await api.ask('delete', `/v2/access-tokens/${accessTokenId}`, { token: admin })).status).toBe(204);
    expect((await api.ask('get', '/v2/session', { token })).status).toBe(401);
  });
  it('limits failures per account and address, with Retry-After; others may still sign in', async () => {
    await api.token({ name: 'citra', region: '32.15', roles: ['operator'] });
    for (let attempt = 0; attempt < 3; attempt++) expect((await signIn('citra', 'salah')).status).toBe(401);
    const limited = await signIn('citra', 'password of citra');
    expect([limited.status, limited.body.code]).toEqual([429, 'tooManyRequests']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn('ani', password)).status).toBe(200);
  });
  it('answers alike for an unknown name and a wrong password', async () => {
    const unknown = await signIn('tidak-ada', 'salah');
    const wrong = await signIn('ani', 'salah');
    expect({ ...unknown.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
  });
});

describe('problems', () => {
  it('have all five members, and say which field is wrong, in the language asked for', async () => {
    const token = await api.token(administrator);
    const body = { filter: { state: 'SALAH' }, page: { limit: 0 } };
    const indonesian = await api.ask('post', '/v2/user-tasks/search', { token, body });
    expect(indonesian.headers.get('content-type')).toContain('application/problem+json');
    expect(indonesian.body).toMatchObject({
      type: expect.any(String),
      title: 'Permintaan tidak dapat dibaca',
      status: 400,
      detail: expect.any(String),
      instance: '/v2/user-tasks/search',
    });
    expect(indonesian.body.errors.map((fault: { field: string }) => fault.field)).toContain('filter.state');
    const english = await api.ask('post', '/v2/user-tasks/search', {
      token,
      body,
      headers: { 'Accept-Language': 'en' },
    });
    expect(english.body.title).toBe('The request cannot be read');
  });
  it('come for broken JSON, other media types, unknown addresses and bodies too large', async () => {
    const token = await api.token(administrator);
    const json = { 'Content-Type': 'application/json' };
    expect((await api.ask('post', '/v2/incidents/search', { token, rawBody: '{', headers: json })).body.code).toBe(
      'invalidRequest',
    );
    expect(
      (
        await api.ask('post', '/v2/incidents/search', {
          token,
          rawBody: 'a=1',
          headers: { 'Content-Type': 'text/plain' },
        })
      ).body.code,
    ).toBe('unsupportedMediaType');
    expect((await api.ask('get', '/v2/tidak-ada', { token })).body.code).toBe('notFound');
    expect(
      (
        await api.ask('post', '/v2/incidents/search', {
          token,
          rawBody: `{"filter":"${'x'.repeat(3_000_000)}"}`,
          headers: json,
        })
      ).status,
    ).toBe(413);
  });
  it('carry security headers, and no script but our own', async () => {
    const { headers } = await api.ask('get', '/health/live');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

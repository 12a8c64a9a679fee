/** Signing in: a cookie for the web (HttpOnly, SameSite=Lax), bearer tokens for programs. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { account } from './account.ts';
import { dateTime, people } from './values.ts';

export const sessionCookie = 'alur_session';
/** Header that every mutation made with the cookie must carry; its value is `csrfToken`. */
export const csrfHeader = 'X-CSRF-Token';
export const idempotencyHeader = 'Idempotency-Key';

export const session = z
  .object({
    account,
    /** Send as `X-CSRF-Token` with every mutation; null for bearer tokens, which need none. */
    csrfToken: z.string().nullable(),
    expiresAt: dateTime.nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

const noun = 'Session';
export const sessionEndpoints = {
  signIn: endpoint({
    method: 'post',
    path: '/v2/session',
    operationId: 'signIn',
    noun,
    summary: 'Sign in; sets the session cookie',
    roles: 'public',
    body: z.strictObject({ name: z.string().trim().min(1).max(63), password: z.string().min(1).max(200) }),
    status: 200,
    ok: session,
    problems: ['wrongCredentials'],
  }),
  signOut: endpoint({
    method: 'delete',
    path: '/v2/session',
    operationId: 'signOut',
    noun,
    summary: 'Sign out; the session ends at once',
    roles: 'any',
    status: 204,
    ok: null,
    problems: [],
  }),
  getSession: endpoint({
    method: 'get',
    path: '/v2/session',
    operationId: 'getSession',
    noun,
    summary: 'Who am I',
    roles: 'any',
    status: 200,
    ok: session,
    problems: [],
  }),
  changeLocale: endpoint({
    method: 'put',
    path: '/v2/session/locale',
    operationId: 'changeLocale',
    noun,
    summary: 'Choose the language of texts and problems',
    roles: 'any',
    body: z.strictObject({ locale: z.enum(['id', 'en']) }),
    status: 204,
    ok: null,
    problems: [],
  }),
  changePassword: endpoint({
    method: 'put',
    path: '/v2/session/password',
    operationId: 'changePassword',
    noun,
    summary: 'Change my password; all my sessions end',
    roles: people,
    body: z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword: z.string().min(8).max(200) }),
    status: 204,
    ok: null,
    problems: ['wrongCredentials'],
  }),
};

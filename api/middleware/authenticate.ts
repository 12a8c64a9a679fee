/** Who calls: bearer token or session cookie, read from the database at each request, so that revocation works at once. */
import type { Request } from 'express';
import type { Pool } from 'pg';
import { csrfHeader, sessionCookie } from '#contract/session.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { findSession, findTokenAccount } from '#db/accounts.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from '../handler.ts';

export function cookieOf(request: Request): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === sessionCookie && value !== undefined && value !== '') return value;
  }
  return null;
}

/** null: nobody in particular. A token that is not valid (any more) counts as none. */
export async function callerOf(request: Request, pool: Pool): Promise<Caller | null> {
  const bearer = /^Bearer (\S{20,200})$/i.exec(request.get('Authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    const account = await findTokenAccount(pool, bearer);
    return account === null ? null : { account, csrfToken: null, sessionToken: null, expiresAt: null };
  }
  const sessionToken = cookieOf(request);
  if (sessionToken === null) return null;
  const session = await findSession(pool, sessionToken);
  return session === null ? null : { ...session, sessionToken };
}

/** Deny by default: an account, one of the endpoint's roles, and for a mutation by cookie the CSRF token. @throws Refusal */
export function assertAllowed(endpoint: Endpoint, caller: Caller | null, request: Request): void {
  if (endpoint.roles === 'public') return;
  if (caller === null) throw new Refusal('notSignedIn', 'signIn');
  const { roles } = endpoint;
  if (roles !== 'any' && !roles.some((role) => caller.account.roles.includes(role)))
    throw new Refusal('notAllowed', 'role');
  if (endpoint.method === 'get' || endpoint.changesNothing === true || caller.csrfToken === null) return;
  if (request.get(csrfHeader) !== caller.csrfToken) throw new Refusal('csrfTokenMissing', 'csrf');
}

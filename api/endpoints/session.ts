/** Sign in and out, who am I. */
import { sessionCookie } from '#contract/session.ts';
import type { Session, sessionEndpoints } from '#contract/session.ts';
import { authenticate, endSession, endSessionsOf, openSession, updateAccount } from '#db/accounts.ts';
import { appendAudit } from '#db/audit.ts';
import { inRegion } from '#db/region-scope.ts';
import { viewOf } from '../accounts-view.ts';
import type { Caller, HandlersOf } from '../handler.ts';
import { cookieOf } from '../middleware/authenticate.ts';
import { Refusal } from '../refusal.ts';

const sessionOf = async ({ account, csrfToken, expiresAt }: Caller): Promise<Session> => ({
  account: await viewOf(account),
  csrfToken,
  expiresAt: expiresAt?.toISOString() ?? null,
});

export const sessionHandlers: HandlersOf<typeof sessionEndpoints> = {
  signIn: async ({ body, deps, request, response }) => {
    const { pool, options } = deps;
    const account = await authenticate(pool, body.name, body.password);
    if (account === null) throw new Refusal('wrongCredentials', 'wrongCredentials');
    const grant = await inRegion(pool, account.region, async (db) => {
      await appendAudit(db, {
        actor: account.name,
        action: 'session.open',
        target: account.name,
        region: account.region,
        detail: {},
      });
      return openSession(db, account.name, options.sessionHours, cookieOf(request));
    });
    response.cookie(sessionCookie, grant.token, {
      httpOnly: true,
      sameSite: 'lax',
      secure: options.secureCookies,
      path: '/',
      expires: grant.expiresAt,
    });
    return sessionOf({ account, csrfToken: grant.csrfToken, sessionToken: grant.token, expiresAt: grant.expiresAt });
  },
  signOut: async ({ caller, deps, response }) => {
    if (caller.sessionToken !== null) await endSession(deps.pool, caller.sessionToken);
    response.clearCookie(sessionCookie, {
      httpOnly: true,
      sameSite: 'lax',
      secure: deps.options.secureCookies,
      path: '/',
    });
    return undefined;
  },
  getSession: ({ caller }) => sessionOf(caller),
  changeLocale: async ({ caller, body, deps }) => {
    await updateAccount(deps.pool, caller.account.name, { locale: body.locale });
    return undefined;
  },
  changePassword: async ({ caller, body, deps, db }) => {
    const { name, region } = caller.account;
    if ((await authenticate(deps.pool, name, body.currentPassword)) === null)
      throw new Refusal('wrongCredentials', 'wrongCredentials');
    await db(async (client) => {
      // Ends every session, the caller's own too: whoever knew the old password is out.
      await updateAccount(client, name, { password: body.newPassword });
      await endSessionsOf(client, name, null);
      await appendAudit(client, { actor: name, action: 'account.password', target: name, region, detail: {} });
    });
    return undefined;
  },
};

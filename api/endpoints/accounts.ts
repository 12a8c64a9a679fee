/** Accounts and access tokens; administrators act within their own region. */
import type { accountEndpoints } from '#contract/account.ts';
import { createAccessToken, createAccount, findAccount, updateAccount } from '#db/accounts.ts';
import type { Account, AccountChange } from '#db/accounts.ts';
import { appendAudit } from '#db/audit.ts';
import { findAccessToken, revokeAccessToken, searchAccessTokens, searchAccounts } from '#db/queries/accounts.ts';
import { regionCovers } from '#db/region-scope.ts';
import { assertCovers, viewOf } from '../accounts-view.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';

/** The account when it exists within the administrator's region. @throws Refusal */
function within(administrator: Account, account: Account | null): Account {
  if (account === null || !regionCovers(administrator.region, account.region)) throw notFound();
  return account;
}

export const accountHandlers: HandlersOf<typeof accountEndpoints> = {
  searchAccounts: async ({ caller, body, db }) => {
    const { filter = {}, sort, page } = body;
    const { role, group, region, disabled, ...columns } = filter;
    const scope = { within: caller.account.region, role, group, region, disabled };
    const found = await db((client) => searchAccounts(client, columns, scope, { sort, page }));
    return { items: await Promise.all(found.rows.map(viewOf)), page: found.page };
  },
  createAccount: async ({ caller, body, db }) => {
    assertCovers(caller.account, body.region);
    const created = await db(async (client) => {
      const account = await createAccount(client, body);
      if (account === null) throw new Refusal('alreadyExists', 'accountExists', { values: { name: body.name } });
      const detail = { roles: body.roles, groups: body.groups, region: body.region };
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'account.create',
        target: body.name,
        region: body.region,
        detail,
      });
      return account;
    });
    return viewOf(created);
  },
  getAccount: async ({ caller, params, deps }) =>
    viewOf(within(caller.account, await findAccount(deps.pool, params.name))),
  updateAccount: async ({ caller, params, body, db }) => {
    if (body.region !== undefined) assertCovers(caller.account, body.region);
    const updated = await db(async (client) => {
      const before = within(caller.account, await findAccount(client, params.name));
      const { password, ...visible } = body;
      const account = await updateAccount(client, params.name, body as AccountChange);
      const detail = {
        ...JSON.parse(JSON.stringify(visible)),
        ...(password === undefined ? {} : { password: 'changed' }),
      };
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'account.update',
        target: params.name,
        region: before.region,
        detail,
      });
      return account;
    });
    return viewOf(within(caller.account, updated));
  },
  createAccessToken: async ({ caller, body, db }) =>
    db(async (client) => {
      const account = within(caller.account, await findAccount(client, body.account));
      const expiresAt = body.expiresAt ?? null;
      const grant = await createAccessToken(
        client,
        account.name,
        body.label,
        expiresAt === null ? null : new Date(expiresAt),
      );
      const detail = { label: body.label, accessTokenId: grant.accessTokenId };
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'accessToken.create',
        target: account.name,
        region: account.region,
        detail,
      });
      return {
        accessTokenId: grant.accessTokenId,
        account: account.name,
        label: body.label,
        createdAt: grant.createdAt.toISOString(),
        expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
        token: grant.token,
      };
    }),
  searchAccessTokens: async ({ caller, body, db }) => {
    const { filter = {}, sort, page } = body;
    const found = await db((client) => searchAccessTokens(client, filter, caller.account.region, { sort, page }));
    return { items: [...found.rows], page: found.page };
  },
  revokeAccessToken: async ({ caller, params, db }) => {
    await db(async (client) => {
      const owner = await findAccessToken(client, params.accessTokenId);
      const account = within(caller.account, owner === null ? null : await findAccount(client, owner));
      await revokeAccessToken(client, params.accessTokenId);
      const detail = { accessTokenId: params.accessTokenId };
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'accessToken.revoke',
        target: account.name,
        region: account.region,
        detail,
      });
    });
    return undefined;
  },
};

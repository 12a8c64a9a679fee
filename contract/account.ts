/** Accounts of people and of other systems, and access tokens. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { searchAnswer, searchBody, textFilter } from './search.ts';
import { accountName, dateTime, regionCode, role } from './values.ts';

export const locales = ['id', 'en'] as const;
export const account = z
  .object({
    name: accountName,
    displayName: z.string(),
    roles: z.array(role),
    /** Candidate groups. */
    groups: z.array(z.string()),
    region: regionCode,
    regionName: z.string().nullable(),
    locale: z.enum(locales),
    disabled: z.boolean(),
    createdAt: dateTime,
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;

const group = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const written = {
  displayName: z.string().trim().min(1).max(120),
  roles: z.array(role).min(1).max(4),
  groups: z.array(group).max(50),
  region: regionCode,
  locale: z.enum(locales),
};
const password = z.string().min(8).max(200);
const byName = z.object({ name: accountName });
const administrators = ['administrator'] as const;

export const accessToken = z
  .object({
    accessTokenId: z.string(),
    account: accountName,
    label: z.string(),
    createdAt: dateTime,
    expiresAt: dateTime.nullable(),
  })
  .meta({ id: 'AccessToken' });

export const accountEndpoints = {
  searchAccounts: endpoint({
    method: 'post',
    path: '/v2/accounts/search',
    operationId: 'searchAccounts',
    noun: 'Account',
    summary: 'Search accounts of the own region; supervisors need it to assign tasks',
    roles: ['supervisor', 'administrator'],
    body: searchBody(
      z.object({
        name: textFilter.optional(),
        displayName: textFilter.optional(),
        role: role.optional(),
        group: z.string().optional(),
        region: z.string().optional(),
        disabled: z.boolean().optional(),
      }),
      ['name', 'displayName', 'region', 'createdAt'],
    ),
    status: 200,
    ok: searchAnswer(account),
    problems: [],
  }),
  createAccount: endpoint({
    method: 'post',
    path: '/v2/accounts',
    operationId: 'createAccount',
    noun: 'Account',
    summary: 'Create an account at or below the own region',
    roles: administrators,
    body: z.strictObject({
      name: accountName,
      ...written,
      groups: written.groups.default([]),
      locale: written.locale.default('id'),
      password,
    }),
    status: 201,
    ok: account,
    problems: ['alreadyExists'],
    idempotent: true,
  }),
  getAccount: endpoint({
    method: 'get',
    path: '/v2/accounts/:name',
    operationId: 'getAccount',
    noun: 'Account',
    summary: 'One account',
    roles: administrators,
    params: byName,
    status: 200,
    ok: account,
    problems: ['notFound'],
  }),
  updateAccount: endpoint({
    method: 'patch',
    path: '/v2/accounts/:name',
    operationId: 'updateAccount',
    noun: 'Account',
    summary: 'Change an account; a new password or disabling ends its sessions at once',
    roles: administrators,
    params: byName,
    body: z.strictObject(written).partial().extend({ disabled: z.boolean().optional(), password: password.optional() }),
    status: 200,
    ok: account,
    problems: ['notFound'],
    idempotent: true,
  }),
  createAccessToken: endpoint({
    method: 'post',
    path: '/v2/access-tokens',
    operationId: 'createAccessToken',
    noun: 'Access token',
    summary: 'Issue a bearer token; its text is shown this once',
    roles: administrators,
    body: z.strictObject({
      account: accountName,
      label: z.string().trim().min(1).max(120),
      expiresAt: dateTime.nullish(),
    }),
    status: 201,
    ok: accessToken.extend({ token: z.string() }),
    problems: ['notFound'],
  }),
  searchAccessTokens: endpoint({
    method: 'post',
    path: '/v2/access-tokens/search',
    operationId: 'searchAccessTokens',
    noun: 'Access token',
    summary: 'Search access tokens (without their text)',
    roles: administrators,
    body: searchBody(z.object({ account: textFilter.optional(), label: textFilter.optional() }), [
      'account',
      'label',
      'createdAt',
    ]),
    status: 200,
    ok: searchAnswer(accessToken),
    problems: [],
  }),
  revokeAccessToken: endpoint({
    method: 'delete',
    path: '/v2/access-tokens/:accessTokenId',
    operationId: 'revokeAccessToken',
    noun: 'Access token',
    summary: 'Revoke a token, at once',
    roles: administrators,
    params: z.object({ accessTokenId: z.string().regex(/^[0-9a-f]{64}$/) }),
    status: 204,
    ok: null,
    problems: ['notFound'],
  }),
};

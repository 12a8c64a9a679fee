/** Searches over accounts and access tokens. These tables have no row-level security: the scope is always given. */
import type { ClientBase } from 'pg';
import { accountColumns, accountOfRow } from '../accounts.ts';
import type { Account, AccountRow } from '../accounts.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, PageInfo, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface AccountScope {
  /** Region of the asking account; `*`: all. */
  readonly within: string;
  readonly role?: string | undefined;
  readonly group?: string | undefined;
  readonly region?: string | undefined;
  readonly disabled?: boolean | undefined;
}
const columns: Columns = {
  name: { sql: 'a.name', type: 'text' },
  displayName: { sql: 'a.display_name', type: 'text' },
  region: { sql: 'a.region', type: 'text' },
  createdAt: { sql: 'a.created_at', type: 'timestamptz' },
};
/** Key for paging: accounts have no number. */
const accountKey = { sql: '(hashtextextended(a.name, 0))', type: 'bigint' } as const;

export async function searchAccounts(
  db: Database,
  filter: Filter,
  scope: AccountScope,
  request: SearchRequest,
): Promise<{ readonly rows: readonly Account[]; readonly page: PageInfo }> {
  const where = new Conditions().filters(columns, filter);
  where.region('a.region', scope.within).region('a.region', scope.region);
  if (scope.role !== undefined) where.add(`${where.bind(scope.role)} = any(a.roles)`);
  if (scope.group !== undefined) where.add(`${where.bind(scope.group)} = any(a.groups)`);
  if (scope.disabled !== undefined) where.add(`a.disabled = ${where.bind(scope.disabled)}`);
  const found = await search<AccountRow>(
    db,
    {
      select: accountColumns,
      from: 'account a',
      where,
      key: accountKey,
      sortable: columns,
      defaultSort: [{ field: 'name', order: 'ASC' }],
    },
    request,
  );
  return { rows: found.rows.map(accountOfRow), page: found.page };
}

export interface AccessTokenRow {
  readonly accessTokenId: string;
  readonly account: string;
  readonly label: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}
const tokenColumns: Columns = {
  account: { sql: 't.account', type: 'text' },
  label: { sql: 't.label', type: 'text' },
  createdAt: { sql: 't.created_at', type: 'timestamptz' },
};
export function searchAccessTokens(
  db: Database,
  filter: Filter,
  within: string,
  request: SearchRequest,
): Promise<{ readonly rows: readonly AccessTokenRow[]; readonly page: PageInfo }> {
  return search<AccessTokenRow>(
    db,
    {
      select: `encode(t.token_hash, 'hex') as "accessTokenId", t.account, t.label, ${iso('t.created_at')} as "createdAt", ${iso('t.expires_at')} as "expiresAt"`,
      from: 'access_token t join account a on a.name = t.account',
      where: new Conditions().filters(tokenColumns, filter).region('a.region', within),
      key: { sql: "(hashtextextended(encode(t.token_hash, 'hex'), 0))", type: 'bigint' },
      sortable: tokenColumns,
      defaultSort: [{ field: 'createdAt', order: 'DESC' }],
    },
    request,
  );
}
/** The account a token belongs to; null: no such token. */
export async function findAccessToken(db: Database, accessTokenId: string): Promise<string | null> {
  const { rows } = await db.query<{ account: string }>(
    "select account from access_token where token_hash = decode($1, 'hex')",
    [accessTokenId],
  );
  return rows[0]?.account ?? null;
}
export async function revokeAccessToken(db: Database, accessTokenId: string): Promise<void> {
  await db.query("delete from access_token where token_hash = decode($1, 'hex')", [accessTokenId]);
}

/** Accounts, sessions and access tokens. Passwords are kept as scrypt hashes, sessions and tokens as SHA-256 of their random text. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';

type Database = Pick<ClientBase | Pool, 'query'>;
export type Role = 'operator' | 'supervisor' | 'administrator' | 'integration';
export type Locale = 'id' | 'en';

export interface Account {
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  /** kode wilayah, or `*`. */
  readonly region: string;
  readonly locale: Locale;
  readonly disabled: boolean;
  readonly createdAt: Date;
}
export interface NewAccount {
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly region: string;
  readonly locale: Locale;
  readonly password: string;
}
export type AccountChange = Partial<Omit<NewAccount, 'name'>> & { readonly disabled?: boolean | undefined };

export interface AccountRow {
  readonly name: string;
  readonly display_name: string;
  readonly roles: Role[];
  readonly groups: string[];
  readonly region: string;
  readonly locale: Locale;
  readonly disabled: boolean;
  readonly created_at: Date;
}
export const accountColumns = 'a.name, a.display_name, a.roles, a.groups, a.region, a.locale, a.disabled, a.created_at';
export const accountOfRow = (row: AccountRow): Account => ({
  name: row.name,
  displayName: row.display_name,
  roles: row.roles,
  groups: row.groups,
  region: row.region,
  locale: row.locale,
  disabled: row.disabled,
  createdAt: row.created_at,
});

/** OWASP's scrypt parameters: 2^15, 8, 3 (32 MiB). */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const;
const hash = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64')}$${(await hash(password, salt)).toString('base64')}`;
}
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [, salt = '', expected = ''] = stored.split('$');
  const wanted = Buffer.from(expected, 'base64');
  const given = await hash(password, Buffer.from(salt, 'base64'));
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
/** Hash of nobody's password: an unknown name costs as much time as a wrong password. */
const nobody = `scrypt$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`;

/** The account when name and password are right and it is not disabled, else null. */
export async function authenticate(db: Database, name: string, password: string): Promise<Account | null> {
  const { rows } = await db.query<AccountRow & { password_hash: string }>(
    `select ${accountColumns}, a.password_hash from account a where a.name = $1`,
    [name.toLowerCase()],
  );
  const row = rows[0];
  const right = await passwordMatches(password, row?.password_hash ?? nobody);
  return right && row !== undefined && !row.disabled ? accountOfRow(row) : null;
}

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

export interface SessionGrant {
  /** Goes into the cookie. */
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}
/** A fresh session; the one the browser had before ends (rotation at sign-in). */
export async function openSession(
  db: Database,
  account: string,
  hours: number,
  previousToken: string | null,
): Promise<SessionGrant> {
  if (previousToken !== null) await endSession(db, previousToken);
  await db.query('delete from session where account = $1 and expires_at < now()', [account]);
  const grant = { token: newToken(), csrfToken: newToken(), expiresAt: new Date(Date.now() + hours * 3_600_000) };
  await db.query('insert into session (id_hash, account, csrf_token, expires_at) values ($1, $2, $3, $4)', [
    tokenHash(grant.token),
    account,
    grant.csrfToken,
    grant.expiresAt,
  ]);
  return grant;
}
export interface SessionAccount {
  readonly account: Account;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}
/** Read at each request: ending a session or disabling an account works at once. */
export async function findSession(db: Database, token: string): Promise<SessionAccount | null> {
  const { rows } = await db.query<AccountRow & { csrf_token: string; expires_at: Date }>(
    `select ${accountColumns}, s.csrf_token, s.expires_at from session s join account a on a.name = s.account
      where s.id_hash = $1 and s.expires_at > now() and not a.disabled`,
    [tokenHash(token)],
  );
  const row = rows[0];
  return row === undefined
    ? null
    : { account: accountOfRow(row), csrfToken: row.csrf_token, expiresAt: row.expires_at };
}
export async function endSession(db: Database, token: string): Promise<void> {
  await db.query('delete from session where id_hash = $1', [tokenHash(token)]);
}
/** Ends all sessions of an account but the one given. */
export async function endSessionsOf(db: Database, account: string, keep: string | null): Promise<void> {
  await db.query('delete from session where account = $1 and id_hash is distinct from $2', [
    account,
    keep === null ? null : tokenHash(keep),
  ]);
}

export async function findTokenAccount(db: Database, token: string): Promise<Account | null> {
  const { rows } = await db.query<AccountRow>(
    `select ${accountColumns} from access_token t join account a on a.name = t.account
      where t.token_hash = $1 and (t.expires_at is null or t.expires_at > now()) and not a.disabled`,
    [tokenHash(token)],
  );
  return rows[0] === undefined ? null : accountOfRow(rows[0]);
}
export interface TokenGrant {
  readonly token: string;
  /** Hex of the token's hash: its public id. */
  readonly accessTokenId: string;
  readonly createdAt: Date;
}
export async function createAccessToken(
  db: Database,
  account: string,
  label: string,
  expiresAt: Date | null,
): Promise<TokenGrant> {
  const token = `alur_${newToken()}`;
  const { rows } = await db.query<{ id: string; created_at: Date }>(
    `insert into access_token (token_hash, account, label, expires_at) values ($1, $2, $3, $4)
     returning encode(token_hash, 'hex') as id, created_at`,
    [tokenHash(token), account, label, expiresAt],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the access token was not stored');
  return { token, accessTokenId: row.id, createdAt: row.created_at };
}

export async function findAccount(db: Database, name: string): Promise<Account | null> {
  const { rows } = await db.query<AccountRow>(`select ${accountColumns} from account a where a.name = $1`, [name]);
  return rows[0] === undefined ? null : accountOfRow(rows[0]);
}
/** null: the name is taken. */
export async function createAccount(db: Database, account: NewAccount): Promise<Account | null> {
  const { rows } = await db.query<AccountRow>(
    `insert into account as a (name, display_name, password_hash, roles, groups, region, locale) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (name) do nothing returning ${accountColumns}`,
    [
      account.name,
      account.displayName,
      await hashPassword(account.password),
      account.roles,
      account.groups,
      account.region,
      account.locale,
    ],
  );
  return rows[0] === undefined ? null : accountOfRow(rows[0]);
}
export async function updateAccount(db: Database, name: string, change: AccountChange): Promise<Account | null> {
  const passwordHash = change.password === undefined ? null : await hashPassword(change.password);
  const { rows } = await db.query<AccountRow>(
    `update account a set display_name = coalesce($2, a.display_name), roles = coalesce($3, a.roles), groups = coalesce($4, a.groups),
       region = coalesce($5, a.region), locale = coalesce($6, a.locale), disabled = coalesce($7, a.disabled), password_hash = coalesce($8, a.password_hash)
     where a.name = $1 returning ${accountColumns}`,
    [
      name,
      change.displayName,
      change.roles,
      change.groups,
      change.region,
      change.locale,
      change.disabled,
      passwordHash,
    ],
  );
  if (change.disabled === true || passwordHash !== null) await endSessionsOf(db, name, null);
  return rows[0] === undefined ? null : accountOfRow(rows[0]);
}
/** Creates those accounts that do not exist; for the first start of an installation. Returns how many were new. */
export async function ensureAccounts(db: Database, accounts: readonly NewAccount[]): Promise<number> {
  const { rows } = await db.query<{ name: string }>('select name from account where name = any($1)', [
    accounts.map(({ name }) => name),
  ]);
  const known = new Set(rows.map(({ name }) => name));
  const missing = accounts.filter(({ name }) => !known.has(name));
  for (const account of missing) await createAccount(db, account);
  return missing.length;
}

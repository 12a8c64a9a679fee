/** The people of the demo: one session per account, and which group's tasks each takes. */
import type { Client } from '#contract/client.ts';
import { accountEndpoints } from '#contract/account.ts';
import { openSession } from '../client.ts';

/** Account by candidate group. */
export const accountOfGroup: Readonly<Record<string, string>> = {
  'operator-desa': 'operator',
  psm: 'psm',
  kades: 'kades',
  camat: 'camat',
  'verifikator-dinsos': 'verifikator',
  'kepala-dinsos': 'kepala',
  bupati: 'bupati',
  'dinsos-provinsi': 'provinsi',
  pusdatin: 'pusdatin',
  'operator-siks': 'siks',
  inspektorat: 'inspektorat',
  gubernur: 'gubernur',
  bulog: 'bulog',
  'juru-bayar': 'jurubayar',
};
export const groups: readonly string[] = Object.keys(accountOfGroup);

export interface Cast {
  /** Signed in as an account of the demo tenant. */
  readonly as: (account: string) => Client;
  /** The civil registry's system, with a bearer token. */
  readonly registry: Client;
  /** Token for PT Pos, whose simulator reports deliveries with it. */
  readonly posToken: string;
}
export interface CastOptions {
  readonly baseUrl: string;
  readonly password: string;
  readonly patienceMs: number;
  readonly onRetry: (reason: string) => void;
}

const tokenLifeMs = 2 * 24 * 3_600_000;

/** Signs in lazily; issues tokens for the systems outside. Throws when the administrator cannot sign in. */
export async function gatherCast(options: CastOptions): Promise<Cast> {
  const sessions = new Map<string, Client>();
  const as = (account: string): Client => {
    const known = sessions.get(account) ?? openSession({ ...options, name: account });
    sessions.set(account, known);
    return known;
  };
  const tokenFor = async (account: string): Promise<string> => {
    const expiresAt = new Date(Date.now() + tokenLifeMs).toISOString();
    const { token } = await as('admin')(accountEndpoints.createAccessToken, {
      body: { account, label: 'alur demo', expiresAt },
    });
    return token;
  };
  const registry = openSession({ ...options, name: 'disdukcapil', token: await tokenFor('disdukcapil') });
  return { as, registry, posToken: await tokenFor('pos') };
}

/** Who is signed in, and what happens when the session ends while somebody types. */
import { useQuery, useQueryClient, type Query } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '#contract/account.ts';
import { sessionEndpoints, type Session } from '#contract/session.ts';
import type { Role } from '#contract/values.ts';
import { followAccountLanguage } from '../i18n/setup.ts';
import { call, setCsrfToken, setRequestLanguage, setSignedOutListener } from './api.ts';
import { setZoneOfRegion } from './format.ts';
import { problemOf } from './problem-text.ts';

interface SessionState {
  /** undefined: not known yet; null: nobody. */
  readonly account: Account | null | undefined;
  /** The session ran out; the page behind keeps what was typed. */
  readonly expired: boolean;
  /** Why the first question could not be answered. */
  readonly error: unknown;
  readonly reload: () => void;
  readonly signIn: (name: string, password: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionState | null>(null);
const queryKey = ['session'] as const;

/** The session itself stays: its observer would miss a new one. */
const isNotSession = (query: Query): boolean => query.queryKey[0] !== queryKey[0];

async function readSession(): Promise<Session | null> {
  try {
    return await call(sessionEndpoints.getSession, {});
  } catch (error) {
    if (problemOf(error)?.code === 'notSignedIn') return null;
    throw error;
  }
}

export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const { i18n } = useTranslation();
  const cache = useQueryClient();
  const [expired, setExpired] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: readSession,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  useEffect(() => setRequestLanguage(i18n.language), [i18n.language]);
  useEffect(() => {
    if (data === undefined || data === null) return;
    setCsrfToken(data.csrfToken);
    setZoneOfRegion(data.account.region);
    followAccountLanguage(data.account.locale);
  }, [data]);
  const known = data !== undefined && data !== null;
  useEffect(() => setSignedOutListener(() => known && setExpired(true)), [known]);
  const signIn = useCallback(
    async (name: string, password: string) => {
      const session = await call(sessionEndpoints.signIn, { body: { name, password } });
      const before = cache.getQueryData<Session | null>(queryKey);
      setCsrfToken(session.csrfToken);
      // Somebody else took over the screen: nothing of the first account may remain.
      if (before?.account.name !== session.account.name) cache.removeQueries({ predicate: isNotSession });
      cache.setQueryData(queryKey, session);
      setExpired(false);
      await cache.invalidateQueries({ predicate: isNotSession });
    },
    [cache],
  );
  const signOut = useCallback(async () => {
    await call(sessionEndpoints.signOut, {});
    setCsrfToken(null);
    setExpired(false);
    cache.setQueryData(queryKey, null);
    cache.removeQueries({ predicate: isNotSession });
  }, [cache]);
  const state = useMemo<SessionState>(
    () => ({
      account: data === undefined ? undefined : (data?.account ?? null),
      expired,
      error,
      reload: () => void refetch(),
      signIn,
      signOut,
    }),
    [data, expired, error, refetch, signIn, signOut],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
}

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === null) throw new Error('SessionProvider is missing');
  return state;
}

/** The signed-in account. Only below a page that needs one. */
export function useAccount(): Account {
  const { account } = useSession();
  if (account === null || account === undefined) throw new Error('nobody is signed in');
  return account;
}

export function hasRole(account: Account, ...roles: readonly Role[]): boolean {
  return roles.some((role) => account.roles.includes(role));
}

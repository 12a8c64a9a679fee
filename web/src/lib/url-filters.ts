import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Filters live in the URL: they survive reload, can be shared, and "back" restores them. Empty values leave the URL. */
export function useUrlFilters(): {
  readonly get: (name: string) => string;
  readonly set: (values: Readonly<Record<string, string | null>>) => void;
  readonly query: string;
} {
  const [search, setSearch] = useSearchParams();
  const get = useCallback((name: string) => search.get(name) ?? '', [search]);
  const set = useCallback(
    (values: Readonly<Record<string, string | null>>) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(values)) {
            if (value === null || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        // At once: a control that shows the URL must not fall back while it is being used.
        { replace: true, flushSync: true },
      );
    },
    [setSearch],
  );
  return { get, set, query: search.toString() };
}

import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';

interface TabLinksProps<T extends string> {
  readonly label: string;
  /** Name of the URL parameter. */
  readonly name: string;
  readonly tabs: readonly { readonly id: T; readonly label: string; readonly count?: number | undefined }[];
  readonly current: T;
}

/** Tabs are links: they can be shared, opened apart and gone back from. */
export function TabLinks<T extends string>({ label, name, tabs, current }: TabLinksProps<T>): ReactNode {
  const [search] = useSearchParams();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => {
        const next = new URLSearchParams(search);
        next.set(name, tab.id);
        return (
          <Link
            key={tab.id}
            to={{ search: next.toString() }}
            replace
            aria-current={tab.id === current ? 'page' : undefined}
          >
            {tab.label}
            {tab.count === undefined ? null : <span className="count">{tab.count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

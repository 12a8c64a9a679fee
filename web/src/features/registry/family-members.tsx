import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Family } from '#contract/person.ts';
import { formatDate } from '../../lib/format.ts';

interface Member {
  readonly personKey: string;
  readonly nama: string | null;
  readonly from: string;
  /** null: still. */
  readonly to: string | null;
}
/** One line for each, however often the family has moved: from the first stay to the last. */
function membersOf({ members }: Family): readonly Member[] {
  const found = new Map<string, Member>();
  // Newest stays come first.
  for (const { personKey, nama, validFrom, validTo } of members) {
    const newest = found.get(personKey);
    found.set(personKey, { personKey, nama, from: validFrom, to: newest === undefined ? validTo : newest.to });
  }
  return [...found.values()];
}

/** Who belongs to a family, and who did. */
export function FamilyMembers({ family }: { family: Family }): ReactNode {
  const { t, i18n } = useTranslation();
  const day = (date: string): string => formatDate(date, i18n.language);
  return (
    <ul className="family-members">
      {membersOf(family).map(({ personKey, nama, from, to }) => (
        <li key={personKey}>
          {nama === null ? (
            <span className="muted">{t('register.nameless')}</span>
          ) : (
            <Link to={`/persons/${personKey}`}>{nama}</Link>
          )}{' '}
          <span className="small muted">
            {to === null
              ? t('register.since', { from: day(from) })
              : t('register.until', { from: day(from), to: day(to) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

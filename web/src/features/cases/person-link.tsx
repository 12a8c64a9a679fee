import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { subjectQuery } from '../../lib/case-queries.ts';

/** From the citizen of a case to the person in the register. */
export function PersonLink({ subjectKey }: { subjectKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data } = useQuery(subjectQuery(subjectKey));
  if (data === undefined || data.personKey === null) return null;
  return (
    <Link className="button" to={`/persons/${data.personKey}`}>
      {t('register.open')}
    </Link>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../lib/format.ts';

interface PagerProps {
  /** 0-based. */
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  /** There are more than `total`. */
  readonly more: boolean;
  readonly onPage: (page: number) => void;
}

export function Pager({ page, perPage, total, more, onPage }: PagerProps): ReactNode {
  const { t, i18n } = useTranslation();
  if (total === 0) return null;
  const first = page * perPage + 1;
  const last = Math.min(total, first + perPage - 1);
  const count = formatNumber(total, i18n.language);
  return (
    <nav className="pager" aria-label={t('common.pages')}>
      <span className="small muted">
        {t('common.range', { first, last, total: more ? t('common.moreThan', { count }) : count })}
      </span>
      {total <= perPage ? null : (
        <span className="button-row">
          <button type="button" className="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
            {t('common.previousPage')}
          </button>
          <button type="button" className="button" disabled={last >= total} onClick={() => onPage(page + 1)}>
            {t('common.nextPage')}
          </button>
        </span>
      )}
    </nav>
  );
}

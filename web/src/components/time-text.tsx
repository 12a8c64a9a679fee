import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime, formatRelative } from '../lib/format.ts';
import { useNowMs } from '../lib/now.ts';

/** Words first ("3 hari lagi"), the exact time on hover and for screen readers. */
export function RelativeTime({ iso }: { iso: string }): ReactNode {
  const { i18n } = useTranslation();
  const nowMs = useNowMs();
  return (
    <time dateTime={iso} title={formatDateTime(iso, i18n.language)}>
      {formatRelative(iso, i18n.language, nowMs)}
    </time>
  );
}

export function ExactTime({ iso }: { iso: string }): ReactNode {
  const { i18n } = useTranslation();
  return <time dateTime={iso}>{formatDateTime(iso, i18n.language)}</time>;
}

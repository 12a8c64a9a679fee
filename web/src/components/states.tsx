import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from '../lib/problem-text.ts';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
}

export function Notice({ tone, title, children }: NoticeProps): ReactNode {
  return (
    <section className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined} aria-label={title}>
      {title === undefined ? null : <h3>{title}</h3>}
      {children}
    </section>
  );
}

export function Loading({ label }: { label?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" />
      {label ?? t('common.loading')}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** Says in plain words what went wrong and what helps; never a stack or a code alone. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { t } = useTranslation();
  const text = problemText(error, t);
  return (
    <Notice tone="bad" title={text.title}>
      <p>{text.remedy}</p>
      {text.detail === null ? null : <p className="small muted">{text.detail}</p>}
      {onRetry === undefined ? null : (
        <div className="button-row">
          <button type="button" className="button" onClick={onRetry}>
            {t('common.tryAgain')}
          </button>
        </div>
      )}
    </Notice>
  );
}

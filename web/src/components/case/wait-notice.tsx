import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WaitReason } from '#contract/case.ts';
import { useNowMs } from '../../lib/now.ts';
import { waitText } from './wait-sentence.ts';

interface WaitNoticeProps {
  readonly reason: WaitReason;
  readonly processDefinitionId: string;
  readonly children?: ReactNode;
}

export function WaitNotice({ reason, processDefinitionId, children }: WaitNoticeProps): ReactNode {
  const { t, i18n } = useTranslation();
  const nowMs = useNowMs();
  const text = waitText(reason, processDefinitionId, { t, language: i18n.language, nowMs });
  const tone = reason.kind === 'incident' ? 'bad' : reason.overdue ? 'warn' : 'info';
  return (
    <section className={`notice ${tone} wait-notice`} aria-label={t('wait.title')}>
      <h2>{t('wait.title')}</h2>
      <p className="wait-sentence">{text.sentence}</p>
      <p className="small">
        {text.since}
        {text.until === null ? '' : ` ${text.until}`}
      </p>
      <p className="small">{text.action}</p>
      {children === undefined ? null : <div className="button-row">{children}</div>}
    </section>
  );
}

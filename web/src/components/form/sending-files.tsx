import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendingState } from './sent-files.ts';

/** How far sending is; said aloud as it goes on. */
export function SendingFiles({ state: { done, of } }: { state: SendingState }): ReactNode {
  const { t } = useTranslation();
  const text = t('files.sending', { number: done + 1, of });
  return (
    <span className="sending-files small" role="status">
      <progress aria-label={text} max={of} value={done} /> {text}
    </span>
  );
}

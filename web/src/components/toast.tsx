/** Short confirmations, bottom left: the bottom right of a canvas belongs to bpmn.io's mark. */
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const shownMs = 6_000;
const ToastContext = createContext<(text: string) => void>(() => undefined);

export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const show = useCallback((next: string) => setText(next), []);
  useEffect(() => {
    if (text === null) return;
    const timer = setTimeout(() => setText(null), shownMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <ToastContext value={show}>
      {children}
      <div role="status" aria-live="polite">
        {text === null ? null : (
          <div className="toast">
            <span>{text}</span>
            <button type="button" aria-label={t('common.close')} onClick={() => setText(null)}>
              <span aria-hidden="true">✕</span>
            </button>
          </div>
        )}
      </div>
    </ToastContext>
  );
}

export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}

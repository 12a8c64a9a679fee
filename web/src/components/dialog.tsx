import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** false: the dialog must be answered. */
  readonly closable?: boolean;
  readonly children: ReactNode;
}

/** A modal on the platform's own <dialog>: focus trap, Escape and inert background come with it. */
export function Dialog({ title, onClose, closable = true, children }: DialogProps): ReactNode {
  const { t } = useTranslation();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Browsers let a second Escape through; a dialog that must be answered comes back.
      onClose={(event) => (closable ? onClose() : event.currentTarget.isConnected && event.currentTarget.showModal())}
    >
      <div>
        <h2 id={titleId}>{title}</h2>
        {children}
        {closable ? (
          <button type="button" className="button plain dialog-close" onClick={onClose}>
            {t('common.close')}
          </button>
        ) : null}
      </div>
    </dialog>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { useShortcutState } from '../lib/shortcuts.tsx';

export function HelpDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { active, enabled, setEnabled } = useShortcutState();
  const rows = [...new Map(active.map((shortcut) => [shortcut.key, shortcut])).values()];
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <div className="stack">
        <dl className="facts">
          {rows.map((shortcut) => (
            <div key={shortcut.key}>
              <dt>
                <kbd>{shortcut.key.length === 1 ? shortcut.key.toUpperCase() : shortcut.key}</kbd>
              </dt>
              <dd>{t(shortcut.label)}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>Enter</kbd>
            </dt>
            <dd>{t('shortcuts.open')}</dd>
          </div>
          <div>
            <dt>
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </dt>
            <dd>{t('shortcuts.submit')}</dd>
          </div>
        </dl>
        <label className="check">
          <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />{' '}
          {t('shortcuts.enabled')}
        </label>
      </div>
    </Dialog>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DeadlineChange } from '#contract/setting.ts';
import { Notice } from '../../components/states.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { deadlineName, elementName, processName } from '../../lib/terms.ts';
import { durationWords } from './duration-words.ts';

interface DeadlineImpactProps {
  readonly changes: readonly DeadlineChange[];
  readonly saving: boolean;
  readonly onSave: () => void;
}

/** Before deadlines are saved: who gets the new ones, which running cases keep the old, and what runs by them now. */
export function DeadlineImpact({ changes, saving, onSave }: DeadlineImpactProps): ReactNode {
  const { t } = useTranslation();
  if (changes.length === 0) return <Notice tone="info" title={t('settings.unchanged')} />;
  return (
    <section className="card" aria-label={t('settings.impact')} aria-live="polite">
      <header>
        <h2>{t('settings.impact')}</h2>
      </header>
      <div className="card-body stack">
        <p>{t('settings.whoGetsThem')}</p>
        {changes.map((change) => (
          <OneDeadline key={`${change.profile} ${change.name}`} change={change} />
        ))}
        <div className="button-row">
          <button type="button" className="button primary" aria-disabled={saving} onClick={saving ? undefined : onSave}>
            {saving ? t('common.sending') : t('settings.save')}
          </button>
        </div>
      </div>
    </section>
  );
}

function OneDeadline({
  change: { profile, name, before, after, running, waits },
}: {
  change: DeadlineChange;
}): ReactNode {
  const { t } = useTranslation();
  const words = (duration: string | null): string =>
    duration === null ? t('settings.none') : durationWords(duration, t);
  return (
    <div className="stack">
      <h3>
        {deadlineName(name)} ({t(`settings.profiles.${profile}`, { defaultValue: profile })}): {words(before)} →{' '}
        {words(after)}
      </h3>
      <p>{t('settings.keep', { count: running, duration: words(before) })}</p>
      {waits.length === 0 ? null : <Waits waits={waits} />}
    </div>
  );
}

function Waits({ waits }: { waits: DeadlineChange['waits'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('settings.waits')}</p>
      <ul className="published">
        {waits.map((wait) => {
          const {
            processDefinitionId: id,
            processDefinitionVersion: version,
            elementId,
            elementName: name,
            kind,
          } = wait;
          return (
            <li key={`${id} ${String(version)} ${elementId} ${kind}`}>
              {processName(id, null)}, {elementName(id, elementId, name)}:{' '}
              {t(`settings.wait.${kind}`, { count: wait.count })} <ExactTime iso={wait.firstDueDate} />
              {wait.firstDueDate === wait.lastDueDate ? null : (
                <>
                  {' – '}
                  <ExactTime iso={wait.lastDueDate} />
                </>
              )}{' '}
              {wait.examples.map((key, at) => (
                <Link key={key} to={`/cases/${key}`}>
                  {t('candidate.example', { number: at + 1 })}{' '}
                </Link>
              ))}
            </li>
          );
        })}
      </ul>
      <p>{t('settings.redate')}</p>
    </>
  );
}

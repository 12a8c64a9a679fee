import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ImpactAnswer } from '#contract/migration.ts';
import { elementName } from '../../lib/terms.ts';

/** A changed decision is told cell by cell elsewhere. */
const shownProperties = ({ kind, properties }: ImpactAnswer['changes'][number]) =>
  kind === 'decision' ? [] : properties;

interface ImpactViewProps {
  readonly impact: ImpactAnswer;
  /** Of an element of the version that the cases run on; absent: as our own definitions call it. */
  readonly nameOf?: (elementId: string) => string;
}

const tones = { safe: 'good', needsMapping: 'warn', blocked: 'bad' } as const;

/** What a version means for the cases that run on another: how many of each class, where they stand, and why. */
export function ImpactView({ impact, nameOf }: ImpactViewProps): ReactNode {
  const { t } = useTranslation();
  const { processDefinitionId: id, counts, groups, changes } = impact;
  const step = nameOf ?? ((elementId: string): string => elementName(id, elementId, null));
  return (
    <div className="stack">
      <p>{t('candidate.counts', counts)}</p>
      {impact.complete ? null : <p className="muted">{t('candidate.incomplete')}</p>}
      {groups.length === 0 ? null : (
        <div className="table-wrap">
          <table className="table cards">
            <caption className="visually-hidden">{t('candidate.impact')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('candidate.columns.class')}</th>
                <th scope="col">{t('candidate.columns.cases')}</th>
                <th scope="col">{t('candidate.columns.where')}</th>
                <th scope="col">{t('candidate.columns.why')}</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group, index) => (
                <tr key={index}>
                  <td data-label={t('candidate.columns.class')}>
                    <span className={`badge ${tones[group.class]}`}>{t(`candidate.class.${group.class}`)}</span>
                  </td>
                  <td data-label={t('candidate.columns.cases')}>{group.count}</td>
                  <td data-label={t('candidate.columns.where')}>{group.elements.map(step).join(', ')}</td>
                  <td data-label={t('candidate.columns.why')}>
                    <span>
                      {group.reasons.map(({ message }) => message).join(' ')}{' '}
                      {group.examples.map((key, at) => (
                        <Link key={key} className="example" to={`/cases/${key}`}>
                          {t('candidate.example', { number: at + 1 })}
                        </Link>
                      ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <details>
        <summary>{t('candidate.changes', { count: changes.length })}</summary>
        <ul className="published">
          {changes.map((change) => (
            <li key={`${change.kind} ${change.id}`}>
              {t(`candidate.change.${change.change}`, { name: change.name ?? change.id, from: change.from ?? '' })}
              {shownProperties(change).map(({ property, before, after }) => (
                <span key={property} className="small muted">
                  {' '}
                  {property}: {before ?? '–'} → {after ?? '–'}
                </span>
              ))}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

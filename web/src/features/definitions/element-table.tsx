import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { verdicts, type AdmittedElement } from '#contract/process-definition.ts';

const tones: Readonly<Record<AdmittedElement['verdict'], string>> = {
  executed: 'good',
  preserved: 'quiet',
  rejected: 'bad',
};
/** What asks for attention first; within a verdict as in the file. */
const order: readonly AdmittedElement['verdict'][] = verdicts.toReversed();

interface ElementTableProps {
  readonly elements: readonly AdmittedElement[];
  /** Goes to the element in the diagram. */
  readonly onSelect: (elementId: string) => void;
}

/** What becomes of each element of a file; nothing is left out silently. */
export function ElementTable({ elements, onSelect }: ElementTableProps): ReactNode {
  const { t } = useTranslation();
  const count = (verdict: AdmittedElement['verdict']): number =>
    elements.filter((element) => element.verdict === verdict).length;
  const counts = { executed: count('executed'), preserved: count('preserved'), rejected: count('rejected') };
  const sorted = order.flatMap((verdict) => elements.filter((element) => element.verdict === verdict));
  return (
    <details className="element-table">
      <summary>{t('definitions.elementCounts', counts)}</summary>
      <p className="small muted">{t('definitions.verdictHelp')}</p>
      <div className="table-wrap">
        <table className="table cards">
          <thead>
            <tr>
              <th scope="col">{t('definitions.columns.element')}</th>
              <th scope="col">{t('definitions.columns.kind')}</th>
              <th scope="col">{t('definitions.columns.verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ elementId, elementType, name, verdict }) => (
              <tr key={elementId}>
                <th scope="row">
                  <span>
                    <button type="button" className="link-button" onClick={() => onSelect(elementId)}>
                      {name ?? elementId}
                    </button>
                    {name === null ? null : <code className="small muted element-type">{elementId}</code>}
                  </span>
                </th>
                <td data-label={t('definitions.columns.kind')}>
                  {t(`elements.${elementType}`, { defaultValue: elementType })}
                </td>
                <td data-label={t('definitions.columns.verdict')}>
                  <span className={`badge ${tones[verdict]}`}>{t(`definitions.verdict.${verdict}`)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

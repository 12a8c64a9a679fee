import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DecisionRegression } from '#contract/history.ts';
import { ExactTime } from '../../components/time-text.tsx';
import { decisionName, elementName, valueText } from '../../lib/terms.ts';

type Changed = DecisionRegression['changes'][number];
type Answered = DecisionRegression['cases'][number];

/** What has changed in a decision, and whom it would have answered otherwise. */
export function DecisionChanges({ result }: { result: DecisionRegression }): ReactNode {
  const { t } = useTranslation();
  const { decisionDefinitionId, changes, recorded, compared, cases } = result;
  const counts = { compared, same: result.same, different: result.different, failed: result.failed };
  return (
    <div className="stack">
      <h3>{t('candidate.decisionOf', { name: decisionName(decisionDefinitionId) })}</h3>
      <ul className="published">
        {changes.map((change, index) => (
          <li key={index}>
            <ChangeText change={change} />
          </li>
        ))}
      </ul>
      <p>{t('candidate.decidedKept')}</p>
      <p>{recorded === 0 ? t('candidate.neverAsked') : t('candidate.askedAgain', counts)}</p>
      {compared < recorded ? <p className="muted">{t('candidate.newestAsked', { compared, recorded })}</p> : null}
      {cases.length === 0 ? null : <AnsweredOtherwise cases={cases} />}
    </div>
  );
}

function ChangeText({ change: { decisionDefinitionId, rule, column, before, after } }: { change: Changed }): ReactNode {
  const { t } = useTranslation();
  const place = [
    decisionName(decisionDefinitionId),
    rule === null ? null : t('candidate.rule', { rule }),
    column === '' ? t('candidate.hitPolicy') : column,
  ];
  return (
    <>
      {place.filter((part) => part !== null).join(', ')}: <code>{before ?? '–'}</code> → <code>{after ?? '–'}</code>
    </>
  );
}

function AnsweredOtherwise({ cases }: { cases: readonly Answered[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards">
        <caption className="visually-hidden">{t('candidate.answeredOtherwise')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('candidate.columns.case')}</th>
            <th scope="col">{t('candidate.columns.asked')}</th>
            <th scope="col">{t('candidate.columns.answered')}</th>
            <th scope="col">{t('candidate.columns.wouldAnswer')}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <tr key={`${one.processInstanceKey} ${String(one.factNumber)}`}>
              <td data-label={t('candidate.columns.case')}>
                <span>
                  <Link to={`/cases/${one.processInstanceKey}`}>{one.businessId ?? one.processInstanceKey}</Link>{' '}
                  {one.state === 'ACTIVE' ? <span className="badge info">{t('candidate.stillRuns')}</span> : null}
                </span>
              </td>
              <td data-label={t('candidate.columns.asked')}>
                <span>
                  {elementName(one.processDefinitionId, one.elementId, null)}, <ExactTime iso={one.at} />
                </span>
              </td>
              <td data-label={t('candidate.columns.answered')}>{valueText(one.before.output, t)}</td>
              <td data-label={t('candidate.columns.wouldAnswer')}>
                {one.after === null
                  ? t('candidate.failed', { message: one.message ?? '' })
                  : valueText(one.after.output, t)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

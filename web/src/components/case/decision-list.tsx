import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DecisionEvaluation, DecisionExplanation } from '#contract/case.ts';
import { ExactTime } from '../time-text.tsx';
import { decisionName, elementName, valueText, variableName } from '../../lib/terms.ts';

/** Decisions in words: what was looked at, which rule held and why, what came out, and what it rests on. */
export function DecisionList({ items }: { items: readonly DecisionEvaluation[] }): ReactNode {
  return (
    <ol className="decision-list">
      {items.map((item, index) => (
        <DecisionItem key={`${item.elementId}-${item.at}-${String(index)}`} item={item} />
      ))}
    </ol>
  );
}

function DecisionItem({ item }: { item: DecisionEvaluation }): ReactNode {
  const { t } = useTranslation();
  const { explanation } = item;
  return (
    <li>
      <h3>{decisionName(item.decisionId)}</h3>
      <Reasoning explanation={explanation} />
      {explanation.required.length === 0 ? null : (
        <details>
          <summary>{t('decisions.restsOn')}</summary>
          <ul className="decision-parts">
            {explanation.required.map((part) => (
              <DecisionPart key={part.decisionId} part={part} />
            ))}
          </ul>
        </details>
      )}
      <p className="small muted">
        {t('decisions.step', { step: elementName(item.processDefinitionId, item.elementId, item.elementName) })}{' '}
        <ExactTime iso={item.at} />
      </p>
    </li>
  );
}

/** A decision that another rests on, and what it rests on itself. */
function DecisionPart({ part }: { part: DecisionExplanation }): ReactNode {
  return (
    <li>
      <h4>{decisionName(part.decisionId)}</h4>
      <Reasoning explanation={part} />
      {part.required.length === 0 ? null : (
        <ul className="decision-parts">
          {part.required.map((deeper) => (
            <DecisionPart key={deeper.decisionId} part={deeper} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Reasoning({ explanation }: { explanation: DecisionExplanation }): ReactNode {
  const { t } = useTranslation();
  const inputs = Object.entries(explanation.inputs);
  return (
    <>
      <p>
        <span className="muted">{t('decisions.result')}</span> <strong>{valueText(explanation.output, t)}</strong>
      </p>
      <Reasons explanation={explanation} />
      {inputs.length === 0 ? null : (
        <details>
          <summary>{t('decisions.inputs')}</summary>
          <dl className="facts small">
            {inputs.map(([input, value]) => (
              <div key={input}>
                <dt>{variableName(input, t)}</dt>
                <dd>{valueText(value, t)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

/** Why the rules that held do so; a rule without words is named by its number. */
function Reasons({ explanation: { inputs, matchedRules } }: { explanation: DecisionExplanation }): ReactNode {
  const { t } = useTranslation();
  if (matchedRules.length === 0) {
    // A formula or a fixed value has no table to look things up in.
    const isTable = Object.keys(inputs).length > 0;
    return <p className="small muted">{t(isTable ? 'decisions.noRule' : 'decisions.formula')}</p>;
  }
  return (
    <ul className="reasons">
      {matchedRules.map(({ rule, annotation }) => (
        <li key={rule}>
          {annotation === null || annotation === ''
            ? t('decisions.rule', { rule })
            : t('decisions.because', { reason: annotation })}
        </li>
      ))}
    </ul>
  );
}

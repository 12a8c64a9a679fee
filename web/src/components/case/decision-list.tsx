import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { decisionEvaluation } from '#contract/case.ts';
import { ExactTime } from '../time-text.tsx';
import { decisionName, valueText, variableName } from '../../lib/terms.ts';

type DecisionEvaluation = z.infer<typeof decisionEvaluation>;

/** What the engine keeps of an evaluation (its DecisionExplanation), as it comes over the wire. */
interface Explanation {
  readonly decisionId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly matchedRules: readonly { readonly rule: number; readonly annotation: string | null }[];
  readonly output: unknown;
}

/** Decisions in words: what was looked at, which rule held and why, what came out. */
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
  const explanation = item.explanation as unknown as Explanation;
  const name = decisionName(item.decisionId);
  const reasons = explanation.matchedRules.filter((rule) => rule.annotation !== null && rule.annotation !== '');
  return (
    <li>
      <h3>{name}</h3>
      <p>
        <span className="muted">{t('decisions.result')}</span> <strong>{valueText(explanation.output, t)}</strong>
      </p>
      {reasons.length > 0 ? (
        <ul className="reasons">
          {reasons.map((rule) => (
            <li key={rule.rule}>{t('decisions.because', { reason: rule.annotation })}</li>
          ))}
        </ul>
      ) : (
        <p className="small muted">
          {explanation.matchedRules.length === 0
            ? t('decisions.noRule')
            : t('decisions.rules', { rules: explanation.matchedRules.map((rule) => rule.rule).join(', ') })}
        </p>
      )}
      <details>
        <summary>{t('decisions.inputs')}</summary>
        <dl className="facts small">
          {Object.entries(explanation.inputs).map(([input, value]) => (
            <div key={input}>
              <dt>{variableName(input, t)}</dt>
              <dd>{valueText(value, t)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p className="small muted">
        <ExactTime iso={item.at} />
      </p>
    </li>
  );
}

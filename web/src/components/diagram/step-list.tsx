import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramStep } from './diagram-elements.ts';
import type { DiagramMarks } from './canvas.ts';

interface StepListProps {
  readonly steps: readonly DiagramStep[];
  readonly marks: DiagramMarks;
  readonly onSelect?: (elementId: string) => void;
}

/** The diagram as a list: same steps, same marks, readable by keyboard and screen reader. */
export function StepList({ steps, marks, onSelect }: StepListProps): ReactNode {
  const { t } = useTranslation();
  return (
    <ol className="step-list">
      {steps.map((step) => {
        const name = step.name ?? t(`elements.${step.type}`, { defaultValue: step.type });
        const state = stateOf(step.id, marks);
        return (
          <li key={step.id} className={state ?? undefined} aria-current={state === 'active' ? 'step' : undefined}>
            <div>
              {onSelect === undefined ? (
                <strong>{name}</strong>
              ) : (
                <button type="button" className="link-button" onClick={() => onSelect(step.id)}>
                  {name}
                </button>
              )}
              {state === null ? null : (
                <span className={`badge ${badgeTone[state]}`}>{t(`diagram.state.${state}`)}</span>
              )}
              {marks.labels.has(step.id) ? (
                <span className="badge quiet">{marks.labels.get(step.id)?.text}</span>
              ) : null}
            </div>
            <p className="small muted">
              {t(`elements.${step.type}`, { defaultValue: step.type })}
              {step.lane === null ? '' : ` · ${step.lane}`}
            </p>
            {step.next.length === 0 ? null : (
              <p className="small">
                {t('diagram.leadsTo')}{' '}
                {step.next
                  .map((next) => `${next.name ?? next.id}${next.condition === null ? '' : ` (${next.condition})`}`)
                  .join(', ')}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

const badgeTone = { incident: 'bad', active: 'info', visited: 'good' } as const;

function stateOf(id: string, marks: DiagramMarks): 'incident' | 'active' | 'visited' | null {
  if (marks.incidents.includes(id)) return 'incident';
  if (marks.active.includes(id)) return 'active';
  return marks.visited.includes(id) ? 'visited' : null;
}

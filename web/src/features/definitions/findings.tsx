import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdmissionProblem } from '#contract/problem.ts';
import type { DiagramStep } from '../../components/diagram/diagram-elements.ts';

/** What of a diagram is looked at: an element, and the example way to it of one of its findings. */
export interface Chosen {
  readonly elementId: string | null;
  readonly path: readonly string[];
}
export const nothingChosen: Chosen = { elementId: null, path: [] };
export const chosenElement = (elementId: string): Chosen => ({ elementId, path: [] });
export const chosenProblem = ({ elementId, path = [] }: AdmissionProblem): Chosen => ({ elementId, path });
/** What the diagram brings into view. */
export const focusOf = ({ elementId, path }: Chosen): readonly string[] => {
  if (path.length > 0) return path;
  return elementId === null ? [] : [elementId];
};

interface FindingsProps {
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
  readonly errors: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
  readonly steps: readonly DiagramStep[];
}

/** Below the diagram: what was found at the chosen element, and the way that is drawn, as a list. */
export function ChosenFindings({ chosen, onChoose, errors, warnings, steps }: FindingsProps): ReactNode {
  const { t } = useTranslation();
  const here = (list: readonly AdmissionProblem[]): readonly AdmissionProblem[] =>
    list.filter((problem) => problem.elementId === chosen.elementId);
  const [bad, warned] = [here(errors), here(warnings)];
  if (chosen.elementId === null || bad.length + warned.length === 0) return null;
  const name = steps.find((step) => step.id === chosen.elementId)?.name ?? chosen.elementId;
  return (
    <section
      className={`notice ${bad.length > 0 ? 'bad' : 'warn'}`}
      aria-live="polite"
      aria-label={t('definitions.chosen')}
    >
      <h3>{name}</h3>
      <ul>
        {[...bad, ...warned].map((problem) => (
          <li key={`${problem.rule}-${problem.message}`}>
            {problem.message}{' '}
            {problem.path === undefined || problem.path.length < 2 || problem.path === chosen.path ? null : (
              <button type="button" className="link-button" onClick={() => onChoose(chosenProblem(problem))}>
                {t('definitions.way.show')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Way path={chosen.path} steps={steps} onHide={() => onChoose(chosenElement(chosen.elementId ?? ''))} />
    </section>
  );
}

interface WayProps {
  readonly path: readonly string[];
  readonly steps: readonly DiagramStep[];
  readonly onHide: () => void;
}

function Way({ path, steps, onHide }: WayProps): ReactNode {
  const { t } = useTranslation();
  const stops = path.flatMap((id) => steps.find((step) => step.id === id) ?? []);
  if (stops.length < 2) return null;
  return (
    <div className="way">
      <p>
        <span className="way-mark" aria-hidden="true" /> {t('definitions.way.title')}
      </p>
      <ol>
        {stops.map((step, index) => (
          <li key={`${step.id}-${String(index)}`}>
            {step.name ?? `${t(`elements.${step.type}`, { defaultValue: step.type })} (${step.id})`}
          </li>
        ))}
      </ol>
      <button type="button" className="link-button" onClick={onHide}>
        {t('definitions.way.hide')}
      </button>
    </div>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdmissionProblem } from '#contract/problem.ts';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import { chosenProblem, type Chosen } from './findings.tsx';

/** Numbers on the diagram's elements: how many findings each has. */
export function problemLabels(
  problems: readonly AdmissionProblem[],
  warnings: readonly AdmissionProblem[],
): DiagramMarks['labels'] {
  const labels = new Map<string, { text: string; tone: 'bad' | 'warn'; count: number }>();
  for (const [list, tone] of [
    [warnings, 'warn'],
    [problems, 'bad'],
  ] as const) {
    for (const problem of list) {
      if (problem.elementId === null) continue;
      const count = (labels.get(problem.elementId)?.count ?? 0) + 1;
      labels.set(problem.elementId, { text: `! ${String(count)}`, tone, count });
    }
  }
  return labels;
}

interface ProblemTableProps {
  readonly title: string;
  readonly problems: readonly AdmissionProblem[];
  readonly chosen: Chosen;
  /** Goes to the element in the diagram, and draws the way to it. */
  readonly onChoose: (chosen: Chosen) => void;
}

export function ProblemTable({ title, problems, chosen, onChoose }: ProblemTableProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards problem-table">
        <caption>
          <h3>
            {title} <span className="count">{problems.length}</span>
          </h3>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('definitions.columns.element')}</th>
            <th scope="col">{t('definitions.columns.problem')}</th>
            <th scope="col">{t('definitions.columns.rule')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem, index) => (
            <tr
              key={`${problem.elementId ?? ''}-${problem.rule}-${String(index)}`}
              aria-current={problem.path !== undefined && problem.path === chosen.path ? 'true' : undefined}
            >
              <td data-label={t('definitions.columns.element')}>
                <span>
                  {problem.elementId === null ? (
                    t('definitions.wholeFile')
                  ) : (
                    <button type="button" className="link-button" onClick={() => onChoose(chosenProblem(problem))}>
                      {problem.elementId}
                    </button>
                  )}
                  {problem.elementType === null ? null : (
                    <span className="small muted element-type">
                      {t(
                        `elements.${problem.elementType.replace(/^bpmn:/, '').replace(/^./, (first) => first.toLowerCase())}`,
                        {
                          defaultValue: problem.elementType,
                        },
                      )}
                    </span>
                  )}
                </span>
              </td>
              <td data-label={t('definitions.columns.problem')}>
                <span>
                  {problem.message}{' '}
                  {problem.path === undefined || problem.path.length < 2 ? null : (
                    <button type="button" className="link-button" onClick={() => onChoose(chosenProblem(problem))}>
                      {t('definitions.way.show')}
                    </button>
                  )}
                </span>
              </td>
              <td data-label={t('definitions.columns.rule')}>
                <code className="small">{problem.rule}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

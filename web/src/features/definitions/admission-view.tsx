import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdmissionProblem } from '#contract/problem.ts';
import { BpmnDiagram } from '../../components/diagram/bpmn-diagram.tsx';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import type { ChosenFile } from './file-picker.tsx';
import { ProblemTable, problemLabels } from './problem-table.tsx';

interface AdmissionViewProps {
  readonly files: readonly ChosenFile[];
  readonly problems: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
}

/** The admission report drawn where it belongs: one diagram per BPMN file, findings on their elements and as a table. */
export function AdmissionView({ files, problems, warnings }: AdmissionViewProps): ReactNode {
  const { t } = useTranslation();
  const diagrams = files.filter(({ file }) => /\.bpmn$/i.test(file.name));
  const drawn = new Set(diagrams.map(({ file }) => file.name));
  const elsewhere = [...problems, ...warnings].filter((problem) => !drawn.has(problem.resourceName));
  return (
    <>
      {elsewhere.length === 0 ? null : (
        <section className="card" aria-label={t('publish.otherFiles')}>
          <header>
            <h2>{t('publish.otherFiles')}</h2>
          </header>
          <div className="card-body">
            <ul className="other-problems">
              {elsewhere.map((problem, index) => (
                <li key={`${problem.resourceName}-${problem.rule}-${String(index)}`}>
                  <strong>{problem.resourceName}</strong>: {problem.message}{' '}
                  <code className="small">{problem.rule}</code>
                </li>
              ))}
            </ul>
          </div>
        </section>
      )}
      {diagrams.map((chosen) => (
        <DiagramReport
          key={chosen.file.name}
          chosen={chosen}
          problems={problems.filter((problem) => problem.resourceName === chosen.file.name)}
          warnings={warnings.filter((problem) => problem.resourceName === chosen.file.name)}
        />
      ))}
    </>
  );
}

interface DiagramReportProps {
  readonly chosen: ChosenFile;
  readonly problems: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
}

function DiagramReport({ chosen, problems, warnings }: DiagramReportProps): ReactNode {
  const { t } = useTranslation();
  const [selected, setSelected] = useState<string | null>(null);
  const marks = useMemo<DiagramMarks>(
    () => ({
      active: [],
      incidents: problems.flatMap((problem) => (problem.elementId === null ? [] : [problem.elementId])),
      visited: [],
      labels: problemLabels(problems, warnings),
      selected,
    }),
    [problems, warnings, selected],
  );
  const here = [...problems, ...warnings].filter((problem) => problem.elementId === selected);
  return (
    <section className="card" aria-label={chosen.file.name}>
      <header>
        <h2>{chosen.file.name}</h2>
        {problems.length === 0 ? (
          <span className="badge good">{t('publish.fileClean')}</span>
        ) : (
          <span className="badge bad">{t('publish.fileProblems', { count: problems.length })}</span>
        )}
      </header>
      <div className="card-body stack">
        {problems.length === 0 ? null : (
          <ProblemTable title={t('publish.problems')} problems={problems} onSelect={setSelected} />
        )}
        {warnings.length === 0 ? null : (
          <ProblemTable title={t('definitions.warnings')} problems={warnings} onSelect={setSelected} />
        )}
        <BpmnDiagram
          xml={chosen.text}
          label={t('definitions.diagramLabel', { name: chosen.file.name })}
          marks={marks}
          focus={selected === null ? [] : [selected]}
          onElementClick={setSelected}
        />
        {here.length === 0 ? null : (
          <section className="notice bad" aria-live="polite" aria-label={t('definitions.chosen')}>
            <h3>{selected}</h3>
            <ul>
              {here.map((problem) => (
                <li key={`${problem.rule}-${problem.message}`}>{problem.message}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </section>
  );
}

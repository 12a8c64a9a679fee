import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdmissionProblem } from '#contract/problem.ts';
import type { AdmittedElement } from '#contract/process-definition.ts';
import { BpmnDiagram } from '../../components/diagram/bpmn-diagram.tsx';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import type { DiagramStep } from '../../components/diagram/diagram-elements.ts';
import { ElementTable } from './element-table.tsx';
import type { ChosenFile } from './file-picker.tsx';
import { ChosenFindings, chosenElement, focusOf, nothingChosen, type Chosen } from './findings.tsx';
import { ProblemTable, problemLabels } from './problem-table.tsx';

interface AdmissionViewProps {
  readonly files: readonly ChosenFile[];
  readonly problems: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
  /** By file name. */
  readonly elements: ReadonlyMap<string, readonly AdmittedElement[]>;
}

/** The admission report drawn where it belongs: one diagram per BPMN file, findings on their elements and as a table. */
export function AdmissionView({ files, problems, warnings, elements }: AdmissionViewProps): ReactNode {
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
          key={`${chosen.file.name} ${String(chosen.file.lastModified)}`}
          file={chosen}
          problems={problems.filter((problem) => problem.resourceName === chosen.file.name)}
          warnings={warnings.filter((problem) => problem.resourceName === chosen.file.name)}
          elements={elements.get(chosen.file.name) ?? []}
        />
      ))}
    </>
  );
}

interface DiagramReportProps {
  readonly file: ChosenFile;
  readonly problems: readonly AdmissionProblem[];
  readonly warnings: readonly AdmissionProblem[];
  readonly elements: readonly AdmittedElement[];
}

function DiagramReport({ file: { file, text }, problems, warnings, elements }: DiagramReportProps): ReactNode {
  const { t } = useTranslation();
  const drawing = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Chosen>(nothingChosen);
  const [steps, setSteps] = useState<readonly DiagramStep[]>([]);
  const marks = useMemo<DiagramMarks>(
    () => ({
      active: [],
      incidents: problems.flatMap((problem) => (problem.elementId === null ? [] : [problem.elementId])),
      visited: [],
      labels: problemLabels(problems, warnings),
      selected: chosen.elementId,
      path: chosen.path,
    }),
    [problems, warnings, chosen],
  );
  /** From a table, which may be a screen away from the drawing. */
  function go(next: Chosen): void {
    setChosen(next);
    drawing.current?.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }
  return (
    <section className="card" aria-label={file.name}>
      <header>
        <h2>{file.name}</h2>
        {problems.length === 0 ? (
          <span className="badge good">{t('publish.fileClean')}</span>
        ) : (
          <span className="badge bad">{t('publish.fileProblems', { count: problems.length })}</span>
        )}
      </header>
      <div className="card-body stack">
        {problems.length === 0 ? null : (
          <ProblemTable title={t('publish.problems')} problems={problems} chosen={chosen} onChoose={go} />
        )}
        {warnings.length === 0 ? null : (
          <ProblemTable title={t('definitions.warnings')} problems={warnings} chosen={chosen} onChoose={go} />
        )}
        <div ref={drawing}>
          <BpmnDiagram
            xml={text}
            label={t('definitions.diagramLabel', { name: file.name })}
            marks={marks}
            focus={focusOf(chosen)}
            onElementClick={(elementId) => setChosen(chosenElement(elementId))}
            onSteps={setSteps}
          />
        </div>
        <ChosenFindings chosen={chosen} onChoose={setChosen} errors={problems} warnings={warnings} steps={steps} />
        {elements.length === 0 ? null : (
          <ElementTable elements={elements} onSelect={(elementId) => go(chosenElement(elementId))} />
        )}
      </div>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseHeader } from '#contract/case.ts';
import { BpmnDiagram } from '../../components/diagram/bpmn-diagram.tsx';
import type { DiagramMarks } from '../../components/diagram/canvas.ts';
import type { DiagramStep } from '../../components/diagram/diagram-elements.ts';
import { StepList } from '../../components/diagram/step-list.tsx';
import { ErrorNotice, Loading } from '../../components/states.tsx';
import { definitionXmlQuery } from '../../lib/case-queries.ts';

export function CaseDiagram({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  const { data: xml, error, isPending, refetch } = useQuery(definitionXmlQuery(header.processDefinitionKey));
  const [steps, setSteps] = useState<readonly DiagramStep[]>([]);
  const [selected, setSelected] = useState<string | null>(null);
  const marks = useMemo<DiagramMarks>(
    () => ({
      active: header.positions,
      incidents: header.incidentElements,
      visited: header.visited.filter((id) => !header.positions.includes(id)),
      labels: new Map(),
      selected,
      path: [],
    }),
    [header, selected],
  );
  if (isPending) return <Loading label={t('diagram.loading')} />;
  if (xml === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const focus = header.positions.length > 0 ? header.positions : header.endElements;
  return (
    <div className="case-diagram stack">
      <ul className="legend small" aria-label={t('diagram.legend')}>
        <li>
          <span className="legend-mark active" aria-hidden="true" /> {t('diagram.state.active')}
        </li>
        <li>
          <span className="legend-mark visited" aria-hidden="true" /> {t('diagram.state.visited')}
        </li>
        <li>
          <span className="legend-mark incident" aria-hidden="true" /> {t('diagram.state.incident')}
        </li>
      </ul>
      <BpmnDiagram
        xml={xml}
        label={t('diagram.caseLabel', { name: header.businessKey ?? header.caseKey })}
        marks={marks}
        focus={selected === null ? focus : [selected]}
        onElementClick={setSelected}
        onSteps={setSteps}
      />
      <details>
        <summary>{t('diagram.asList', { count: steps.length })}</summary>
        <StepList steps={steps} marks={marks} onSelect={setSelected} />
      </details>
    </div>
  );
}

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, Notice } from '../states.tsx';
import type { DiagramCanvas, DiagramMarks } from './canvas.ts';
import type { DiagramStep } from './diagram-elements.ts';
import './diagram.css';

interface BpmnDiagramProps {
  readonly xml: string;
  /** Names the picture for screen readers. */
  readonly label: string;
  readonly marks: DiagramMarks;
  /** Where to look first; empty: the whole diagram. */
  readonly focus: readonly string[];
  readonly onElementClick?: (elementId: string) => void;
  readonly onSteps?: (steps: readonly DiagramStep[]) => void;
}

/** A BPMN diagram with live marks. bpmn.io's mark keeps the bottom right corner: tools sit above the canvas. */
export function BpmnDiagram({ xml, label, marks, focus, onElementClick, onSteps }: BpmnDiagramProps): ReactNode {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<DiagramCanvas | null>(null);
  const [failedXml, setFailedXml] = useState<string | null>(null);
  const failed = failedXml === xml;
  const latest = useRef({ onElementClick, onSteps });
  useEffect(() => {
    latest.current = { onElementClick, onSteps };
  });
  useEffect(() => {
    let alive = true;
    let drawn: DiagramCanvas | null = null;
    async function draw(): Promise<void> {
      const { DiagramCanvas: Canvas } = await import('./canvas.ts');
      if (!alive || container.current === null) return;
      drawn = new Canvas(container.current, (id) => latest.current.onElementClick?.(id));
      const steps = await drawn.draw(xml);
      if (!alive) return;
      latest.current.onSteps?.(steps);
      setCanvas(drawn);
    }
    draw().catch(() => {
      if (alive) setFailedXml(xml);
    });
    return () => {
      alive = false;
      setCanvas(null);
      drawn?.destroy();
    };
  }, [xml]);
  const focusKey = focus.join(' ');
  useEffect(() => {
    canvas?.center(focusKey === '' ? [] : focusKey.split(' '));
  }, [canvas, focusKey]);
  useEffect(() => canvas?.mark(marks), [canvas, marks]);
  return (
    <div className="diagram">
      <div className="diagram-tools" role="toolbar" aria-label={t('diagram.tools')}>
        <button type="button" className="button" onClick={() => canvas?.zoomBy(1.25)} aria-label={t('diagram.zoomIn')}>
          +
        </button>
        <button type="button" className="button" onClick={() => canvas?.zoomBy(0.8)} aria-label={t('diagram.zoomOut')}>
          −
        </button>
        <button type="button" className="button" onClick={() => canvas?.fit()}>
          {t('diagram.fit')}
        </button>
        {focus.length === 0 ? null : (
          <button type="button" className="button" onClick={() => canvas?.center(focus)}>
            {t('diagram.toPosition')}
          </button>
        )}
      </div>
      {failed ? (
        <Notice tone="warn" title={t('diagram.failed')}>
          <p>{t('diagram.failedRemedy')}</p>
        </Notice>
      ) : null}
      {canvas === null && !failed ? <Loading label={t('diagram.loading')} /> : null}
      <div ref={container} className="diagram-canvas" role="group" aria-label={label} hidden={failed} />
    </div>
  );
}

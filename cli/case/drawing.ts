/** Diagrams as one HTML page without outside references: shapes and edges from the BPMN diagram interchange, coloured by coverage. */
import { text as attributeOf, child, children, idOf, nameOf, typeName } from '#bpmn/moddle.ts';
import type { ModdleElement } from '#bpmn/moddle.ts';
import { parseBpmn } from '#bpmn/parse.ts';
import { text } from '../texts.ts';
import type { DrawnCoverage } from './coverage.ts';
import { coverageLines } from './report.ts';

/** Space around a diagram, in its own units (pixels). */
const margin = 20;
/** Characters of a label; the rest is in the tooltip. */
const labelLength = 24;

const style = `
body { font: 14px system-ui, sans-serif; margin: 2rem; color: #1b1b1b; background: #fff }
svg { max-width: 100%; height: auto; border: 1px solid #c8c8c8 }
svg * { vector-effect: non-scaling-stroke }
.shape { fill: #fff; stroke: #6b6b6b; stroke-width: 1.5 }
.frame { fill: none }
.edge { fill: none; stroke: #6b6b6b; stroke-width: 1.5 }
.covered { stroke: #0a6b2d; stroke-width: 3 }
.covered.shape:not(.frame) { fill: #dff3e4 }
.missed { stroke: #b00020; stroke-width: 3; stroke-dasharray: 6 4 }
.missed.shape:not(.frame) { fill: #fde7ea }
text { font: 11px system-ui, sans-serif; text-anchor: middle; dominant-baseline: middle }`;

const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The page. A model without diagram interchange has its figures only. */
export async function drawCoverage(processes: readonly DrawnCoverage[]): Promise<string> {
  const sections: string[] = [];
  for (const process of processes) {
    const title = `<h2>${escape(process.processId)}</h2>`;
    const figures = coverageLines([process]).map((line) => `<p>${escape(line)}</p>`);
    sections.push([title, ...figures, await drawDiagrams(process)].join('\n'));
  }
  const title = escape(text('coverageTitle'));
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head>
<body><h1>${title}</h1>
${sections.join('\n')}
</body></html>
`;
}

async function drawDiagrams({ xml, elements, flows, coveredIds }: DrawnCoverage): Promise<string> {
  const parsed = await parseBpmn(xml);
  if (!parsed.ok) return '';
  const missed = new Set([...elements.uncovered, ...flows.uncovered]);
  const classOf = (id: string): string => (coveredIds.has(id) ? ' covered' : missed.has(id) ? ' missed' : '');
  return children(parsed.definitions, 'diagrams')
    .map((diagram) => child(diagram, 'plane'))
    .flatMap((plane) => (plane === null ? [] : [drawPlane(children(plane, 'planeElement'), classOf)]))
    .join('\n');
}

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Bounds extends Point {
  readonly width: number;
  readonly height: number;
}
const numberOf = (element: ModdleElement, name: string): number => Number(attributeOf(element, name) ?? 0);
const pointOf = (element: ModdleElement): Point => ({ x: numberOf(element, 'x'), y: numberOf(element, 'y') });
function boundsOf(shape: ModdleElement): Bounds | null {
  const bounds = child(shape, 'bounds');
  return bounds && { ...pointOf(bounds), width: numberOf(bounds, 'width'), height: numberOf(bounds, 'height') };
}

function drawPlane(drawn: readonly ModdleElement[], classOf: (id: string) => string): string {
  const points: Point[] = [];
  const [shapes, edges]: [string[], string[]] = [[], []];
  for (const element of drawn) {
    const drawnElement = child(element, 'bpmnElement');
    if (drawnElement === null) continue;
    const bounds = boundsOf(element);
    const waypoints = children(element, 'waypoint').map(pointOf);
    const state = classOf(idOf(drawnElement) ?? '');
    if (bounds) {
      points.push(bounds, { x: bounds.x + bounds.width, y: bounds.y + bounds.height });
      shapes.push(drawShape(drawnElement, bounds, state));
    } else if (waypoints.length > 0) {
      points.push(...waypoints);
      edges.push(drawEdge(drawnElement, waypoints, state));
    }
  }
  if (points.length === 0) return '';
  const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
  const width = Math.max(...points.map(({ x }) => x)) - left;
  const height = Math.max(...points.map(({ y }) => y)) - top;
  const box = [left - margin, top - margin, width + 2 * margin, height + 2 * margin].join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * margin}" viewBox="${box}">\n${[...shapes, ...edges].join('\n')}\n</svg>`;
}

const tooltip = (element: ModdleElement): string =>
  `<title>${escape([idOf(element), nameOf(element)].filter((part) => part !== null).join(': '))}</title>`;

const isSwimlane = (type: string): boolean => type === 'participant' || type === 'lane';

function drawShape(element: ModdleElement, { x, y, width, height }: Bounds, state: string): string {
  const type = typeName(element);
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const label = nameOf(element) ?? '';
  const shown = label.length > labelLength ? `${label.slice(0, labelLength)}…` : label;
  const caption = (at: number): string => `<text x="${middleX}" y="${at}">${escape(shown)}</text>`;
  const shape = (outline: string, extra = ''): string =>
    `<g>${tooltip(element)}${outline.replace('/>', ` class="shape${extra}${state}"/>`)}`;
  if (type.endsWith('Event')) {
    const thin = type === 'boundaryEvent' || type.startsWith('intermediate');
    const inner = thin ? `<circle class="edge" cx="${middleX}" cy="${middleY}" r="${width / 2 - 3}"/>` : '';
    const circle = shape(`<circle cx="${middleX}" cy="${middleY}" r="${width / 2}"/>`);
    return `${circle}${inner}${caption(y + height + 10)}</g>`;
  }
  if (type.endsWith('Gateway')) {
    const corners = [`${middleX},${y}`, `${x + width},${middleY}`, `${middleX},${y + height}`, `${x},${middleY}`].join(
      ' ',
    );
    return `${shape(`<polygon points="${corners}"/>`)}${caption(y + height + 10)}</g>`;
  }
  const container = /(ubProcess|articipant|ane|ransaction|roup)$/.test(type);
  const beside = `<text transform="rotate(-90)" x="${-middleY}" y="${x + 12}">${escape(label)}</text>`;
  const rectangle = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${container ? 4 : 10}"/>`;
  return `${shape(rectangle, container ? ' frame' : '')}${isSwimlane(type) ? beside : caption(container ? y + 12 : middleY)}</g>`;
}

const drawEdge = (element: ModdleElement, waypoints: readonly Point[], state: string): string =>
  `<g>${tooltip(element)}<polyline class="edge${state}" points="${waypoints.map(({ x, y }) => `${x},${y}`).join(' ')}"/></g>`;

/** bpmn-js behind a small surface: draw, mark, move. Loaded only where a diagram is shown. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import { diagramSteps, pathPlaces, type DiagramStep, type RegistryElement } from './diagram-elements.ts';

export interface DiagramMarks {
  readonly active: readonly string[];
  readonly incidents: readonly string[];
  readonly visited: readonly string[];
  /** Element id → short text on its corner (a count, a problem). */
  readonly labels: ReadonlyMap<string, { readonly text: string; readonly tone: 'info' | 'bad' | 'warn' }>;
  readonly selected: string | null;
  /** Elements and flows of one way through the diagram, in order; empty: none is drawn. */
  readonly path: readonly string[];
}

interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number;
  scroll(delta: { dx: number; dy: number }): void;
  viewbox(
    box?: ViewBox,
  ): ViewBox & { readonly inner: ViewBox; readonly outer: { readonly width: number; readonly height: number } };
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  resized(): void;
}
interface Shape extends RegistryElement {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
}
interface Registry {
  get(id: string): Shape | undefined;
  getAll(): Shape[];
}
/** Distances from two sides of the element, in its own units. */
type OverlayPosition =
  | { readonly top: number; readonly right: number }
  | { readonly top: number; readonly left: number };
interface Overlays {
  add(id: string, type: string, overlay: { position: OverlayPosition; html: HTMLElement }): string;
  remove(filter: { type: string }): void;
}

const markers = { active: 'at-active', incidents: 'at-incident', visited: 'at-visited' } as const;
const readableZoom = 0.85;
/** Below this a whole diagram is only a pattern: it opens at its upper left corner instead. */
const smallestUsefulZoom = 0.3;
const openingZoom = 0.5;
/** Share of the canvas that a whole diagram takes. */
const fitted = 0.94;
/** Around the drawing, in its own units. */
const margin = 30;

export class DiagramCanvas {
  readonly #viewer: NavigatedViewer;
  readonly #container: HTMLElement;
  readonly #resizes: ResizeObserver;
  #marked: { id: string; marker: string }[] = [];
  /** What was last brought into view; shown again when the canvas gets another width. */
  #shown: readonly string[] = [];
  #width = 0;

  constructor(container: HTMLElement, onElementClick: (elementId: string) => void) {
    this.#container = container;
    this.#viewer = new NavigatedViewer({ container });
    // The page keeps its wheel until the canvas is focused or clicked.
    this.#viewer.get<{ toggle(enabled?: boolean): boolean }>('zoomScroll').toggle(false);
    this.#viewer
      .get<{ on(event: string, listener: (event: { element: Shape }) => void): void }>('eventBus')
      .on('element.click', (event) => {
        onElementClick(event.element.id);
      });
    container.addEventListener('focusin', () => this.#wheel(true));
    container.addEventListener('focusout', () => this.#wheel(false));
    panByTouch(container, () => this.#canvas);
    this.#resizes = new ResizeObserver(() => this.#resized());
  }

  get #canvas(): Canvas {
    return this.#viewer.get<Canvas>('canvas');
  }
  get #registry(): Registry {
    return this.#viewer.get<Registry>('elementRegistry');
  }
  #wheel(enabled: boolean): void {
    this.#viewer.get<{ toggle(enabled?: boolean): boolean }>('zoomScroll').toggle(enabled);
  }

  /** Draws a BPMN document. @throws Error when it cannot be read or has no diagram. */
  async draw(xml: string): Promise<readonly DiagramStep[]> {
    this.#marked = [];
    await this.#viewer.importXML(xml);
    this.#width = this.#container.clientWidth;
    this.#resizes.observe(this.#container);
    return diagramSteps(this.#registry.getAll());
  }

  mark(marks: DiagramMarks): void {
    const canvas = this.#canvas;
    for (const { id, marker } of this.#marked) canvas.removeMarker(id, marker);
    const active = this.#innermost(marks.active);
    const wanted = [
      ...marks.visited.map((id) => ({ id, marker: markers.visited })),
      ...marks.path.map((id) => ({ id, marker: 'at-path' })),
      ...active.map((id) => ({ id, marker: markers.active })),
      ...marks.incidents.map((id) => ({ id, marker: markers.incidents })),
      ...(marks.selected === null ? [] : [{ id: marks.selected, marker: 'at-selected' }]),
    ];
    this.#marked = wanted.filter(({ id }) => this.#registry.get(id) !== undefined);
    for (const { id, marker } of this.#marked) canvas.addMarker(id, marker);
    this.#viewer.get<Overlays>('overlays').remove({ type: 'mark' });
    for (const [id, { text, tone }] of marks.labels) this.#label(id, text, tone, { top: -14, right: 12 });
    const isStep = (id: string): boolean => this.#registry.get(id)?.width !== undefined;
    for (const [id, places] of pathPlaces(marks.path.filter(isStep))) {
      this.#label(id, places, 'path', { top: -14, left: -12 });
    }
  }

  #label(id: string, text: string, tone: string, position: OverlayPosition): void {
    if (this.#registry.get(id) === undefined) return;
    const html = document.createElement('span');
    html.className = `diagram-label ${tone}`;
    html.textContent = text;
    this.#viewer.get<Overlays>('overlays').add(id, 'mark', { position, html });
  }

  /** A token in a sub-process stands in both: only the inner place says where. */
  #innermost(elementIds: readonly string[]): readonly string[] {
    const around = new Set<string>();
    for (const id of elementIds) {
      for (let at = this.#registry.get(id)?.parent; at !== undefined && at !== null; at = at.parent) around.add(at.id);
    }
    return elementIds.filter((id) => !around.has(id));
  }

  /** A phone that is turned, or a window that is made smaller. */
  #resized(): void {
    const width = this.#container.clientWidth;
    if (width === 0 || width === this.#width) return;
    this.#width = width;
    this.center(this.#shown);
  }

  fit(): void {
    this.#canvas.resized();
    // The names of events reach beyond their shapes, which alone are counted.
    this.#canvas.zoom(this.#canvas.zoom('fit-viewport', 'auto') * fitted, 'auto');
  }

  /** Brings elements to the middle at a readable size; all of them are shown when they fit. */
  center(elementIds: readonly string[]): void {
    this.#shown = elementIds;
    const shapes = this.#innermost(elementIds)
      .map((id) => this.#registry.get(id))
      .filter((shape) => shape?.width !== undefined);
    if (shapes.length === 0) return this.#open();
    this.#canvas.resized();
    const left = Math.min(...shapes.map((shape) => shape?.x ?? 0));
    const top = Math.min(...shapes.map((shape) => shape?.y ?? 0));
    const right = Math.max(...shapes.map((shape) => (shape?.x ?? 0) + (shape?.width ?? 0)));
    const bottom = Math.max(...shapes.map((shape) => (shape?.y ?? 0) + (shape?.height ?? 0)));
    const { outer } = this.#canvas.viewbox();
    const scale = Math.min(readableZoom, outer.width / (right - left + 80), outer.height / (bottom - top + 80));
    const width = outer.width / scale;
    const height = outer.height / scale;
    this.#canvas.viewbox({ x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - height / 2, width, height });
  }

  #open(): void {
    this.fit();
    if (this.#canvas.zoom() >= smallestUsefulZoom) return;
    const { inner, outer } = this.#canvas.viewbox();
    const [width, height] = [outer.width / openingZoom, outer.height / openingZoom];
    this.#canvas.viewbox({ x: inner.x - margin, y: inner.y - margin, width, height });
  }

  zoomBy(factor: number): void {
    this.#canvas.zoom(Math.min(4, Math.max(0.1, this.#canvas.zoom() * factor)), 'auto');
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#viewer.destroy();
    this.#container.replaceChildren();
  }
}

/** One finger moves the canvas sideways and up (bpmn-js listens to the mouse only). Buttons do the same without dragging. */
function panByTouch(container: HTMLElement, canvas: () => Canvas): void {
  let last: Touch | undefined;
  container.addEventListener(
    'touchstart',
    (event) => (last = event.touches.length === 1 ? event.touches[0] : undefined),
    { passive: true },
  );
  container.addEventListener(
    'touchmove',
    (event) => {
      const touch = event.touches[0];
      if (touch === undefined || last === undefined || event.touches.length !== 1) return;
      canvas().scroll({ dx: touch.clientX - last.clientX, dy: touch.clientY - last.clientY });
      last = touch;
    },
    { passive: true },
  );
}

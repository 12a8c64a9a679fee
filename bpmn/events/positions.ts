/** Which events the standard knows at which positions: BPMN 2.0.2 §10.5, table 10.93. The elements table of docs/ is generated from it. */
import { remedyFor } from '../admission.ts';
import type { TransformContext } from '../context.ts';
import { isEventSubProcess, type GraphNode, type ProcessGraph } from '../graph.ts';
import { flag, triggersOf, typeName, type ModdleElement } from '../moddle.ts';

export const eventKinds = [
  'none',
  'message',
  'timer',
  'signal',
  'conditional',
  'error',
  'escalation',
  'compensation',
  'cancel',
  'link',
  'terminate',
  'multiple',
  'parallelMultiple',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Where an event stands. `…NonInterrupting`: what it stands at goes on. */
export const eventPositions = [
  'processStart',
  'subProcessStart',
  'eventSubProcessStart',
  'eventSubProcessStartNonInterrupting',
  'intermediateCatch',
  'boundary',
  'boundaryNonInterrupting',
  'intermediateThrow',
  'end',
] as const;
export type EventPosition = (typeof eventPositions)[number];

/** What is legal where; the clause that says so, and so refuses the rest. */
export const legalEvents: Readonly<
  Record<EventPosition, { readonly clause: string; readonly kinds: readonly EventKind[] }>
> = {
  processStart: {
    clause: '§10.5.2, table 10.84',
    kinds: ['none', 'message', 'timer', 'signal', 'conditional', 'multiple', 'parallelMultiple'],
  },
  subProcessStart: { clause: '§10.5.2, table 10.85', kinds: ['none'] },
  eventSubProcessStart: {
    clause: '§10.5.2, table 10.86',
    kinds: [
      'message',
      'timer',
      'signal',
      'conditional',
      'error',
      'escalation',
      'compensation',
      'multiple',
      'parallelMultiple',
    ],
  },
  eventSubProcessStartNonInterrupting: {
    clause: '§10.5.2, table 10.86',
    kinds: ['message', 'timer', 'signal', 'conditional', 'escalation', 'multiple', 'parallelMultiple'],
  },
  intermediateCatch: {
    clause: '§10.5.4, table 10.89',
    kinds: ['message', 'timer', 'signal', 'conditional', 'link', 'multiple', 'parallelMultiple'],
  },
  boundary: {
    clause: '§10.5.4, table 10.90',
    kinds: [
      'message',
      'timer',
      'signal',
      'conditional',
      'error',
      'escalation',
      'compensation',
      'cancel',
      'multiple',
      'parallelMultiple',
    ],
  },
  boundaryNonInterrupting: {
    clause: '§10.5.4, table 10.90',
    // A compensation event waits until its activity has completed: cancelActivity says nothing there (table 10.92).
    kinds: ['message', 'timer', 'signal', 'conditional', 'escalation', 'compensation', 'multiple', 'parallelMultiple'],
  },
  intermediateThrow: {
    clause: '§10.5.4, table 10.89',
    kinds: ['none', 'message', 'signal', 'escalation', 'compensation', 'link', 'multiple'],
  },
  end: {
    clause: '§10.5.3, table 10.88',
    kinds: ['none', 'message', 'signal', 'error', 'escalation', 'compensation', 'cancel', 'terminate', 'multiple'],
  },
};

/** Triggers that can occur one by one while the others are still awaited. */
const lasting: readonly EventKind[] = ['message', 'timer', 'signal', 'conditional'];
/** Never one of several: a link is a flow without its line, the other two stand for a fixed moment of their activity. */
const alone: readonly EventKind[] = ['none', 'link', 'multiple', 'parallelMultiple'];
const aloneWhereCaught: readonly EventKind[] = ['compensation', 'cancel'];

/** What a multiple event may consist of at a position. */
export function partsAt(position: EventPosition, kind: 'multiple' | 'parallelMultiple'): readonly EventKind[] {
  const thrown = position === 'intermediateThrow' || position === 'end';
  return legalEvents[position].kinds.filter((part) => {
    if (alone.includes(part) || (!thrown && aloneWhereCaught.includes(part))) return false;
    return kind === 'multiple' || lasting.includes(part);
  });
}

/** `bpmn:CompensateEventDefinition` → `compensation`. */
export function definitionKind(definition: ModdleElement): EventKind | null {
  const name = typeName(definition)
    .replace(/EventDefinition$/, '')
    .replace(/^compensate$/, 'compensation');
  return eventKinds.find((kind) => kind === name) ?? null;
}

/** What an event is by its definitions, own and referenced; null: a definition of no kind the standard knows. */
export function eventKindOf(element: ModdleElement): EventKind | null {
  const [first, ...more] = triggersOf(element);
  if (first === undefined) return 'none';
  if (more.length === 0) return definitionKind(first);
  return flag(element, 'parallelMultiple', false) ? 'parallelMultiple' : 'multiple';
}

/** null: no event. */
export function positionOf({ element, type, parent }: GraphNode, graph: ProcessGraph): EventPosition | null {
  switch (type) {
    case 'startEvent': {
      const scope = parent === null ? undefined : graph.nodes.get(parent);
      if (scope === undefined) return 'processStart';
      if (!isEventSubProcess(scope.element)) return 'subProcessStart';
      return flag(element, 'isInterrupting', true) ? 'eventSubProcessStart' : 'eventSubProcessStartNonInterrupting';
    }
    case 'intermediateCatchEvent':
      return 'intermediateCatch';
    case 'boundaryEvent':
      return flag(element, 'cancelActivity', true) ? 'boundary' : 'boundaryNonInterrupting';
    case 'intermediateThrowEvent':
      return 'intermediateThrow';
    case 'endEvent':
      return 'end';
    default:
      return null;
  }
}

/** The kind of an event when it is legal where it stands; null: refused and reported. */
export function legalKind(element: ModdleElement, { graph, node, log }: TransformContext): EventKind | null {
  const position = positionOf(node, graph);
  const kind = eventKindOf(element);
  if (position === null) return null;
  const { clause, kinds } = legalEvents[position];
  if (kind === null || !kinds.includes(kind)) {
    const values = { trigger: kind ?? typeName(element), position: remedyFor(`position.${position}`), clause };
    log.add('EVENT_POSITION', node.id, { ...values, allowed: kinds.join(', ') });
    return null;
  }
  if (kind !== 'multiple' && kind !== 'parallelMultiple') return kind;
  const parts = partsAt(position, kind);
  const wrong = triggersOf(element)
    .map(definitionKind)
    .filter((part) => part === null || !parts.includes(part));
  for (const part of wrong)
    log.add('EVENT_PART', node.id, { trigger: part ?? '?', kind, clause, allowed: parts.join(', ') });
  return wrong.length === 0 ? kind : null;
}

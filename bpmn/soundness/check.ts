/**
 * Soundness of process models before they are published (van der Aalst: option to complete, proper completion, no dead elements), by
 * exploring where tokens can go. Conditions are taken to go either way, except as far as truth-table.ts can tell. Pure.
 */
import { literal } from '../expression.ts';
import type { ElementId, FlowNode, ProcessModel } from '#engine/model.ts';
import { analyse } from './analysis.ts';
import { byWeight, findingOf, type Finding } from './finding.ts';
import { limits } from './limits.ts';
import { subscriptionsOf, uncaughtThrows } from './throws.ts';

export interface SoundnessReport {
  /** Nothing was left out: without findings the models are sound. */
  readonly complete: boolean;
  /** Markings looked at. */
  readonly states: number;
  readonly findings: readonly Finding[];
}

/** `published`: all processes that are published together with them, these included. */
export function checkSoundness(
  models: readonly ProcessModel[],
  published: readonly ProcessModel[] = models,
): SoundnessReport {
  const reports = models.map((model) => checkProcess(model, published));
  return {
    complete: reports.every(({ complete }) => complete),
    states: reports.reduce((sum, { states }) => sum + states, 0),
    findings: reports.flatMap(({ findings }) => findings).sort(byWeight),
  };
}

/** Whether nothing that its flows and scopes refer to is missing: only then can something be said of a process that was not admitted. */
export function isWhole(model: ProcessModel): boolean {
  const { nodes, flows } = model;
  const scopes = [model, ...Object.values(nodes)];
  return (
    Object.values(flows).every(({ source, target }) => source in nodes && target in nodes) &&
    scopes.flatMap(heldBy).every((id) => id in nodes)
  );
}

const heldBy = (scope: ProcessModel | FlowNode): readonly ElementId[] => [
  ...('eventSubProcesses' in scope ? scope.eventSubProcesses : []),
  ...('startElements' in scope ? scope.startElements : []),
];

function checkProcess(model: ProcessModel, published: readonly ProcessModel[]): SoundnessReport {
  const budget = { left: limits.states };
  const { faults, ways, summary, complete } = analyse(model, null, budget);
  const { errors, escalations } = summary;
  const isCalled = published.some((other) => calls(other, model.processId));
  const thrown = uncaughtThrows(
    model,
    { subscriptions: subscriptionsOf(published), errors, escalations, isCalled },
    ways,
  );
  const shown = (id: string): boolean => model.flows[id]?.link !== true;
  const findings = [...faults, ...thrown].map((fault) =>
    findingOf(model.processId, { ...fault, elements: fault.elements.filter(shown), path: fault.path.filter(shown) }),
  );
  return { complete, states: limits.states - budget.left, findings };
}

/** A called process that is known only at run time may be any. */
const calls = ({ nodes }: ProcessModel, processId: string): boolean =>
  Object.values(nodes).some(
    (node) => node.type === 'callActivity' && (literal(node.processId) ?? processId) === processId,
  );

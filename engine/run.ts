/** What may be done while a command is carried out: states facts, schedules moves, sets variables, raises incidents. */
import type { Failure, Run } from './behavior.ts';
import type { Seq } from './command.ts';
import { applyTo } from './apply.ts';
import { sizeOf } from './draft.ts';
import type { Fact, IncidentStage } from './fact.ts';
import type { ElementInstance } from './instance.ts';
import { hasAny } from './json.ts';
import type { Variables } from './json.ts';
import { limits } from './limits.ts';
import type { ElementId, FlowNode } from './model.ts';
import { lookupFrom, propagation } from './variables.ts';
import type { Lookup } from './variables.ts';

export type { Run } from './behavior.ts';

export function emit(run: Run, fact: Fact): void {
  notice(run, fact);
  applyTo(run.draft, fact);
  run.facts.push(fact);
}

/** Remembers what joins and conditions have to be looked at for. */
function notice(run: Run, fact: Fact): void {
  switch (fact.type) {
    case 'sequenceFlowTaken':
    case 'tokensConsumed':
    case 'gatewayPhaseChanged':
      run.touched?.add(fact.scope);
      return;
    case 'elementCompleted':
    case 'elementTerminated':
      run.touched?.add(elementIn(run, fact.element).scope);
      return;
    case 'variablesSet': {
      if (sizeOf(run.draft, 'conditions') === 0) return;
      const { variables } = elementIn(run, fact.scope);
      for (const name of Object.keys(fact.variables)) {
        const event = Object.hasOwn(variables, name) ? 'update' : 'create';
        run.changes.push({ scope: fact.scope, name, event });
      }
      return;
    }
    default:
  }
}

export const nextSeq = (run: Run): Seq => run.draft.state.nextSeq;

export function schedule(run: Run, element: Seq, stage: IncidentStage): void {
  run.agenda.push({ element, stage });
}

export const lookupIn = (run: Run, seq: Seq): Lookup => lookupFrom(run.draft.state, seq);

/** The node of an element instance. Throws for the process itself and when the model is not the instance's. */
export function nodeOf(run: Run, elementId: string): FlowNode {
  const node = run.process.nodes[elementId];
  // what an object has by inheritance is no node
  if (node?.id !== elementId) throw new Error(`The model of ${run.process.processId} has no element ${elementId}.`);
  return node;
}

export function elementIn(run: Run, seq: Seq): ElementInstance {
  const element = run.draft.state.elements[seq];
  if (!element) throw new Error(`No element instance ${seq} in ${run.draft.state.instanceKey}.`);
  return element;
}

/** See fact `variablesSet`; null: computed. */
type Source = 'delivery' | 'command' | null;

/** Sets variables exactly in one scope; nothing to set is no fact. */
export function setLocal(run: Run, scope: Seq, variables: Variables, from: Source = null): void {
  if (!hasAny(variables)) return;
  emit(
    run,
    from === null ? { type: 'variablesSet', scope, variables } : { type: 'variablesSet', scope, variables, from },
  );
}

/** Sets each variable where its name is found from `seq` upwards, else in the process. */
export function propagate(run: Run, seq: Seq, variables: Variables, from: Source = null): void {
  if (!hasAny(variables)) return;
  for (const [scope, part] of propagation(run.draft.state, seq, variables)) setLocal(run, scope, part, from);
}

/**
 * What a finished job, task, message or called instance brings. With output mappings it stays within the element for them to choose
 * from; without, every variable goes up by itself (Zeebe).
 */
export function deliver(run: Run, element: Seq, node: FlowNode, variables: Variables, from: Source = 'delivery'): void {
  if (node.outputs.length > 0) setLocal(run, element, variables, from);
  else propagate(run, element, variables, from);
}

export function raise(run: Run, element: Seq, stage: IncidentStage, failure: Failure, job: Seq | null = null): void {
  emit(run, { ...incidentOf(run, element, failure), job, stage });
}

/** The wait for `awaited` could not begin. */
export function raiseAwaited(run: Run, element: Seq, awaited: ElementId, failure: Failure): void {
  emit(run, { ...incidentOf(run, element, failure), job: null, stage: 'acknowledge', awaited });
}

const incidentOf = (run: Run, element: Seq, { code, message }: Failure) => ({
  type: 'incidentRaised' as const,
  incident: nextSeq(run),
  element: element === 0 ? null : element,
  elementId: elementIn(run, element).elementId,
  code,
  message: message.slice(0, limits.messageLength),
});

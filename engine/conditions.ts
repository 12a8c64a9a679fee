/**
 * Conditional events (BPMN 2.0.2 §10.5.5): a condition is looked at when its wait begins and whenever a variable that it reads and sees
 * has been set. Becoming true is the event; it must become false before it can occur again.
 */
import type { VariableChange } from './behavior.ts';
import type { Seq } from './command.ts';
import { attachedTo, sizeOf } from './draft.ts';
import { evaluateAny } from './expression.ts';
import type { ConditionState } from './instance.ts';
import type { CatchTrigger, ConditionDefinition } from './model.ts';
import { emit, lookupIn, nodeOf, raise } from './run.ts';
import type { Run } from './run.ts';
import { trigger } from './triggering.ts';

/** Looks at every condition concerned by what has changed. Whether any event occurred. */
export function fireConditions(run: Run): boolean {
  if (sizeOf(run.draft, 'conditions') === 0) {
    run.changes.length = 0;
    return false;
  }
  const changes = run.changes.splice(0);
  const fresh = new Set(run.freshConditions);
  run.freshConditions.clear();
  if (changes.length === 0 && fresh.size === 0) return false;
  let occurred = false;
  for (const key of Object.keys(run.draft.state.conditions)) {
    const seq = Number(key);
    // an earlier one may have ended the wait for this one
    const state = run.draft.state.conditions[seq];
    const definition = state && definitionOf(run, state);
    if (!state || !definition) continue;
    if (!fresh.has(seq) && !changes.some((change) => concerns(run, change, state.element, definition))) continue;
    if (look(run, seq, state, definition)) occurred = true;
  }
  return occurred;
}

function definitionOf(run: Run, { elementId, part }: ConditionState): ConditionDefinition | null {
  const node = nodeOf(run, elementId);
  const trigger = 'trigger' in node ? partOf(node.trigger, part) : null;
  return trigger?.type === 'conditional' ? trigger.conditional : null;
}

function partOf(trigger: CatchTrigger | null, part: number): CatchTrigger | null {
  if (trigger?.type !== 'multiple' && trigger?.type !== 'parallelMultiple') return trigger;
  return trigger.triggers[part] ?? null;
}

function concerns(run: Run, change: VariableChange, element: Seq, definition: ConditionDefinition): boolean {
  const { reads, variableNames, variableEvents } = definition;
  if (reads.length > 0 && !reads.includes(change.name)) return false;
  if (variableNames !== null && !variableNames.includes(change.name)) return false;
  if (variableEvents !== null && !variableEvents.includes(change.event)) return false;
  for (let at = element; ;) {
    if (at === change.scope) return true;
    const scope = run.draft.state.elements[at]?.scope;
    if (at === 0 || scope === undefined) return false;
    at = scope;
  }
}

/** Whether the event occurred. */
function look(run: Run, condition: Seq, state: ConditionState, definition: ConditionDefinition): boolean {
  const { element, elementId, part } = state;
  const value = evaluateAny(definition.condition, { lookup: lookupIn(run, element), nowMs: run.nowMs });
  if (!value.ok) {
    // told once, not at every change
    if (!hasIncident(run, element)) raise(run, element, 'acknowledge', value.failure);
    return false;
  }
  const holds = value.value === true;
  if (holds === state.holds) return false;
  emit(run, { type: 'conditionChanged', condition, holds });
  if (holds) trigger(run, { owner: element, elementId, part, variables: {} });
  return holds;
}

const hasIncident = (run: Run, element: Seq): boolean => attachedTo(run.draft, element, 'incidents').size > 0;

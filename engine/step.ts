/**
 * The one function in the middle: a command and a state give facts and the next state, or a rejection. No clock, no chance, no
 * promise; the same answer for the same arguments, always.
 */
import { behaviors } from './behaviors/registry.ts';
import type { Command, Rejection } from './command.ts';
import { handlers } from './commands.ts';
import { draftOf, stateOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Fact } from './fact.ts';
import type { Asked, Handler } from './handler.ts';
import type { InstanceState } from './instance.ts';
import { hasDependentJoin } from './joins.ts';
import { settle, visitsIn } from './lifecycle.ts';
import { limits } from './limits.ts';
import type { ProcessModel } from './model.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';
import { hasRoom, isKept, leaveForLater, meanwhile } from './suspend.ts';

export { initialState } from './apply.ts';
export { earliestDueMs, nextDueMs } from './due.ts';

export interface StepContext {
  readonly nowMs: number;
  /** Account name of whoever asks, or `system`. */
  readonly actor: string;
  /** Given by whoever changes the case by hand, and kept with what changed (fact `interventionMade`); absent: an ordinary command. */
  readonly reason?: string | null;
  /** Absent: limits.visitsPerRest. */
  readonly visitsPerRest?: number;
}

export type Step =
  | { readonly ok: true; readonly state: InstanceState; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly rejection: Rejection };

export function step(process: ProcessModel, before: InstanceState, command: Command, context: StepContext): Step {
  const draft = draftOf(before);
  const advanced = advance(process, draft, command, context);
  return advanced.ok ? { ok: true, state: stateOf(draft), facts: advanced.facts } : advanced;
}

export type Advance =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * `step` for a host that keeps one working copy (draft.ts) from command to command: it costs what the command changes, not what the
 * instance holds. A rejection leaves the draft as it was; after an exception the draft is of no use any more.
 */
export function advance(process: ProcessModel, draft: Draft, command: Command, context: StepContext): Advance {
  const rejection = refusal(process, draft, command, context);
  if (rejection) return { ok: false, rejection };
  const { nowMs, actor, reason = null, visitsPerRest = limits.visitsPerRest } = context;
  const run: Run = {
    process,
    behaviors,
    draft,
    nowMs,
    actor,
    facts: [],
    agenda: [],
    moves: 0,
    visits: new Map(),
    visitsPerRest,
    touched: hasDependentJoin(process) ? new Set() : null,
    changes: [],
    signals: [],
    freshConditions: new Set(),
  };
  const { state } = draft;
  if (reason !== null) emit(run, interventionOf({ process, draft, actor }, command, reason));
  // what is being taken comes first, in order
  if (isKept(command) && (state.suspendedAtMs !== null || state.kept.length > 0)) {
    emit(run, { type: 'commandKept', command });
    return { ok: true, facts: run.facts };
  }
  if (state.suspendedAtMs !== null && (command.type === 'fireDue' || command.type === 'continue')) {
    return { ok: true, facts: [] };
  }
  resume(run);
  handlerOf(command).begin(run, command);
  if (state.suspendedAtMs === null) settle(run);
  else leaveForLater(run);
  return { ok: true, facts: run.facts };
}

function interventionOf(asked: Asked, command: Command, reason: string): Fact {
  const { before, after } = handlerOf(command).change?.(asked, command) ?? { before: {}, after: {} };
  return { type: 'interventionMade', command: command.type, reason, before, after };
}

/** What an earlier step had to leave comes first. */
function resume(run: Run): void {
  const { paused } = run.draft.state;
  if (!paused) return;
  emit(run, { type: 'stepResumed' });
  run.agenda.push(...paused.agenda);
  for (const [place, count] of Object.entries(paused.visits)) {
    const slash = place.indexOf('/');
    visitsIn(run, Number(place.slice(0, slash))).set(place.slice(slash + 1), count);
  }
  run.signals.push(...paused.signals);
  for (const scope of paused.touched) run.touched?.add(scope);
  for (const condition of paused.conditions) run.freshConditions.add(condition);
}

/** Why the command would be refused, null when it would not: a dry run without the work, for validators. */
export function refusal(process: ProcessModel, draft: Draft, command: Command, context: StepContext): Rejection | null {
  const { status } = draft.state;
  // an alarm that rings late is no mistake of anybody
  if ((command.type === 'fireDue' || command.type === 'continue') && status !== 'active') return null;
  if (command.type !== 'startInstance' && status !== 'active') {
    return {
      code: 'notActive',
      message: status === 'new' ? 'The instance has not started.' : 'The instance has ended.',
    };
  }
  const refused = draft.state.suspendedAtMs === null ? null : refusedMeanwhile(draft, command);
  return refused ?? handlerOf(command).refuse({ process, draft, actor: context.actor }, command);
}

function refusedMeanwhile({ state }: Draft, command: Command): Rejection | null {
  const how = meanwhile[command.type];
  if (how === 'done' || (how === 'kept' && hasRoom(state.kept))) return null;
  return { code: 'suspended', message: 'The instance is suspended: nothing moves until it is resumed.' };
}

const handlerOf = (command: Command): Handler<Command> => handlers[command.type] as Handler<Command>;

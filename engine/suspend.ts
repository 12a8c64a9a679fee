/**
 * Suspension: nothing of the instance moves. Timers and waiting attempts keep the time they have left; what comes from outside is kept and
 * happens at the end of the suspension, in order; people's work is refused; what an operator repairs is done, but moves nothing yet.
 */
import type { Command, KeptCommand } from './command.ts';
import type { CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';
import { pause } from './lifecycle.ts';
import { limits } from './limits.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';

type Meanwhile = 'kept' | 'refused' | 'done';

/** What becomes of a command that comes while the instance is suspended. */
export const meanwhile: { readonly [T in Command['type']]: Meanwhile } = {
  startInstance: 'refused',
  completeUserTask: 'refused',
  assignUserTask: 'refused',
  updateUserTask: 'refused',
  activateAdHocElements: 'refused',
  suspendInstance: 'refused',
  updateTimer: 'refused',
  fireTimer: 'refused',
  retryJob: 'refused',
  completeJob: 'kept',
  failJob: 'kept',
  throwJobError: 'kept',
  correlateMessage: 'kept',
  receiveSignal: 'kept',
  throwEscalation: 'kept',
  endChild: 'kept',
  fireDue: 'done',
  continue: 'done',
  resumeInstance: 'done',
  updateJob: 'done',
  resolveIncident: 'done',
  setVariables: 'done',
  modifyInstance: 'done',
  sendBack: 'done',
  migrateInstance: 'done',
  cancelInstance: 'done',
};

export const isKept = (command: Command): command is KeptCommand => meanwhile[command.type] === 'kept';

/** What was begun while the instance is suspended is left for its end. */
export function leaveForLater(run: Run): void {
  // what has ended has nothing left to do
  if (run.draft.state.status !== 'active') return;
  const { agenda, touched, changes, signals, freshConditions } = run;
  const isAnything = [agenda, changes, signals].some(({ length }) => length > 0) || freshConditions.size > 0;
  if (isAnything || (touched !== null && touched.size > 0)) pause(run, [...agenda]);
}

export const suspendInstance: Handler<CommandOf<'suspendInstance'>> = {
  refuse: () => null,
  begin: (run) => emit(run, { type: 'instanceSuspended', atMs: run.nowMs }),
};

export const resumeInstance: Handler<CommandOf<'resumeInstance'>> = {
  refuse: ({ draft }) =>
    draft.state.suspendedAtMs === null ? reject('notSuspended', 'The instance is not suspended.') : null,
  begin: (run) => {
    const sinceMs = run.draft.state.suspendedAtMs ?? run.nowMs;
    emit(run, { type: 'instanceResumed' });
    putOff(run, Math.max(run.nowMs - sinceMs, 0));
  },
};

/** What waits for time waits as much longer. */
function putOff(run: Run, ms: number): void {
  const { timers, jobs } = run.draft.state;
  for (const [timer, { dueMs }] of Object.entries(timers)) {
    emit(run, { type: 'timerRescheduled', timer: Number(timer), dueMs: dueMs + ms });
  }
  for (const [job, { retryAtMs }] of Object.entries(jobs)) {
    if (retryAtMs !== null) emit(run, { type: 'jobRescheduled', job: Number(job), retryAtMs: retryAtMs + ms });
  }
}

/** More must not pile up than one step can take. */
export const hasRoom = (kept: readonly KeptCommand[]): boolean => kept.length < limits.keptCommands;

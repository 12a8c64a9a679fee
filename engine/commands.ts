/** How each command begins: why it is refused, and its first facts and moves. What follows is `settle`. */
import type {
  AssignUserTask,
  Command,
  CompleteUserTask,
  EndChild,
  FailJob,
  Rejection,
  ResolveIncident,
  Seq,
  SetVariables,
} from './command.ts';
import { excludedUsers } from './behaviors/user-task.ts';
import { trigger } from './catching.ts';
import type { Draft } from './draft.ts';
import { throwError } from './errors.ts';
import { fireDue } from './due.ts';
import { backoffMs } from './job.ts';
import type { Variables } from './json.ts';
import { limits } from './limits.ts';
import type { ProcessModel } from './model.ts';
import { deliver, elementIn, emit, nodeOf, propagate, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { sizeProblem } from './size.ts';
import { startElementOf, startInstance } from './start.ts';
import { terminateWithin } from './terminate.ts';
import { closeIncidents } from './withdraw.ts';

type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/** What a refusal is decided from; the same for a dry run and for the command itself. */
export interface Asked {
  readonly process: ProcessModel;
  readonly draft: Draft;
  readonly actor: string;
}

interface Handler<C extends Command> {
  /** null: nothing speaks against it. Changes nothing. */
  readonly refuse: (asked: Asked, command: C) => Rejection | null;
  readonly begin: (run: Run, command: C) => void;
}
type Handlers = { readonly [T in Command['type']]: Handler<CommandOf<T>> };

const reject = (code: Rejection['code'], message: string): Rejection => ({ code, message });

function refuseSize(asked: Asked, variables: Variables): Rejection | null {
  const problem = sizeProblem(variables, asked.draft.state.variableBytes);
  return problem === null ? null : reject('tooLarge', problem);
}

function refuseTask(asked: Asked, task: Seq): Rejection | null {
  return asked.draft.state.userTasks[task] ? null : reject('unknownTask', `There is no open user task ${task}.`);
}
function refuseJob(asked: Asked, job: Seq): Rejection | null {
  return asked.draft.state.jobs[job] ? null : reject('unknownJob', `There is no open job ${job}.`);
}

/** Four eyes: also those who completed the other task after this one was created. */
function refusePerson({ process, draft }: Asked, task: Seq, person: string): Rejection | null {
  const excluded = draft.state.userTasks[task]?.excludedUsers ?? [];
  const node = process.nodes[draft.state.elements[task]?.elementId ?? ''];
  const later = node?.type === 'userTask' ? excludedUsers(draft.state, node) : [];
  if (!excluded.includes(person) && !later.includes(person)) return null;
  return reject('fourEyes', 'This task must be done by somebody else than the task before it.');
}

function refuseCompletion(asked: Asked, { task, variables }: CompleteUserTask): Rejection | null {
  return refuseTask(asked, task) ?? refusePerson(asked, task, asked.actor) ?? refuseSize(asked, variables);
}

function refuseAssignment(asked: Asked, { task, assignee, allowOverride }: AssignUserTask): Rejection | null {
  const unknown = refuseTask(asked, task);
  if (unknown) return unknown;
  const holder = asked.draft.state.userTasks[task]?.assignee ?? null;
  if (!allowOverride && holder !== null && holder !== assignee) {
    return reject('alreadyAssigned', 'Somebody else holds this task.');
  }
  return assignee === null ? null : refusePerson(asked, task, assignee);
}

function elementOfJob(run: Run, job: Seq): Seq {
  const state = run.draft.state.jobs[job];
  if (!state) throw new Error(`No job ${job} in ${run.draft.state.instanceKey}.`);
  return state.element;
}

const shortened = (text: string): string => text.slice(0, limits.messageLength);

function failJob(run: Run, { job: seq, retries, message: text, retryAfterMs }: FailJob): void {
  const job = run.draft.state.jobs[seq];
  if (!job) return;
  const message = shortened(text);
  const left = Math.max(retries ?? job.retries - 1, 0);
  const waitMs = retryAfterMs ?? backoffMs(nodeOf(run, elementIn(run, job.element).elementId), job.failures);
  const retryAtMs = left === 0 ? null : run.nowMs + Math.max(waitMs, 0);
  closeIncidents(run, job.element);
  emit(run, { type: 'jobFailed', job: seq, retries: left, message, retryAtMs });
  if (left === 0) raise(run, job.element, 'job', { code: 'JOB_NO_RETRIES', message }, seq);
  else if (retryAtMs === run.nowMs) emit(run, { type: 'jobRetried', job: seq, retries: left });
}

function endChild(run: Run, { element: seq, outcome }: EndChild): void {
  const { elementId } = elementIn(run, seq);
  emit(run, { type: 'childEnded', element: seq, outcome: outcome.type });
  switch (outcome.type) {
    case 'completed': {
      const node = nodeOf(run, elementId);
      const goesUp = node.type === 'callActivity' && node.propagateAllChildVariables;
      if (goesUp || node.outputs.length > 0) deliver(run, seq, node, outcome.variables);
      schedule(run, seq, 'complete');
      return;
    }
    case 'error':
      throwError(run, seq, outcome, 'call');
      return;
    case 'terminated':
      raise(run, seq, 'call', { code: 'CALLED_ELEMENT_ERROR', message: 'The called instance was terminated.' });
      return;
    case 'notStarted':
      raise(run, seq, 'call', { code: 'CALLED_ELEMENT_ERROR', message: outcome.message });
  }
}

function resolveIncident(run: Run, { incident: seq, retries }: ResolveIncident): void {
  const incident = run.draft.state.incidents[seq];
  if (!incident) return;
  emit(run, { type: 'incidentResolved', incident: seq });
  if (incident.job !== null && run.draft.state.jobs[incident.job]) {
    emit(run, { type: 'jobRetried', job: incident.job, retries: Math.max(retries ?? 1, 1) });
  } else {
    schedule(run, incident.element ?? 0, incident.stage);
  }
}

const refuseScope = (asked: Asked, { scope, variables }: SetVariables): Rejection | null =>
  asked.draft.state.elements[scope]
    ? refuseSize(asked, variables)
    : reject('unknownScope', `There is no active element ${scope}.`);

export const handlers: Handlers = {
  startInstance: {
    refuse: ({ process, draft }, command) => {
      if (draft.state.status !== 'new') return reject('alreadyStarted', 'The instance has been started already.');
      if (startElementOf(process, command.startElement) === null) {
        return reject('noStartEvent', `Process '${process.processId}' has no such start event.`);
      }
      return refuseSize({ process, draft, actor: '' }, command.variables);
    },
    begin: startInstance,
  },
  completeUserTask: {
    refuse: refuseCompletion,
    begin: (run, { task, variables }) => {
      const node = nodeOf(run, elementIn(run, task).elementId);
      emit(run, { type: 'userTaskCompleted', task, elementId: node.id, by: run.actor });
      deliver(run, task, node, variables);
      schedule(run, task, 'complete');
    },
  },
  assignUserTask: {
    refuse: refuseAssignment,
    begin: (run, { task, assignee }) => emit(run, { type: 'userTaskAssigned', task, assignee }),
  },
  completeJob: {
    refuse: (asked, { job, variables }) => refuseJob(asked, job) ?? refuseSize(asked, variables),
    begin: (run, { job, variables }) => {
      const element = elementOfJob(run, job);
      closeIncidents(run, element);
      emit(run, { type: 'jobCompleted', job });
      deliver(run, element, nodeOf(run, elementIn(run, element).elementId), variables);
      schedule(run, element, 'complete');
    },
  },
  failJob: { refuse: (asked, { job }) => refuseJob(asked, job), begin: failJob },
  throwJobError: {
    refuse: (asked, { job, variables }) => refuseJob(asked, job) ?? refuseSize(asked, variables),
    begin: (run, { job, code: given, message: text, variables }) => {
      const [code, message] = [shortened(given), shortened(text)];
      const element = elementOfJob(run, job);
      closeIncidents(run, element);
      emit(run, { type: 'jobErrorThrown', job, code, message });
      throwError(run, element, { code, message, variables }, 'job');
    },
  },
  fireDue: { refuse: () => null, begin: fireDue },
  correlateMessage: {
    refuse: (asked, { subscription, variables }) =>
      asked.draft.state.subscriptions[subscription]
        ? refuseSize(asked, variables)
        : reject('unknownSubscription', `There is no open subscription ${subscription}.`),
    begin: (run, { subscription, messageKey, variables }) => {
      const state = run.draft.state.subscriptions[subscription];
      if (!state) return;
      emit(run, { type: 'messageCorrelated', subscription, messageKey });
      trigger(run, state.element, state.elementId, variables);
    },
  },
  endChild: {
    refuse: (asked, { element, outcome }) => {
      if (!asked.draft.state.children[element])
        return reject('unknownElement', `Element ${element} has no called instance.`);
      return 'variables' in outcome ? refuseSize(asked, outcome.variables) : null;
    },
    begin: endChild,
  },
  resolveIncident: {
    refuse: (asked, { incident }) =>
      asked.draft.state.incidents[incident]
        ? null
        : reject('unknownIncident', `There is no open incident ${incident}.`),
    begin: resolveIncident,
  },
  setVariables: {
    refuse: refuseScope,
    begin: (run, { scope, variables, local }) => {
      if (local) setLocal(run, scope, variables);
      else propagate(run, scope, variables);
    },
  },
  cancelInstance: {
    refuse: () => null,
    begin: (run, { reason }) => {
      terminateWithin(run, 0);
      closeIncidents(run, 0);
      emit(run, { type: 'instanceTerminated', reason });
    },
  },
};

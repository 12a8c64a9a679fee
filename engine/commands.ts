/** How each command begins: why it is refused, and its first facts and moves. What follows is `settle`. */
import { chooseElements } from './ad-hoc.ts';
import type {
  ActivateAdHocElements,
  AssignUserTask,
  CompleteJob,
  CompleteUserTask,
  EndChild,
  FailJob,
  KeptCommand,
  Rejection,
  ResolveIncident,
  Seq,
  SetVariables,
  UserTaskChanges,
} from './command.ts';
import { cancelProcess, isBeingCancelled } from './compensation.ts';
import { excludedUsers } from './four-eyes.ts';
import { reject } from './handler.ts';
import type { Asked, Handler, Handlers } from './handler.ts';
import { attachedTo, sizeOf } from './draft.ts';
import { throwError, throwEscalation } from './errors.ts';
import { fireDue } from './due.ts';
import { backoffMs } from './job.ts';
import type { JobState } from './instance.ts';
import type { IncidentStage, JobPurpose } from './fact.ts';
import type { Json, Variables } from './json.ts';
import { settle } from './lifecycle.ts';
import { limits } from './limits.ts';
import { definitionOf, prepareExecutionListener } from './listeners.ts';
import { deliver, elementIn, emit, lookupIn, nodeOf, propagate, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { migrateInstance } from './migrate.ts';
import { openAgain } from './migration/waits.ts';
import { modifyInstance } from './modify.ts';
import { fireTimer, retryJob, updateJob, updateTimer } from './repair.ts';
import { sendBack } from './send-back.ts';
import { receiveSignal } from './signals.ts';
import { sizeProblem } from './size.ts';
import { refuseStartAt, startElementsOf, startInstance } from './start.ts';
import { resumeInstance, suspendInstance } from './suspend.ts';
import { endInstance, terminateWithin } from './terminate.ts';
import { trigger } from './triggering.ts';
import { afterTaskListener, requestChange } from './user-tasks.ts';
import { lookupFrom, ownValue } from './variables.ts';
import { closeIncidents } from './withdraw.ts';

type ExecutionListenerPurpose = Extract<JobPurpose, { readonly kind: 'executionListener' }>;
function refuseSize(asked: Asked, variables: Variables): Rejection | null {
  const problem = sizeProblem(variables, asked.draft.state.variableBytes);
  return problem === null ? null : reject('tooLarge', problem);
}

function refuseTask(asked: Asked, task: Seq): Rejection | null {
  const state = asked.draft.state.userTasks[task];
  if (!state || state.pending?.event === 'creating') {
    return reject('unknownTask', `There is no open user task ${task}.`);
  }
  return state.pending === null ? null : reject('taskBusy', 'A change of this task waits for its listeners.');
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

function refuseChanges({ priority }: UserTaskChanges): Rejection | null {
  const isPriority = priority === undefined || (Number.isInteger(priority) && priority >= 0 && priority <= 100);
  return isPriority ? null : reject('invalidChange', 'The priority of a user task is a whole number from 0 to 100.');
}

/** What a listener corrects is bound by the same rules as what a person changes. */
function refuseCorrections(asked: Asked, job: Seq, corrections: UserTaskChanges = {}): Rejection | null {
  const { assignee = null } = corrections;
  const element = asked.draft.state.jobs[job]?.element ?? 0;
  return refuseChanges(corrections) ?? (assignee === null ? null : refusePerson(asked, element, assignee));
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

function jobIn(run: Run, job: Seq): JobState {
  const state = run.draft.state.jobs[job];
  if (!state) throw new Error(`No job ${job} in ${run.draft.state.instanceKey}.`);
  return state;
}

function completeJob(run: Run, command: CompleteJob): void {
  const { job, variables } = command;
  const { element, purpose } = jobIn(run, job);
  closeIncidents(run, element);
  emit(run, { type: 'jobCompleted', job });
  if (purpose.kind === 'element') {
    deliver(run, element, nodeOf(run, elementIn(run, element).elementId), variables);
    schedule(run, element, 'complete');
  } else if (purpose.kind === 'executionListener') afterListener(run, element, purpose, variables);
  else afterTaskListener(run, element, purpose, command);
}

/** The next listener of the same event is asked; after the last the element goes on. */
function afterListener(run: Run, element: Seq, purpose: ExecutionListenerPurpose, variables: Variables): void {
  const isStart = purpose.event === 'start';
  if (isStart) setLocal(run, element, variables, 'delivery');
  else propagate(run, element, variables, 'delivery');
  const active = { element: elementIn(run, element), lookup: lookupIn(run, element) };
  const next = prepareExecutionListener(run, active, purpose.event, purpose.index + 1);
  if (!next) schedule(run, element, isStart ? 'start' : 'leave');
  else if (next.ok) next.value();
  else raise(run, element, isStart ? 'activate' : 'complete', next.failure);
}

/** What is done again once the incident of an uncaught error is resolved. */
function stageOf({ purpose }: JobState): IncidentStage {
  if (purpose.kind === 'executionListener') return purpose.event === 'start' ? 'activate' : 'complete';
  return purpose.kind === 'taskListener' ? 'progress' : 'job';
}

function activateAdHocElements(run: Run, command: ActivateAdHocElements): void {
  const { element, elements, cancelRemainingInstances } = command;
  if (cancelRemainingInstances) terminateWithin(run, element);
  chooseElements(run, element, elements);
}

/** An ad-hoc sub-process that waits for no listener and is held up neither before nor after its work. */
function isAtWork(draft: Asked['draft'], adHoc: Seq): boolean {
  // it has no jobs of its own: any is a listener's
  if (attachedTo(draft, adHoc, 'jobs').size > 0) return false;
  return [...attachedTo(draft, adHoc, 'incidents')].every((seq) => draft.state.incidents[seq]?.stage === 'progress');
}

function refuseAdHoc({ process, draft }: Asked, { element, elements }: ActivateAdHocElements): Rejection | null {
  const state = draft.state.elements[element];
  const node = process.nodes[state?.elementId ?? ''];
  if (!state || state.type !== 'adHocSubProcess' || node?.type !== 'adHocSubProcess') {
    return reject('unknownElement', `There is no active ad-hoc sub-process ${element}.`);
  }
  if (state.detail?.adHoc?.closed) return reject('notActivatable', `'${node.id}' is about to complete.`);
  if (!isAtWork(draft, element))
    return reject('notActivatable', `'${node.id}' has not begun, or is about to complete.`);
  const unknown = elements.find(({ elementId }) => !node.startElements.includes(elementId));
  if (unknown) return reject('notActivatable', `'${node.id}' has no element '${unknown.elementId}' to activate.`);
  const chosen = (state.detail?.adHoc?.chosen.length ?? 0) + elements.length;
  if (sizeOf(draft, 'elements') + chosen > limits.elementsPerInstance) {
    return reject('tooLarge', `More than ${limits.elementsPerInstance} elements would be active at once.`);
  }
  for (const { variables } of elements) {
    const problem = sizeProblem(variables, draft.state.variableBytes);
    if (problem !== null) return reject('tooLarge', problem);
  }
  return null;
}

const shortened = (text: string): string => text.slice(0, limits.messageLength);

function failJob(run: Run, { job: seq, retries, message: text, retryAfterMs }: FailJob): void {
  const job = run.draft.state.jobs[seq];
  if (!job) return;
  const message = shortened(text);
  const left = Math.max(retries ?? job.retries - 1, 0);
  const waitMs = retryAfterMs ?? backoffMs(definitionOf(run, job), job.failures);
  const retryAtMs = left === 0 ? null : run.nowMs + Math.max(waitMs, 0);
  closeIncidents(run, job.element);
  emit(run, { type: 'jobFailed', job: seq, retries: left, message, retryAtMs });
  if (left === 0) raise(run, job.element, 'job', { code: 'JOB_NO_RETRIES', message }, seq);
  else if (retryAtMs === run.nowMs) emit(run, { type: 'jobRetried', job: seq, retries: left });
}

function endChild(run: Run, { element: seq, outcome }: EndChild): void {
  const { elementId } = elementIn(run, seq);
  const code = outcome.type === 'error' ? { code: outcome.code } : undefined;
  emit(run, { type: 'childEnded', element: seq, outcome: outcome.type, ...code });
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

function resolveIncident(run: Run, { incident: seq, retries, variables = {} }: ResolveIncident): void {
  const incident = run.draft.state.incidents[seq];
  if (!incident) return;
  propagate(run, incident.element ?? 0, variables, 'command');
  emit(run, { type: 'incidentResolved', incident: seq });
  if (incident.job !== null && run.draft.state.jobs[incident.job]) {
    emit(run, { type: 'jobRetried', job: incident.job, retries: Math.max(retries ?? 1, 1) });
  } else if (incident.awaited !== undefined) {
    openAgain(run, incident.element ?? 0, incident.awaited);
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
      const asked = { process, draft, actor: '' };
      if (command.startAt) return refuseStartAt(asked, command.startAt) ?? refuseSize(asked, command.variables);
      if (startElementsOf(process, command.startElement).length === 0) {
        return reject('noStartEvent', `Process '${process.processId}' has no such start event.`);
      }
      return refuseSize(asked, command.variables);
    },
    begin: startInstance,
  },
  completeUserTask: {
    refuse: refuseCompletion,
    begin: (run, { task, variables }) =>
      requestChange(run, task, { event: 'completing', by: run.actor, variables, changes: {} }),
  },
  assignUserTask: {
    refuse: refuseAssignment,
    begin: (run, { task, assignee }) =>
      requestChange(run, task, { event: 'assigning', by: run.actor, variables: {}, changes: { assignee } }),
  },
  updateUserTask: {
    refuse: (asked, { task, changes }) => refuseTask(asked, task) ?? refuseChanges(changes),
    begin: (run, { task, changes }) =>
      requestChange(run, task, { event: 'updating', by: run.actor, variables: {}, changes }),
  },
  completeJob: {
    refuse: (asked, { job, variables, result }) =>
      refuseJob(asked, job) ?? refuseSize(asked, variables) ?? refuseCorrections(asked, job, result?.corrections),
    begin: completeJob,
  },
  failJob: { refuse: (asked, { job }) => refuseJob(asked, job), begin: failJob },
  throwJobError: {
    refuse: (asked, { job, variables }) => refuseJob(asked, job) ?? refuseSize(asked, variables),
    begin: (run, { job, code: given, message: text, variables }) => {
      const [code, message] = [shortened(given), shortened(text)];
      const state = jobIn(run, job);
      closeIncidents(run, state.element);
      emit(run, { type: 'jobErrorThrown', job, code, message });
      throwError(run, state.element, { code, message, variables }, stageOf(state));
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
      trigger(run, { owner: state.element, elementId: state.elementId, part: state.part, variables });
    },
  },
  receiveSignal: {
    refuse: (asked, { subscription, variables }) =>
      asked.draft.state.signalSubscriptions[subscription]
        ? refuseSize(asked, variables)
        : reject('unknownSubscription', `There is no open signal subscription ${subscription}.`),
    begin: receiveSignal,
  },
  throwEscalation: {
    refuse: (asked, { element, variables }) =>
      element !== 0 && asked.draft.state.elements[element]
        ? refuseSize(asked, variables)
        : reject('unknownElement', `There is no active element ${element}.`),
    begin: (run, { element, code, variables }) => throwEscalation(run, element, { code: shortened(code), variables }),
  },
  activateAdHocElements: { refuse: refuseAdHoc, begin: activateAdHocElements },
  // what was left comes first, then what was kept, then what has become due
  continue: {
    refuse: () => null,
    begin: (run) => {
      if (takeKept(run)) fireDue(run);
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
    refuse: (asked, { incident, variables = {} }) =>
      asked.draft.state.incidents[incident]
        ? refuseSize(asked, variables)
        : reject('unknownIncident', `There is no open incident ${incident}.`),
    begin: resolveIncident,
    change: (asked, { incident, variables = {} }) =>
      changeOfVariables(asked, asked.draft.state.incidents[incident]?.element ?? 0, variables),
  },
  setVariables: {
    refuse: refuseScope,
    begin: (run, { scope, variables, local }) => {
      if (local) setLocal(run, scope, variables, 'command');
      else propagate(run, scope, variables, 'command');
    },
    change: (asked, { scope, variables, local }) => changeOfVariables(asked, scope, variables, local),
  },
  cancelInstance: {
    refuse: ({ draft }, { compensate }) =>
      compensate && isBeingCancelled(draft)
        ? reject('invalidChange', 'The instance is being cancelled: what was completed is being undone already.')
        : null,
    begin: (run, { reason, compensate }) => {
      if (compensate) cancelProcess(run, reason);
      else endInstance(run, reason);
    },
  },
  suspendInstance,
  resumeInstance: {
    ...resumeInstance,
    begin: (run, command) => {
      resumeInstance.begin(run, command);
      takeKept(run);
    },
  },
  updateTimer,
  fireTimer,
  retryJob,
  updateJob,
  modifyInstance,
  sendBack,
  migrateInstance,
};

/** The variables as the element sees them, and as they are to be; one that is not there yet is absent before. */
function changeOfVariables({ draft }: Asked, element: Seq, variables: Variables, local = false) {
  const own = draft.state.elements[element]?.variables ?? {};
  const lookup = local ? (name: string) => ownValue(own, name) : lookupFrom(draft.state, element);
  const before: Record<string, Json> = {};
  for (const name of Object.keys(variables)) {
    const value = lookup(name);
    if (value !== undefined) before[name] = value;
  }
  return { before, after: variables };
}

/** What was kept while the instance was suspended happens, each settled before the next; false: the step had to pause. */
function takeKept(run: Run): boolean {
  const { state } = run.draft;
  if (state.kept.length === 0) return true;
  settle(run);
  for (let [command] = state.kept; command && !state.paused && state.status === 'active'; [command] = state.kept) {
    const { refuse, begin } = handlers[command.type] as Handler<KeptCommand>;
    emit(run, { type: 'keptCommandTaken' });
    const refusal = refuse({ process: run.process, draft: run.draft, actor: run.actor }, command);
    if (refusal) emit(run, { type: 'keptCommandRefused', command: command.type, message: refusal.message });
    else begin(run, command);
    settle(run);
  }
  return !state.paused;
}

/** What somebody asks of one instance. Imperative names; every command is answered by facts or by a rejection, never by silence. */
import type { Variables, Json } from './json.ts';

/** Element sequence number within an instance (see keys.ts); 0 is the process itself. */
export type Seq = number;

/** The instance that called this one, and the call activity's element instance in it. */
export interface ParentLink {
  readonly instanceKey: string;
  readonly processId: string;
  readonly element: Seq;
  readonly rootInstanceKey: string;
}

export interface StartInstance {
  readonly type: 'startInstance';
  readonly instanceKey: string;
  readonly definitionKey: string;
  readonly version: number;
  /** null: the none start event; else the message or timer start event that was triggered. */
  readonly startElement: string | null;
  /** Which trigger of a multiple start event occurred, 0-based; absent: the only one. */
  readonly startPart?: number;
  readonly variables: Variables;
  readonly businessKey: string | null;
  /** Given for a child (the parent's); else from the model's `alur.region`. */
  readonly region: string | null;
  readonly parent: ParentLink | null;
}
export interface CompleteUserTask {
  readonly type: 'completeUserTask';
  readonly task: Seq;
  readonly variables: Variables;
}
export interface AssignUserTask {
  readonly type: 'assignUserTask';
  readonly task: Seq;
  /** null: back to the candidates. */
  readonly assignee: string | null;
  /** false: refused with `alreadyAssigned` when somebody else holds the task. */
  readonly allowOverride: boolean;
}
/** Changes attributes other than the assignee, which `assignUserTask` changes. */
export interface UpdateUserTask {
  readonly type: 'updateUserTask';
  readonly task: Seq;
  readonly changes: Omit<UserTaskChanges, 'assignee'>;
}
export interface CompleteJob {
  readonly type: 'completeJob';
  readonly job: Seq;
  readonly variables: Variables;
  /** Answer of a task listener; absent: the change goes ahead as it is. */
  readonly result?: TaskListenerResult;
}
export interface TaskListenerResult {
  /** The change does not happen. */
  readonly denied: boolean;
  readonly deniedReason: string | null;
  readonly corrections: UserTaskChanges;
}
/** Attributes of a user task to change; absent: stays as it is, null or empty: cleared. Times in ms since the epoch. */
export interface UserTaskChanges {
  readonly assignee?: string | null;
  readonly candidateGroups?: readonly string[];
  readonly candidateUsers?: readonly string[];
  readonly dueMs?: number | null;
  readonly followUpMs?: number | null;
  /** 0..100 */
  readonly priority?: number;
}
export interface FailJob {
  readonly type: 'failJob';
  readonly job: Seq;
  /** Attempts left as said by the worker; null: one less than before. 0 raises an incident. */
  readonly retries: number | null;
  readonly message: string;
  /** Wait before the next attempt; null: the model's back-off. */
  readonly retryAfterMs: number | null;
}
export interface ThrowJobError {
  readonly type: 'throwJobError';
  readonly job: Seq;
  readonly code: string;
  readonly message: string;
  readonly variables: Variables;
}
/** The alarm rang: whatever is due at `nowMs` (timers, job retries) happens, in order of due time. Never rejected. */
export interface FireDue {
  readonly type: 'fireDue';
}
export interface CorrelateMessage {
  readonly type: 'correlateMessage';
  readonly subscription: Seq;
  readonly messageKey: string;
  readonly variables: Variables;
}
export interface ReceiveSignal {
  readonly type: 'receiveSignal';
  readonly subscription: Seq;
  readonly signalKey: string;
  readonly variables: Variables;
}
/** A person at a user task, a job's worker or a called instance escalates; the element goes on unless an interrupting event catches it. */
export interface ThrowEscalation {
  readonly type: 'throwEscalation';
  readonly element: Seq;
  readonly code: string;
  readonly variables: Variables;
}
/** A person or worker decides what an ad-hoc sub-process does next. */
export interface ActivateAdHocElements {
  readonly type: 'activateAdHocElements';
  /** The ad-hoc sub-process's element instance. */
  readonly element: Seq;
  readonly elements: readonly { readonly elementId: string; readonly variables: Variables }[];
  /** What is active in it is terminated first. */
  readonly cancelRemainingInstances: boolean;
}
/** Goes on where a step had to pause (fact `stepPaused`). Never rejected. */
export interface Continue {
  readonly type: 'continue';
}
/** A called instance ended. */
export interface EndChild {
  readonly type: 'endChild';
  /** The call activity's element instance. */
  readonly element: Seq;
  readonly outcome:
    | { readonly type: 'completed'; readonly variables: Variables }
    | { readonly type: 'error'; readonly code: string; readonly message: string; readonly variables: Variables }
    | { readonly type: 'terminated' }
    | { readonly type: 'notStarted'; readonly message: string };
}
export interface ResolveIncident {
  readonly type: 'resolveIncident';
  readonly incident: Seq;
  /** New attempts for a job incident; null: 1. */
  readonly retries: number | null;
}
export interface SetVariables {
  readonly type: 'setVariables';
  readonly scope: Seq;
  readonly variables: Variables;
  /** true: in that scope exactly; false: where each name is found upwards, else at the process. */
  readonly local: boolean;
}
export interface CancelInstance {
  readonly type: 'cancelInstance';
  readonly reason: string;
}

export type Command =
  | StartInstance
  | CompleteUserTask
  | AssignUserTask
  | UpdateUserTask
  | CompleteJob
  | FailJob
  | ThrowJobError
  | FireDue
  | CorrelateMessage
  | ReceiveSignal
  | ThrowEscalation
  | ActivateAdHocElements
  | Continue
  | EndChild
  | ResolveIncident
  | SetVariables
  | CancelInstance;

/** Why a command was refused; the caller's fault (409/404/400), nothing has changed. */
export interface Rejection {
  readonly code:
    | 'alreadyStarted'
    | 'notActive'
    | 'unknownTask'
    | 'taskBusy'
    | 'invalidChange'
    | 'unknownJob'
    | 'unknownSubscription'
    | 'unknownElement'
    | 'notActivatable'
    | 'unknownIncident'
    | 'unknownScope'
    | 'alreadyAssigned'
    | 'fourEyes'
    | 'noStartEvent'
    | 'tooLarge';
  readonly message: string;
  readonly detail?: Json;
}

/** What somebody asks of one instance. Imperative names; every command is answered by facts or by a rejection, never by silence. */
import type { Variables, Json } from './json.ts';
import type { ElementId, ProcessModel } from './model.ts';

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
  /** Elements to begin at instead of a start event; absent: none. */
  readonly startAt?: readonly ElementId[];
  readonly variables: Variables;
  readonly businessKey: string | null;
  /** Given for a child (the parent's); else from the model's `alur.region`. */
  readonly region: string | null;
  /** A child whose model's `alur.region` lies within the given one belongs there; absent: it began before that was so. */
  readonly narrowsRegion?: true;
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
  /** Set before what failed is tried again: each where its name is found from the element upwards. */
  readonly variables?: Variables;
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
  /** What was completed is undone first, as the cancellation of a transaction does; absent: it stays done. */
  readonly compensate?: true;
}
/** Nothing moves until `resumeInstance`: timers keep the time they have left, what comes from outside is kept (suspend.ts). */
export interface SuspendInstance {
  readonly type: 'suspendInstance';
}
export interface ResumeInstance {
  readonly type: 'resumeInstance';
}
/** Changes when a timer is due. */
export interface UpdateTimer {
  readonly type: 'updateTimer';
  readonly timer: Seq;
  readonly dueMs: number;
}
/** The timer fires now instead of when it is due. */
export interface FireTimer {
  readonly type: 'fireTimer';
  readonly timer: Seq;
}
/** Another attempt at once, also of a job that has none left. */
export interface RetryJob {
  readonly type: 'retryJob';
  readonly job: Seq;
  readonly retries: number;
}
/** Changes how many attempts are left; of a job that has none left `retryJob` does. */
export interface UpdateJob {
  readonly type: 'updateJob';
  readonly job: Seq;
  readonly retries: number;
}
/** Tokens are put, taken away and moved by hand (modify.ts). All instructions or none. */
export interface ModifyInstance {
  readonly type: 'modifyInstance';
  readonly instructions: readonly ModifyInstruction[];
}
/** Variables to set with an instruction: at the scope of that element id, null: in the activated element itself. */
export interface InstructionVariables {
  readonly scopeId: ElementId | null;
  readonly variables: Variables;
}
export type ModifyInstruction =
  | {
      readonly type: 'activate';
      readonly elementId: ElementId;
      /** Element instance within which it is activated; null: the only one there is, or new ones as far as needed. */
      readonly ancestor: Seq | null;
      readonly variables: readonly InstructionVariables[];
    }
  | { readonly type: 'terminate'; readonly element: Seq }
  | { readonly type: 'terminateAll'; readonly elementId: ElementId }
  | {
      readonly type: 'move';
      /** One element instance, or all of an element. */
      readonly source: { readonly element: Seq } | { readonly elementId: ElementId };
      readonly targetElementId: ElementId;
      readonly ancestor: Seq | null;
      readonly variables: readonly InstructionVariables[];
    };
/** The case goes back: what lies after an earlier element in its scope is withdrawn, that element begins anew, variables stay (send-back.ts). */
export interface SendBack {
  readonly type: 'sendBack';
  readonly to: ElementId;
  /** Element instance that is sent back; null: whatever lies after `to`. */
  readonly from: Seq | null;
}
/** From now on the instance follows another version of its definition (migrate.ts). All of it or none. */
export interface MigrateInstance {
  readonly type: 'migrateInstance';
  readonly target: ProcessModel;
  readonly modelSha256: string;
  readonly definitionKey: string;
  readonly version: number;
  readonly mapping: readonly ElementMapping[];
  /** What becomes of timers, by id of the target's catching element; absent: `keep`. */
  readonly timers: Readonly<Record<ElementId, TimerMigration>>;
}
/** Elements of the same id need no mapping. */
export interface ElementMapping {
  readonly source: ElementId;
  readonly target: ElementId;
}
/** Goes on with its due time, is evaluated anew, or is due at that time. */
export type TimerMigration = 'keep' | 'restart' | { readonly dueMs: number };

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
  | CancelInstance
  | SuspendInstance
  | ResumeInstance
  | UpdateTimer
  | FireTimer
  | RetryJob
  | UpdateJob
  | ModifyInstance
  | SendBack
  | MigrateInstance;

/** What comes from outside by itself: kept while the instance is suspended. */
export type KeptCommand =
  | CompleteJob
  | FailJob
  | ThrowJobError
  | CorrelateMessage
  | ReceiveSignal
  | ThrowEscalation
  | EndChild;

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
    | 'tooLarge'
    | 'suspended'
    | 'notSuspended'
    | 'unknownTimer'
    | 'invalidModification'
    | 'invalidMigration';
  readonly message: string;
  readonly detail?: Json;
}

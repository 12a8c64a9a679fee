/** The state of one process instance: one plain JSON value, the fold of its facts (apply.ts). */
import type { Json, Variables } from './json.ts';
import type { ElementId, FlowId } from './model.ts';
import type { KeptCommand, ParentLink, Seq, UserTaskChanges } from './command.ts';
import type {
  HeldStart,
  ElementType,
  IncidentCode,
  IncidentStage,
  JobPurpose,
  Move,
  TaskListenerEvent,
} from './fact.ts';

export interface ElementInstance {
  readonly seq: Seq;
  readonly elementId: ElementId;
  readonly type: ElementType;
  /** Enclosing element instance; 0 is the process. */
  readonly scope: Seq;
  readonly variables: Variables;
  readonly loopCounter: number | null;
  /** Scopes only: tokens that wait before a joining gateway, by incoming flow. */
  readonly waitingTokens: Readonly<Record<FlowId, number>>;
  /** Active element instances directly within. */
  readonly children: number;
  /** Bodies of looping activities only. */
  readonly loop: LoopState | null;
  /** What only some scopes have. */
  readonly detail: ElementDetail | null;
}
export interface ElementDetail {
  /** An interrupting event sub-process has ended the normal flow. */
  readonly interrupted?: true;
  /** Parallel multiple events: triggers that have occurred, by catching element. */
  readonly occurred?: Readonly<Record<ElementId, readonly number[]>>;
  /** Complex gateways that wait for reset: flows that have had their token, by gateway. */
  readonly received?: Readonly<Record<ElementId, readonly FlowId[]>>;
  readonly compensation?: CompensationState;
  readonly adHoc?: AdHocState;
}
/** See fact `compensationStarted`. */
export interface CompensationState {
  readonly thrower: Seq | null;
  readonly cancels: Seq | null;
  readonly restores: Seq | null;
  /** Not begun yet, in order. */
  readonly records: readonly Seq[];
  readonly sequential: boolean;
  readonly reason?: string;
}
export interface AdHocState {
  /** Chosen and not begun yet, in order. */
  readonly chosen: readonly { readonly elementId: ElementId; readonly variables: Variables }[];
  readonly started: number;
  readonly closed: boolean;
  /** JSON bytes of the outputs; part of `InstanceState.variableBytes`. */
  readonly bytes: number;
  readonly outputs: readonly Json[];
}
export interface LoopState {
  /** Instances there will be in all; null: until the condition of a standard loop ends it. */
  readonly count: number | null;
  /** Empty when only the number counts. */
  readonly items: readonly Json[];
  /** Inner instances created so far. */
  readonly created: number;
  readonly completed: number;
  readonly terminated: number;
  /** JSON bytes of items and outputs; part of `InstanceState.variableBytes`. */
  readonly bytes: number;
  /** One per item in the order of the items, null until collected; empty when the body collects nothing. */
  readonly outputs: readonly Json[];
}
export interface UserTaskState {
  readonly assignee: string | null;
  readonly excludedUsers: readonly string[];
  /** A change that waits for listeners; null: none. A task that is being created is nobody's work yet. */
  readonly pending: UserTaskChangeState | null;
}
/** See fact `userTaskChangeRequested`. */
export interface UserTaskChangeState {
  readonly event: TaskListenerEvent;
  readonly by: string | null;
  readonly variables: Variables;
  readonly changes: UserTaskChanges;
}
export interface JobState {
  readonly element: Seq;
  readonly jobType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retries: number;
  /** Absolute time of the next attempt; null: running, or out of attempts. */
  readonly retryAtMs: number | null;
  /** Failures so far: chooses the back-off. */
  readonly failures: number;
  readonly purpose: JobPurpose;
}
export interface TimerState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly dueMs: number;
  readonly repetitions: number | null;
  readonly interval: string | null;
  readonly part: number;
}
export interface SubscriptionState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly messageName: string;
  readonly correlationKey: string;
  readonly closesOnCorrelation: boolean;
  readonly part: number;
}
export interface SignalSubscriptionState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly signalName: string;
  readonly closesOnSignal: boolean;
  readonly part: number;
}
export interface ConditionState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly closesOnTrue: boolean;
  /** As last evaluated. */
  readonly holds: boolean;
  readonly part: number;
}
/** See fact `compensationRegistered`. */
export interface CompensationRecord {
  readonly scope: Seq;
  readonly of: Seq;
  readonly elementId: ElementId;
  readonly handler: ElementId | null;
  readonly inside: boolean;
  readonly variables: Variables;
  /** The compensation that is to undo it; null: none is under way. */
  readonly holder: Seq | null;
}
export interface IncidentState {
  readonly element: Seq | null;
  readonly elementId: ElementId;
  readonly job: Seq | null;
  readonly code: IncidentCode;
  readonly stage: IncidentStage;
  readonly awaited?: ElementId;
}

export interface SignalDelivery {
  readonly subscription: Seq;
  readonly signalKey: string;
  readonly variables: Variables;
}
/** See fact `stepPaused`. */
export interface PausedState {
  readonly agenda: readonly Move[];
  readonly visits: Readonly<Record<string, number>>;
  readonly touched: readonly Seq[];
  readonly conditions: readonly Seq[];
  readonly signals: readonly SignalDelivery[];
}

export interface InstanceState {
  readonly format: 3;
  readonly status: 'new' | 'active' | 'completed' | 'terminated' | 'errored';
  readonly instanceKey: string;
  readonly processId: string;
  readonly definitionKey: string;
  readonly version: number;
  readonly businessKey: string | null;
  readonly region: string | null;
  readonly parent: ParentLink | null;
  /** Next free sequence number. */
  readonly nextSeq: Seq;
  /** Number of the last fact. */
  readonly factNumber: number;
  /** Active element instances by sequence number; 0 is the process, its variables are the process variables. */
  readonly elements: Readonly<Record<Seq, ElementInstance>>;
  readonly userTasks: Readonly<Record<Seq, UserTaskState>>;
  readonly jobs: Readonly<Record<Seq, JobState>>;
  readonly timers: Readonly<Record<Seq, TimerState>>;
  readonly subscriptions: Readonly<Record<Seq, SubscriptionState>>;
  readonly signalSubscriptions: Readonly<Record<Seq, SignalSubscriptionState>>;
  readonly conditions: Readonly<Record<Seq, ConditionState>>;
  readonly compensations: Readonly<Record<Seq, CompensationRecord>>;
  /** Call activities whose child runs. */
  readonly children: Readonly<Record<Seq, true>>;
  readonly incidents: Readonly<Record<Seq, IncidentState>>;
  /** Who completed which user task element, for separation of duties: element id → account names. */
  readonly completedBy: Readonly<Record<ElementId, readonly string[]>>;
  /** End events completed in the process scope, each once, in order of their first completion. */
  readonly endElements: readonly ElementId[];
  /** What the instance starts with once the listeners of the process have answered; null: it has. */
  readonly held: HeldStart | null;
  /** What a step had to leave for the next, null: it came to rest. */
  readonly paused: PausedState | null;
  /** Since when nothing moves; null: it does. */
  readonly suspendedAtMs: number | null;
  /** What came from outside meanwhile, oldest first. */
  readonly kept: readonly KeptCommand[];
  /** JSON bytes of all variables and of the items and outputs of multi-instance bodies, see limits.stateBytes. */
  readonly variableBytes: number;
}

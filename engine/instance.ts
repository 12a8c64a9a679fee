/** The state of one process instance: one plain JSON value, the fold of its facts (apply.ts). */
import type { Json, Variables } from './json.ts';
import type { ElementId, FlowId } from './model.ts';
import type { ParentLink, Seq } from './command.ts';
import type { ElementType, IncidentCode, IncidentStage } from './fact.ts';

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
  /** Multi-instance bodies only. */
  readonly loop: LoopState | null;
}
export interface LoopState {
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
}
export interface TimerState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly dueMs: number;
  readonly repetitions: number | null;
  readonly interval: string | null;
}
export interface SubscriptionState {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly messageName: string;
  readonly correlationKey: string;
  readonly closesOnCorrelation: boolean;
}
export interface IncidentState {
  readonly element: Seq | null;
  readonly elementId: ElementId;
  readonly job: Seq | null;
  readonly code: IncidentCode;
  readonly stage: IncidentStage;
}

export interface InstanceState {
  readonly format: 1;
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
  /** Call activities whose child runs. */
  readonly children: Readonly<Record<Seq, true>>;
  readonly incidents: Readonly<Record<Seq, IncidentState>>;
  /** Who completed which user task element, for separation of duties: element id → account names. */
  readonly completedBy: Readonly<Record<ElementId, readonly string[]>>;
  /** End events completed in the process scope, each once, in order of their first completion. */
  readonly endElements: readonly ElementId[];
  /** JSON bytes of all variables and of the items and outputs of multi-instance bodies, see limits.stateBytes. */
  readonly variableBytes: number;
}

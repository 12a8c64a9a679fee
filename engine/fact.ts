/**
 * What happened, in order. The shell performs effects because of facts, PostgreSQL projects them, people read them as the audit
 * trail, tests expect them. State is their fold (apply.ts). Past tense; a fact never needs the model to be understood.
 */
import type { Json, JsonObject, Variables } from './json.ts';
import type { ElementId, FlowId, FlowNodeType } from './model.ts';
import type { ParentLink, Seq } from './command.ts';

export type ElementType = FlowNodeType | 'process' | 'multiInstanceBody';

/** Codes of incidents: Zeebe's error types where one exists. */
export type IncidentCode =
  | 'JOB_NO_RETRIES'
  | 'EXTRACT_VALUE_ERROR'
  | 'IO_MAPPING_ERROR'
  | 'CONDITION_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'CALLED_DECISION_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  | 'FORM_NOT_FOUND'
  | 'UNHANDLED_ERROR_EVENT'
  | 'MESSAGE_SIZE_EXCEEDED'
  | 'LIMIT_EXCEEDED';

/**
 * What is done again when an incident is resolved, exactly: `activate` inputs and start of the element; `trigger` the same for an
 * event whose trigger has happened already; `complete` outputs, conditions, leaving; `job` another attempt; `call` the called
 * instance is started again; `acknowledge` nothing.
 */
export type IncidentStage = 'activate' | 'trigger' | 'complete' | 'job' | 'call' | 'acknowledge';

export interface DecisionExplanation {
  readonly decisionId: string;
  readonly decisionName: string | null;
  readonly inputs: JsonObject;
  /** 1-based numbers of the rules that matched, with their annotation. */
  readonly matchedRules: readonly { readonly rule: number; readonly annotation: string | null }[];
  readonly output: Json;
  readonly required: readonly DecisionExplanation[];
}

export type Fact =
  | {
      readonly type: 'instanceStarted';
      readonly instanceKey: string;
      readonly processId: string;
      readonly definitionKey: string;
      readonly version: number;
      readonly businessKey: string | null;
      readonly region: string | null;
      readonly parent: ParentLink | null;
    }
  | { readonly type: 'instanceCompleted'; readonly endElements: readonly ElementId[] }
  | { readonly type: 'instanceTerminated'; readonly reason: string }
  /** An error reached the process scope of a called instance: it ends and hands the error to its caller. */
  | { readonly type: 'instanceErrored'; readonly code: string; readonly message: string; readonly variables: Variables }
  | {
      readonly type: 'elementActivated';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly elementType: ElementType;
      readonly name: string | null;
      readonly scope: Seq;
      /** 1-based, only for inner instances of a multi-instance activity. */
      readonly loopCounter: number | null;
    }
  | {
      readonly type: 'elementCompleted';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly elementType: ElementType;
    }
  | {
      readonly type: 'elementTerminated';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly elementType: ElementType;
    }
  | {
      readonly type: 'sequenceFlowTaken';
      readonly flowId: FlowId;
      readonly scope: Seq;
      /** Present when the token now waits before a joining gateway. */
      readonly waits?: true;
    }
  /** Tokens that a join consumed: `count` per incoming flow. */
  | { readonly type: 'tokensConsumed'; readonly scope: Seq; readonly flows: Readonly<Record<FlowId, number>> }
  /** A multi-instance body knows its items; `collects`: it gathers one output per item. */
  | { readonly type: 'loopStarted'; readonly element: Seq; readonly items: readonly Json[]; readonly collects: boolean }
  /** Output of the inner instance with this 1-based loop counter. */
  | { readonly type: 'loopOutputCollected'; readonly element: Seq; readonly loopCounter: number; readonly output: Json }
  | { readonly type: 'variablesSet'; readonly scope: Seq; readonly variables: Variables }
  | {
      readonly type: 'userTaskCreated';
      /** Equal to the element's sequence number: the task's key is the element instance's key. */
      readonly task: Seq;
      readonly elementId: ElementId;
      readonly name: string | null;
      readonly formId: string | null;
      readonly assignee: string | null;
      readonly candidateGroups: readonly string[];
      readonly candidateUsers: readonly string[];
      readonly dueMs: number | null;
      readonly followUpMs: number | null;
      /** 0..100, Camunda default 50. */
      readonly priority: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly properties: Readonly<Record<string, string>>;
      /** Accounts that completed an element named in `alur.notSameAs`: they may neither claim nor complete this task. */
      readonly excludedUsers: readonly string[];
    }
  | { readonly type: 'userTaskAssigned'; readonly task: Seq; readonly assignee: string | null }
  | {
      readonly type: 'userTaskCompleted';
      readonly task: Seq;
      readonly elementId: ElementId;
      readonly by: string | null;
    }
  | { readonly type: 'userTaskCanceled'; readonly task: Seq }
  | {
      readonly type: 'jobCreated';
      readonly job: Seq;
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly jobType: string;
      readonly retries: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'jobCompleted'; readonly job: Seq }
  /** retries > 0: tried again at `retryAtMs`; 0: an incident follows. */
  | {
      readonly type: 'jobFailed';
      readonly job: Seq;
      readonly retries: number;
      readonly message: string;
      readonly retryAtMs: number | null;
    }
  /** The wait of a failed job is over, or its incident was resolved: the shell schedules it again. */
  | { readonly type: 'jobRetried'; readonly job: Seq; readonly retries: number }
  /** A business error ended the job. When nothing catches it an incident follows, and resolving that creates a new job. */
  | { readonly type: 'jobErrorThrown'; readonly job: Seq; readonly code: string; readonly message: string }
  | { readonly type: 'jobCanceled'; readonly job: Seq }
  | {
      readonly type: 'timerSet';
      readonly timer: Seq;
      /** The element instance that waits: the catch event itself, or the activity a boundary event is attached to, or the event-based gateway. */
      readonly element: Seq;
      /** The catching event's id. */
      readonly elementId: ElementId;
      readonly dueMs: number;
      /** Repetitions left after this one; null: unlimited; 0: none. */
      readonly repetitions: number | null;
      /** Interval of a cycle in ISO 8601 or cron, null for date and duration. */
      readonly interval: string | null;
    }
  | { readonly type: 'timerFired'; readonly timer: Seq }
  | { readonly type: 'timerCanceled'; readonly timer: Seq }
  | {
      readonly type: 'messageSubscriptionOpened';
      readonly subscription: Seq;
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly messageName: string;
      readonly correlationKey: string;
      /** false: stays open after a correlation (non-interrupting boundary event). */
      readonly closesOnCorrelation: boolean;
    }
  /** Ends the subscription as well when it closes on correlation: no `messageSubscriptionClosed` follows. */
  | { readonly type: 'messageCorrelated'; readonly subscription: Seq; readonly messageKey: string }
  | {
      readonly type: 'messageSubscriptionClosed';
      readonly subscription: Seq;
      readonly messageName: string;
      readonly correlationKey: string;
    }
  | {
      readonly type: 'messagePublished';
      /** Fresh sequence number: with the instance key it makes the message's key, so a repeated delivery is recognised. */
      readonly message: Seq;
      readonly element: Seq;
      readonly messageName: string;
      readonly correlationKey: string;
      readonly messageId: string | null;
      readonly timeToLiveMs: number;
      readonly variables: Variables;
    }
  | {
      readonly type: 'childCalled';
      readonly element: Seq;
      /** Fresh sequence number: tells a second call (after an incident) from the first. */
      readonly call: Seq;
      readonly elementId: ElementId;
      readonly processId: string;
      readonly binding: 'latest' | 'deployment' | 'versionTag';
      readonly versionTag: string | null;
      readonly variables: Variables;
    }
  | {
      readonly type: 'childEnded';
      readonly element: Seq;
      readonly outcome: 'completed' | 'error' | 'terminated' | 'notStarted';
    }
  /** The call activity was terminated while its child ran: the shell cancels the child. */
  | { readonly type: 'childCanceled'; readonly element: Seq }
  | {
      readonly type: 'decisionEvaluated';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly explanation: DecisionExplanation;
    }
  | {
      readonly type: 'incidentRaised';
      readonly incident: Seq;
      /** null: the process itself. */
      readonly element: Seq | null;
      readonly elementId: ElementId;
      readonly job: Seq | null;
      readonly code: IncidentCode;
      readonly message: string;
      readonly stage: IncidentStage;
    }
  | { readonly type: 'incidentResolved'; readonly incident: Seq };

export type FactType = Fact['type'];

/** A fact as it is kept: numbered per instance from 1 without gaps, with when, who and which command caused it. */
export interface RecordedFact {
  readonly number: number;
  readonly atMs: number;
  /** Account name of the person, or `system`. Never a citizen. */
  readonly actor: string;
  readonly fact: Fact;
}

/**
 * What happened, in order. The shell performs effects because of facts, PostgreSQL projects them, people read them as the audit
 * trail, tests expect them. State is their fold (apply.ts). Past tense; a fact never needs the model to be understood.
 */
import type { SignalDelivery } from './instance.ts';
import type { Json, JsonObject, Variables } from './json.ts';
import type { CallBinding, ElementId, FlowId, FlowNodeType, TaskListener } from './model.ts';
import type { Command, KeptCommand, ParentLink, Seq, UserTaskChanges } from './command.ts';

/** `…Body`: holds the instances of a looping activity; `compensation`: holds the handlers that one throw event set off. */
export type ElementType = FlowNodeType | 'process' | 'multiInstanceBody' | 'standardLoopBody' | 'compensation';

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
 * What an element instance does next, and what is done again when an incident is resolved, exactly: `activate` inputs and start of the
 * element; `start` its start once the listeners have answered; `trigger` the same for an event whose trigger has happened already;
 * `complete` outputs, conditions, leaving; `leave` conditions and leaving once the listeners have answered; `progress` a scope looks at
 * what comes next after something in it has ended; `job` another attempt; `call` the called instance is started again; `enter` a scope
 * that was begun by hand, without its start events, sets up its waits; `acknowledge` nothing, unless it names what is `awaited`.
 */
export type IncidentStage =
  | 'activate'
  | 'start'
  | 'enter'
  | 'trigger'
  | 'complete'
  | 'leave'
  | 'progress'
  | 'job'
  | 'call'
  | 'acknowledge';

/** Something that is about to happen to an element instance. */
export interface Move {
  readonly element: Seq;
  readonly stage: IncidentStage;
}

/** What a job is for: the element's own work, or a listener (its event, and its 0-based place among those of the same event). */
export type JobPurpose =
  | { readonly kind: 'element' }
  | { readonly kind: 'executionListener'; readonly event: 'start' | 'end'; readonly index: number }
  | { readonly kind: 'taskListener'; readonly event: TaskListenerEvent; readonly index: number };

/** What an instance starts with, see `StartInstance`. */
export interface HeldStart {
  readonly startElement: ElementId | null;
  readonly startPart: number;
  readonly startAt?: readonly ElementId[];
  readonly variables: Variables;
}

export type TaskListenerEvent = TaskListener['event'];

export interface DecisionExplanation {
  readonly decisionId: string;
  readonly decisionName: string | null;
  /** Of the decision that was called: since when this version decides, and its tag; absent: neither was said. */
  readonly validFromMs?: number;
  readonly versionTag?: string;
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
      /** Its first tokens wait for the listeners of the process. */
      readonly held?: HeldStart;
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
  /** A complex gateway has fired and waits for its other flows; null: it has reset. */
  | {
      readonly type: 'gatewayPhaseChanged';
      readonly scope: Seq;
      readonly elementId: ElementId;
      readonly received: readonly FlowId[] | null;
    }
  /** A multi-instance body knows its items, none of them listed when only their number counts; `collects`: it gathers one output each. */
  | {
      readonly type: 'loopStarted';
      readonly element: Seq;
      readonly count: number;
      readonly items: readonly Json[];
      readonly collects: boolean;
    }
  /** A standard loop begins; `count`: rounds at most, null: until its condition ends it. */
  | { readonly type: 'standardLoopStarted'; readonly element: Seq; readonly count: number | null }
  /** An ad-hoc sub-process is to activate these elements, as soon as its ordering lets it. */
  | {
      readonly type: 'adHocElementsChosen';
      readonly element: Seq;
      readonly elements: readonly { readonly elementId: ElementId; readonly variables: Variables }[];
    }
  | { readonly type: 'adHocElementStarted'; readonly element: Seq }
  | { readonly type: 'adHocOutputCollected'; readonly element: Seq; readonly output: Json }
  /** The completion condition of an ad-hoc sub-process holds; what is active is waited for, nothing new begins. */
  | { readonly type: 'adHocClosed'; readonly element: Seq }
  /** Output of the inner instance with this 1-based loop counter. */
  | { readonly type: 'loopOutputCollected'; readonly element: Seq; readonly loopCounter: number; readonly output: Json }
  | {
      readonly type: 'variablesSet';
      readonly scope: Seq;
      readonly variables: Variables;
      /** Came from outside, with what was stated last or by a command of its own; absent: the process computed them. */
      readonly from?: 'delivery' | 'command';
    }
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
  /** Attributes other than the assignee have changed. */
  | {
      readonly type: 'userTaskUpdated';
      readonly task: Seq;
      readonly changes: Omit<UserTaskChanges, 'assignee'>;
      readonly by: string | null;
    }
  /** A change of the task waits for its listeners. */
  | {
      readonly type: 'userTaskChangeRequested';
      readonly task: Seq;
      readonly event: TaskListenerEvent;
      readonly by: string | null;
      /** What completing brings; empty otherwise. */
      readonly variables: Variables;
      readonly changes: UserTaskChanges;
    }
  | { readonly type: 'userTaskChangeCorrected'; readonly task: Seq; readonly changes: UserTaskChanges }
  /** It does not happen: the task stays as it was. */
  | {
      readonly type: 'userTaskChangeDenied';
      readonly task: Seq;
      readonly event: TaskListenerEvent;
      readonly reason: string | null;
    }
  /** Every listener has answered: what was asked for follows. */
  | { readonly type: 'userTaskChangeAllowed'; readonly task: Seq; readonly event: TaskListenerEvent }
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
      readonly purpose: JobPurpose;
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
      /** 0-based place among the triggers of a multiple event; absent: the only one. */
      readonly part?: number;
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
      readonly part?: number;
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
      readonly type: 'signalSubscriptionOpened';
      readonly subscription: Seq;
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly signalName: string;
      /** false: stays open after a signal. */
      readonly closesOnSignal: boolean;
      readonly part?: number;
    }
  /** Ends the subscription as well when it closes on a signal: no `signalSubscriptionClosed` follows. */
  | { readonly type: 'signalReceived'; readonly subscription: Seq; readonly signalKey: string }
  | { readonly type: 'signalSubscriptionClosed'; readonly subscription: Seq; readonly signalName: string }
  /** For every subscriber and start event of that name; this instance's own have it at once, by the facts that follow. */
  | {
      readonly type: 'signalBroadcast';
      /** Fresh sequence number: with the instance key it makes the signal's key. */
      readonly signal: Seq;
      readonly element: Seq;
      readonly signalName: string;
      readonly variables: Variables;
    }
  | {
      readonly type: 'conditionWatched';
      readonly condition: Seq;
      readonly element: Seq;
      readonly elementId: ElementId;
      /** false: watched further after it has become true. */
      readonly closesOnTrue: boolean;
      readonly part?: number;
    }
  /** Becoming true is the event; ends the watch as well when it closes on true: no `conditionWithdrawn` follows. */
  | { readonly type: 'conditionChanged'; readonly condition: Seq; readonly holds: boolean }
  | { readonly type: 'conditionWithdrawn'; readonly condition: Seq }
  /** One trigger of a parallel multiple event has occurred; the others are still awaited. */
  | { readonly type: 'eventPartOccurred'; readonly element: Seq; readonly elementId: ElementId; readonly part: number }
  /** All have; they are awaited afresh. */
  | { readonly type: 'eventPartsConsumed'; readonly element: Seq; readonly elementId: ElementId }
  /** The normal flow of a scope is over, by an interrupting event sub-process, a cancellation or its completion: no event sub-process begins. */
  | { readonly type: 'scopeInterrupted'; readonly scope: Seq; readonly by: ElementId }
  | {
      readonly type: 'escalationThrown';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly code: string;
      /** Boundary or start event that catches it; null: nothing in this instance does. */
      readonly caughtBy: ElementId | null;
    }
  /** An escalation that nothing in this called instance catches: its caller is told. */
  | { readonly type: 'instanceEscalated'; readonly code: string; readonly variables: Variables }
  /** A completed activity can be undone while its scope lasts. */
  | {
      readonly type: 'compensationRegistered';
      readonly record: Seq;
      /** Scope in which it was completed. */
      readonly scope: Seq;
      /** The element instance that can be undone. */
      readonly of: Seq;
      readonly elementId: ElementId;
      /** Compensation handler or event sub-process; null: what was completed within it is undone. */
      readonly handler: ElementId | null;
      /** Undoing it goes back inside: what was completed there stays known. */
      readonly inside: boolean;
      /** Variables of a sub-process as they were at its end; empty for any other activity. */
      readonly variables: Variables;
    }
  | {
      readonly type: 'compensationStarted';
      /** The element instance of type `compensation` that holds the handlers. */
      readonly element: Seq;
      /** The throw event that waits; null: nobody does. */
      readonly thrower: Seq | null;
      /** The transaction that is cancelled when all is undone. */
      readonly cancels: Seq | null;
      /** The completed sub-process instance whose inside is undone; null: the scope is still active. */
      readonly restores: Seq | null;
      /** In the order they are undone. */
      readonly records: readonly Seq[];
      /** One after the other. */
      readonly sequential: boolean;
      /** Why the instance is cancelled, where `cancels` is the process itself. */
      readonly reason?: string;
    }
  | { readonly type: 'compensationHandlerStarted'; readonly element: Seq; readonly record: Seq }
  | {
      readonly type: 'childCalled';
      readonly element: Seq;
      /** Fresh sequence number: tells a second call (after an incident) from the first. */
      readonly call: Seq;
      readonly elementId: ElementId;
      readonly processId: string;
      readonly binding: CallBinding;
      readonly versionTag: string | null;
      readonly version: number | null;
      readonly variables: Variables;
    }
  | {
      readonly type: 'childEnded';
      readonly element: Seq;
      readonly outcome: 'completed' | 'error' | 'terminated' | 'notStarted';
      /** Of an outcome `error`. */
      readonly code?: string;
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
      /** Catches an event that the element does not wait for yet, as a migration could not begin it: it begins when this is resolved. */
      readonly awaited?: ElementId;
    }
  | { readonly type: 'incidentResolved'; readonly incident: Seq }
  /** More was to do than one step may: the host goes on with `continue`. */
  | {
      readonly type: 'stepPaused';
      readonly agenda: readonly Move[];
      /** Activations since the last rest of the elements reached often, by `scope/element id`. */
      readonly visits: Readonly<Record<string, number>>;
      /** Scopes whose joins are still to be looked at, and conditions. */
      readonly touched: readonly Seq[];
      readonly conditions: readonly Seq[];
      /** Signals of this instance that some of its own subscriptions have not had yet. */
      readonly signals: readonly SignalDelivery[];
    }
  | { readonly type: 'stepResumed' }
  /** A person changed the case by hand; always the first fact of its step, what it did follows. */
  | {
      readonly type: 'interventionMade';
      readonly command: Command['type'];
      readonly reason: string;
      /** What the command changes directly, as it was and as it is asked to be; what it moves is in the facts that follow. */
      readonly before: JsonObject;
      readonly after: JsonObject;
    }
  | { readonly type: 'instanceSuspended'; readonly atMs: number }
  | { readonly type: 'instanceResumed' }
  /** Came while the instance was suspended; happens when it is resumed. */
  | { readonly type: 'commandKept'; readonly command: KeptCommand }
  /** The first of the kept commands happens now. */
  | { readonly type: 'keptCommandTaken' }
  /** It is of no use any more: what it was for is gone. */
  | { readonly type: 'keptCommandRefused'; readonly command: KeptCommand['type']; readonly message: string }
  | { readonly type: 'timerRescheduled'; readonly timer: Seq; readonly dueMs: number }
  /** The next attempt of a failed job. */
  | { readonly type: 'jobRescheduled'; readonly job: Seq; readonly retryAtMs: number }
  | { readonly type: 'jobRetriesChanged'; readonly job: Seq; readonly retries: number }
  /** The case goes back to an earlier element of this scope; what is withdrawn, and its beginning anew, follow. */
  | {
      readonly type: 'sentBack';
      readonly to: ElementId;
      readonly scope: Seq;
      /** Elements whose work does not stand any more: who did it counts no longer for the separation of duties. */
      readonly forgotten: readonly ElementId[];
    }
  /** The instance follows this definition from now on; what becomes of each element instance and wait follows. */
  | {
      readonly type: 'instanceMigrated';
      readonly definitionKey: string;
      readonly version: number;
      readonly modelSha256: string;
      readonly fromDefinitionKey: string;
      readonly fromVersion: number;
      /** Elements whose id changes, with the new one; what is remembered by id is renamed. */
      readonly renamed: Readonly<Record<string, string>>;
      /** What becomes of records of completed activities; `elementId` null: there is no undoing it any more. */
      readonly undo: readonly {
        readonly record: Seq;
        readonly elementId: ElementId | null;
        readonly handler: ElementId | null;
      }[];
    }
  /** An element instance is one of another element, maybe of another scope, from now on; what hangs on it stays. */
  | {
      readonly type: 'elementMigrated';
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly elementType: ElementType;
      readonly name: string | null;
      readonly scope: Seq;
      /** Of a user task: its form from now on. */
      readonly formId?: string | null;
    }
  /** What hangs on an element instance belongs to another element, maybe to another instance, from now on. */
  | {
      readonly type: 'waitMigrated';
      readonly kind: WaitKind;
      readonly wait: Seq;
      readonly element: Seq;
      readonly elementId: ElementId;
      readonly part: number;
    };

/** Tables of the state that hold what an element instance waits for. */
export type WaitKind = 'timers' | 'subscriptions' | 'signalSubscriptions' | 'conditions' | 'jobs' | 'incidents';

export type FactType = Fact['type'];

/** A fact as it is kept: numbered per instance from 1 without gaps, with when, who and which command caused it. */
export interface RecordedFact {
  readonly number: number;
  readonly atMs: number;
  /** Account name of the person, or `system`. Never a citizen. */
  readonly actor: string;
  readonly fact: Fact;
}

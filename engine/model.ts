/**
 * The compiled form of a BPMN process: what `bpmn/compile.ts` writes at publish time and `step` reads. Plain JSON, immutable,
 * named by its SHA-256. Vocabulary: BPMN 2.0.2 for elements, zeebe-bpmn-moddle for what the extension elements carry.
 */
import type { FeelNode } from './feel/ast.ts';
import type { DecisionModel } from './dmn/model.ts';
import type { Json } from './json.ts';

export type ElementId = string;
export type FlowId = string;

/** A FEEL expression: its source for people, its syntax tree for `engine/feel`. */
export interface FeelExpression {
  readonly kind: 'feel';
  readonly source: string;
  readonly ast: FeelNode;
}
/** A value written literally in the model (Zeebe: an attribute without a leading `=`). */
export interface StaticValue {
  readonly kind: 'static';
  readonly value: Json;
}
export type Expression = FeelExpression | StaticValue;

export interface SequenceFlow {
  readonly id: FlowId;
  readonly name: string | null;
  readonly source: ElementId;
  readonly target: ElementId;
  readonly condition: FeelExpression | null;
  /** No line of the diagram but a pair of link events (BPMN 2.0.2 §10.5.5: a link is a sequence flow without the line); id `source→target`. */
  readonly link?: true;
}

/** zeebe:ioMapping. `target` is a variable path such as `hasil.skor`. */
export interface Mapping {
  readonly source: Expression;
  readonly target: string;
}

/** zeebe:property and zeebe:header; `alur.*` names are ours, the rest is handed through. */
export type Properties = Readonly<Record<string, string>>;

export type TimerKind = 'date' | 'duration' | 'cycle';
export interface TimerDefinition {
  readonly kind: TimerKind;
  /** ISO 8601 date-time, duration, repeating interval (`R3/PT1H`) or cron; literal or FEEL. */
  readonly value: Expression;
}
export interface MessageDefinition {
  readonly name: Expression;
  /** Absent only on process start events. Must evaluate to a string or a number. */
  readonly correlationKey: Expression | null;
}
export interface ErrorDefinition {
  /** null where it is caught: catches every error. */
  readonly code: Expression | null;
}
export interface EscalationDefinition {
  /** null where it is caught: catches every escalation. */
  readonly code: Expression | null;
}
export interface SignalDefinition {
  readonly name: Expression;
}
export interface ConditionDefinition {
  readonly condition: FeelExpression;
  /** Names of variables the condition reads; it is looked at again when one of them changes. Empty: at every change. */
  readonly reads: readonly string[];
  /** zeebe:conditionalFilter variableNames: changes of other variables do not count; null: no such filter. */
  readonly variableNames: readonly string[] | null;
  /** zeebe:conditionalFilter variableEvents; null: both. */
  readonly variableEvents: readonly ('create' | 'update')[] | null;
}

/** One thing that a catch event waits for. */
export type SingleTrigger =
  | { readonly type: 'timer'; readonly timer: TimerDefinition }
  | { readonly type: 'message'; readonly message: MessageDefinition }
  | { readonly type: 'signal'; readonly signal: SignalDefinition }
  | { readonly type: 'conditional'; readonly conditional: ConditionDefinition }
  | { readonly type: 'error'; readonly error: ErrorDefinition }
  | { readonly type: 'escalation'; readonly escalation: EscalationDefinition }
  /** Boundary event: its `handler` undoes the activity. Start event: the event sub-process undoes the sub-process around it. */
  | { readonly type: 'compensation' }
  /** Boundary event of a transaction. */
  | { readonly type: 'cancel' }
  /** Intermediate catch event that is the target of link throw events, see `SequenceFlow.link`. */
  | { readonly type: 'link' };

/** What a catch event (start, boundary, intermediate) waits for; of several triggers one (`multiple`) or each (`parallelMultiple`). */
export type CatchTrigger =
  | SingleTrigger
  | { readonly type: 'multiple' | 'parallelMultiple'; readonly triggers: readonly SingleTrigger[] };

/** One thing that a throw event does. */
export type SingleResult =
  | { readonly type: 'message'; readonly send: SendDefinition }
  | { readonly type: 'signal'; readonly signal: SignalDefinition }
  | { readonly type: 'escalation'; readonly escalation: EscalationDefinition }
  | CompensationThrow
  /** The token goes on at the link catch event, by the flow with `link: true` that leaves this element. */
  | { readonly type: 'link' };
export interface CompensationThrow {
  readonly type: 'compensation';
  /** The activity to undo; null: every activity of the scope. */
  readonly activity: ElementId | null;
  /** false: the token goes on while the handlers work. */
  readonly waitForCompletion: boolean;
}
/** What ends more than the token (end events only). */
export type EndingResult =
  | { readonly type: 'terminate' }
  | { readonly type: 'error'; readonly error: ErrorDefinition }
  | { readonly type: 'cancel' };

/** zeebe:taskDefinition. */
export interface JobDefinition {
  readonly type: Expression;
  /** Attempts in all, at least 1. Zeebe default 3. */
  readonly retries: Expression;
  /** Wait before each further attempt, the last one repeated; ISO durations from property `alur.retryBackoff` (comma separated). */
  readonly backoff: readonly string[];
}

/** zeebe:assignmentDefinition, taskSchedule, priorityDefinition, formDefinition of a user task. */
export interface UserTaskDefinition {
  readonly assignee: Expression | null;
  readonly candidateGroups: Expression | null;
  readonly candidateUsers: Expression | null;
  readonly dueDate: Expression | null;
  readonly followUpDate: Expression | null;
  readonly priority: Expression | null;
  /** zeebe:formDefinition formId; resolved to the newest form at creation of the task, null: no form. */
  readonly formId: string | null;
  /** Element ids whose completer may not claim or complete this task (property `alur.notSameAs`, comma separated): four eyes. */
  readonly notSameAs: readonly ElementId[];
  /** Property `alur.notUsers`: a list of accounts that may not claim or complete this task either; absent: none. */
  readonly notUsers?: Expression;
}

/** Multi-instance loop characteristics with zeebe:loopCharacteristics. */
export interface MultiInstance {
  readonly sequential: boolean;
  /** A collection, or else a number of instances: exactly one of the two. */
  readonly inputCollection: Expression | null;
  readonly cardinality: Expression | null;
  readonly inputElement: string | null;
  readonly outputCollection: string | null;
  readonly outputElement: Expression | null;
  readonly completionCondition: FeelExpression | null;
}
/** Standard loop characteristics (BPMN 2.0.2 §13.3.6); at least one of `condition` and `maximum` is given. */
export interface StandardLoop {
  /** Look at the condition before the first round too. */
  readonly testBefore: boolean;
  /** Another round while it holds; sees `loopCounter`: rounds completed so far. */
  readonly condition: FeelExpression | null;
  /** Rounds at most. */
  readonly maximum: Expression | null;
}

/** zeebe:executionListener: a job that the element waits for before its work (`start`) or before its token leaves (`end`). */
export interface ExecutionListener {
  readonly event: 'start' | 'end';
  readonly job: JobDefinition;
  readonly headers: Properties;
}
/** zeebe:taskListener: a job that a change of the user task waits for; it may deny (but not creation) or correct the change. */
export interface TaskListener {
  readonly event: 'creating' | 'assigning' | 'updating' | 'completing';
  readonly job: JobDefinition;
  readonly headers: Properties;
}

interface NodeBase {
  readonly id: ElementId;
  /** Label of the diagram, null when there is none. */
  readonly name: string | null;
  readonly documentation: string | null;
  /** Enclosing sub-process, null: the process itself. */
  readonly parent: ElementId | null;
  /** In document order, as BPMN 2.0.2 §13.4.2 wants for conditions. */
  readonly incoming: readonly FlowId[];
  readonly outgoing: readonly FlowId[];
  readonly defaultFlow: FlowId | null;
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  readonly properties: Properties;
  /** In the order they are asked. */
  readonly listeners: readonly ExecutionListener[];
}
interface ActivityBase extends NodeBase {
  readonly multiInstance: MultiInstance | null;
  readonly standardLoop: StandardLoop | null;
  /** Boundary events attached to this activity. */
  readonly boundary: readonly ElementId[];
  /** A compensation handler: no token reaches it by a flow. */
  readonly isForCompensation: boolean;
}
/** What every scope has: the process and each kind of sub-process. */
interface ScopeBase {
  /** Event sub-processes directly within, in document order. */
  readonly eventSubProcesses: readonly ElementId[];
}

export interface StartEvent extends NodeBase {
  readonly type: 'startEvent';
  /** null: none start event. */
  readonly trigger: CatchTrigger | null;
  /** Of an event sub-process: whether the scope around it is ended; true elsewhere. */
  readonly interrupting: boolean;
  /** zeebe:formDefinition of the start form, null: none. */
  readonly formId: string | null;
}
export interface EndEvent extends NodeBase {
  readonly type: 'endEvent';
  /** Everything it does, in order (a multiple end event does several things); empty: none end event. An `EndingResult` comes last. */
  readonly results: readonly (SingleResult | EndingResult)[];
}
/** A message throw, send task or message end: a job when a job type is given, else a message published inside the engine. */
export type SendDefinition =
  | { readonly kind: 'job'; readonly job: JobDefinition; readonly headers: Properties }
  | {
      readonly kind: 'publish';
      readonly message: MessageDefinition;
      readonly timeToLive: Expression | null;
      readonly messageId: Expression | null;
    };

export interface IntermediateCatchEvent extends NodeBase {
  readonly type: 'intermediateCatchEvent';
  readonly trigger: CatchTrigger;
}
export interface IntermediateThrowEvent extends NodeBase {
  readonly type: 'intermediateThrowEvent';
  /** Everything it does, in order (a multiple throw event does several things); empty: none throw event, a pass-through. */
  readonly results: readonly SingleResult[];
}
export interface BoundaryEvent extends NodeBase {
  readonly type: 'boundaryEvent';
  readonly attachedTo: ElementId;
  readonly interrupting: boolean;
  readonly trigger: CatchTrigger;
  /** Compensation boundary events: the activity that undoes; null otherwise. */
  readonly handler: ElementId | null;
}
export interface Gateway extends NodeBase {
  readonly type: 'exclusiveGateway' | 'parallelGateway' | 'inclusiveGateway';
}
export interface EventBasedGateway extends NodeBase {
  readonly type: 'eventBasedGateway';
  /** How it starts an instance: with the first of its events (`exclusive`), or waiting for all of them (`parallel`); null: it does not. */
  readonly instantiates: 'exclusive' | 'parallel' | null;
}
export interface ComplexGateway extends NodeBase {
  readonly type: 'complexGateway';
  /**
   * Sees `activationCount` (tokens on the incoming flows) and `tokens` (context: number of tokens by flow id). BPMN 2.0.2 §13.4.5;
   * outgoing conditions see `waitingForStart` too.
   */
  readonly activationCondition: FeelExpression;
}
export interface UserTask extends ActivityBase {
  readonly type: 'userTask';
  readonly task: UserTaskDefinition;
  readonly headers: Properties;
  /** In the order they are asked. */
  readonly taskListeners: readonly TaskListener[];
}
export interface ServiceTask extends ActivityBase {
  readonly type: 'serviceTask';
  readonly job: JobDefinition;
  readonly headers: Properties;
}
export interface BusinessRuleTask extends ActivityBase {
  readonly type: 'businessRuleTask';
  readonly rule:
    | {
        readonly kind: 'decision';
        readonly decisionId: Expression;
        /** Only the version with this tag; absent: the one in force. */
        readonly versionTag?: string;
        /** Property `alur.decisionDate`: the day that says which version is in force; absent: now. */
        readonly decisionDate?: Expression;
        readonly resultVariable: string;
      }
    | { readonly kind: 'job'; readonly job: JobDefinition; readonly headers: Properties };
}
export interface ScriptTask extends ActivityBase {
  readonly type: 'scriptTask';
  readonly script:
    | { readonly kind: 'feel'; readonly expression: FeelExpression; readonly resultVariable: string }
    | { readonly kind: 'job'; readonly job: JobDefinition; readonly headers: Properties };
}
export interface SendTask extends ActivityBase {
  readonly type: 'sendTask';
  readonly send: SendDefinition;
}
export interface ReceiveTask extends ActivityBase {
  readonly type: 'receiveTask';
  readonly message: MessageDefinition;
  /** Starts an instance: it has no incoming flow, or comes after an instantiating event-based gateway. */
  readonly instantiate: boolean;
}
/** Manual and undefined tasks: pass-through, as in Zeebe. */
export interface ManualTask extends ActivityBase {
  readonly type: 'manualTask' | 'task';
}
export interface SubProcess extends ActivityBase, ScopeBase {
  /** A transaction undoes what was completed in it when a cancel end event is reached. */
  readonly type: 'subProcess' | 'transaction';
  /** Its none start event; without one, every element that no flow reaches (BPMN 2.0.2 §13.3.4). */
  readonly startElements: readonly ElementId[];
}
/** `triggeredByEvent`: begins when its start event occurs while the scope around it is active. */
export interface EventSubProcess extends NodeBase, ScopeBase {
  readonly type: 'eventSubProcess';
  readonly startEvent: ElementId;
}
export interface AdHocSubProcess extends ActivityBase, ScopeBase {
  readonly type: 'adHocSubProcess';
  /** Elements that can be activated: those that no flow reaches. */
  readonly startElements: readonly ElementId[];
  /** At most one at a time. */
  readonly sequential: boolean;
  /** zeebe:adHoc: ids of the elements to activate at once, each once; null: only by command. */
  readonly activeElements: Expression | null;
  /** Looked at whenever an inner flow has ended; null: complete when nothing is active and something was. */
  readonly completionCondition: FeelExpression | null;
  /** What is still active when the condition holds is terminated; false: it is waited for, nothing new begins. */
  readonly cancelRemainingInstances: boolean;
  readonly outputCollection: string | null;
  readonly outputElement: Expression | null;
}
export type CallBinding = 'latest' | 'deployment' | 'version' | 'versionTag';
export interface CallActivity extends ActivityBase {
  readonly type: 'callActivity';
  readonly processId: Expression;
  /** zeebe:calledElement bindingType; `version` by property `alur.calledVersion`. */
  readonly binding: CallBinding;
  readonly versionTag: string | null;
  /** Version number to call, with binding `version`. */
  readonly version: Expression | null;
  readonly propagateAllParentVariables: boolean;
  readonly propagateAllChildVariables: boolean;
}

export type FlowNode =
  | StartEvent
  | EndEvent
  | IntermediateCatchEvent
  | IntermediateThrowEvent
  | BoundaryEvent
  | Gateway
  | EventBasedGateway
  | ComplexGateway
  | UserTask
  | ServiceTask
  | BusinessRuleTask
  | ScriptTask
  | SendTask
  | ReceiveTask
  | ManualTask
  | SubProcess
  | EventSubProcess
  | AdHocSubProcess
  | CallActivity;
export type FlowNodeType = FlowNode['type'];

export interface ProcessModel extends ScopeBase {
  /** Format of this JSON; raised when an older compiled model can no longer be read. */
  readonly format: 2;
  readonly processId: string;
  readonly name: string | null;
  readonly documentation: string | null;
  readonly versionTag: string | null;
  readonly properties: Properties;
  /** Property `alur.businessKey`: the number people know a case by; evaluated once, at start. */
  readonly businessKey: Expression | null;
  /** Property `alur.region`: kode wilayah that decides who sees the case; evaluated once, at start; of a child within its parent's region. */
  readonly region: Expression | null;
  /** Of the process as a whole: asked before its first token, and after its last. */
  readonly listeners: readonly ExecutionListener[];
  readonly nodes: Readonly<Record<ElementId, FlowNode>>;
  readonly flows: Readonly<Record<FlowId, SequenceFlow>>;
  /**
   * What an instance of the process can start with, in document order: start events of the process itself, instantiating receive tasks,
   * and the events after an instantiating event-based gateway; without any, every element that no flow reaches (all at once).
   */
  readonly startElements: readonly ElementId[];
  /** Decisions reachable from business rule tasks, by decision id (`id#tag` where a version tag is asked for): bound when the definition is published. */
  readonly decisions: Readonly<Record<string, DecisionModel>>;
  /** Of decisions that take effect on a day: every version that may decide, in order of publication. See decisions.ts. */
  readonly decisionVersions?: Readonly<Record<string, readonly DecisionModel[]>>;
}

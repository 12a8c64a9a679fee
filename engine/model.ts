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
  /** null on a boundary event: catches every error. */
  readonly code: Expression | null;
}

/** What a catch event (start, boundary, intermediate) waits for. Later issues widen this union; `switch` without default. */
export type CatchTrigger =
  | { readonly type: 'timer'; readonly timer: TimerDefinition }
  | { readonly type: 'message'; readonly message: MessageDefinition }
  | { readonly type: 'error'; readonly error: ErrorDefinition };

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
}

/** zeebe:loopCharacteristics. */
export interface MultiInstance {
  readonly sequential: boolean;
  readonly inputCollection: Expression;
  readonly inputElement: string | null;
  readonly outputCollection: string | null;
  readonly outputElement: Expression | null;
  readonly completionCondition: FeelExpression | null;
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
}
interface ActivityBase extends NodeBase {
  readonly multiInstance: MultiInstance | null;
  /** Boundary events attached to this activity. */
  readonly boundary: readonly ElementId[];
}

export interface StartEvent extends NodeBase {
  readonly type: 'startEvent';
  /** null: none start event. */
  readonly trigger: CatchTrigger | null;
  /** zeebe:formDefinition of the start form, null: none. */
  readonly formId: string | null;
}
export interface EndEvent extends NodeBase {
  readonly type: 'endEvent';
  readonly result:
    | { readonly type: 'none' }
    | { readonly type: 'terminate' }
    | { readonly type: 'error'; readonly error: ErrorDefinition }
    | { readonly type: 'message'; readonly send: SendDefinition };
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
  /** null: none throw event, a pass-through. */
  readonly send: SendDefinition | null;
}
export interface BoundaryEvent extends NodeBase {
  readonly type: 'boundaryEvent';
  readonly attachedTo: ElementId;
  readonly interrupting: boolean;
  readonly trigger: CatchTrigger;
}
export interface Gateway extends NodeBase {
  readonly type: 'exclusiveGateway' | 'parallelGateway' | 'inclusiveGateway' | 'eventBasedGateway';
}
export interface UserTask extends ActivityBase {
  readonly type: 'userTask';
  readonly task: UserTaskDefinition;
  readonly headers: Properties;
}
export interface ServiceTask extends ActivityBase {
  readonly type: 'serviceTask';
  readonly job: JobDefinition;
  readonly headers: Properties;
}
export interface BusinessRuleTask extends ActivityBase {
  readonly type: 'businessRuleTask';
  readonly rule:
    | { readonly kind: 'decision'; readonly decisionId: Expression; readonly resultVariable: string }
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
}
/** Manual and undefined tasks: pass-through, as in Zeebe. */
export interface ManualTask extends ActivityBase {
  readonly type: 'manualTask' | 'task';
}
export interface SubProcess extends ActivityBase {
  readonly type: 'subProcess';
  readonly startEvents: readonly ElementId[];
}
export interface CallActivity extends ActivityBase {
  readonly type: 'callActivity';
  readonly processId: Expression;
  /** zeebe:calledElement bindingType. */
  readonly binding: 'latest' | 'deployment' | 'versionTag';
  readonly versionTag: string | null;
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
  | UserTask
  | ServiceTask
  | BusinessRuleTask
  | ScriptTask
  | SendTask
  | ReceiveTask
  | ManualTask
  | SubProcess
  | CallActivity;
export type FlowNodeType = FlowNode['type'];

export interface ProcessModel {
  /** Format of this JSON; raised when an older compiled model can no longer be read. */
  readonly format: 1;
  readonly processId: string;
  readonly name: string | null;
  readonly documentation: string | null;
  readonly versionTag: string | null;
  readonly properties: Properties;
  /** Property `alur.businessKey`: the number people know a case by; evaluated once, at start. */
  readonly businessKey: Expression | null;
  /** Property `alur.region`: kode wilayah that decides who sees the case; evaluated once, at start; a child inherits its parent's. */
  readonly region: Expression | null;
  readonly nodes: Readonly<Record<ElementId, FlowNode>>;
  readonly flows: Readonly<Record<FlowId, SequenceFlow>>;
  /** Start events of the process itself (not of sub-processes), in document order. */
  readonly startEvents: readonly ElementId[];
  /** Decisions reachable from business rule tasks, by decision id: bound when the definition is published. */
  readonly decisions: Readonly<Record<string, DecisionModel>>;
}

/**
 * What becomes of every attribute and child element that BPMN 2.0.2 and the Zeebe extension define, by the type that defines it. A test
 * compares this with the descriptors of bpmn-moddle and zeebe-bpmn-moddle, so that nothing they can read is ever ignored.
 */
import type { RemedyName } from './admission.ts';

export interface TypeFate {
  /** Read by the compiler. */
  readonly executed?: readonly string[];
  /** Kept with the file and shown; the standard gives it no meaning in execution, or says the same elsewhere. */
  readonly preserved?: readonly string[];
  /** Kept and shown with a warning: people may expect more of it. */
  readonly noted?: Readonly<Record<string, RemedyName>>;
  /** Refused, unless it has the value that means nothing. */
  readonly rejected?: Readonly<Record<string, { readonly plain: string | null; readonly fix: RemedyName }>>;
}

const refuse = (fix: RemedyName, plain: string | null = null) => ({ plain, fix });

export const metamodel: Readonly<Record<string, TypeFate>> = {
  'bpmn:Definitions': {
    executed: ['rootElements', 'extensions'],
    preserved: [
      'name',
      'targetNamespace',
      'expressionLanguage',
      'typeLanguage',
      'imports',
      'diagrams',
      'exporter',
      'exporterVersion',
      'relationships',
    ],
  },
  'bpmn:Extension': { rejected: { mustUnderstand: refuse('mustUnderstand', 'false') }, preserved: ['definition'] },
  'bpmn:BaseElement': { executed: ['id', 'documentation', 'extensionElements'], preserved: ['extensionDefinitions'] },
  'bpmn:ExtensionElements': { executed: ['values'], preserved: ['valueRef', 'extensionAttributeDefinition'] },
  'bpmn:Documentation': { executed: ['text'], preserved: ['textFormat'] },
  'bpmn:Process': {
    executed: ['isExecutable', 'flowElements', 'artifacts'],
    preserved: [
      'processType',
      'isClosed',
      'auditing',
      'monitoring',
      'properties',
      'laneSets',
      'correlationSubscriptions',
      'supports',
      'definitionalCollaborationRef',
    ],
    noted: { resources: 'resourceRole' },
  },
  'bpmn:FlowElementsContainer': { executed: ['flowElements'], preserved: ['laneSets'] },
  'bpmn:CallableElement': { executed: ['name'], preserved: ['ioSpecification', 'supportedInterfaceRef', 'ioBinding'] },
  'bpmn:FlowElement': { executed: ['name'], preserved: ['auditing', 'monitoring', 'categoryValueRef'] },
  // The flows themselves say where they begin and end.
  'bpmn:FlowNode': { preserved: ['incoming', 'outgoing', 'lanes'] },
  'bpmn:SequenceFlow': { executed: ['conditionExpression', 'sourceRef', 'targetRef'], preserved: ['isImmediate'] },
  'bpmn:Activity': {
    executed: [
      'isForCompensation',
      'default',
      'dataInputAssociations',
      'dataOutputAssociations',
      'loopCharacteristics',
      'ioSpecification',
    ],
    preserved: ['boundaryEventRefs', 'properties'],
    noted: { resources: 'resourceRole' },
    rejected: { startQuantity: refuse('quantity', '1'), completionQuantity: refuse('quantity', '1') },
  },
  'bpmn:UserTask': { preserved: ['renderings', 'implementation'] },
  'bpmn:ServiceTask': { preserved: ['implementation', 'operationRef'] },
  'bpmn:SendTask': { executed: ['messageRef'], preserved: ['implementation', 'operationRef'] },
  'bpmn:ReceiveTask': { executed: ['instantiate', 'messageRef'], preserved: ['implementation', 'operationRef'] },
  // What is executed is zeebe:script or a job; without one the task is refused.
  'bpmn:ScriptTask': { preserved: ['scriptFormat', 'script'] },
  'bpmn:BusinessRuleTask': { preserved: ['implementation'] },
  'bpmn:CallActivity': { executed: ['calledElement'] },
  'bpmn:SubProcess': { executed: ['triggeredByEvent', 'artifacts'] },
  'bpmn:AdHocSubProcess': { executed: ['completionCondition', 'ordering', 'cancelRemainingInstances'] },
  'bpmn:Transaction': { preserved: ['protocol', 'method'] },
  'bpmn:MultiInstanceLoopCharacteristics': {
    executed: [
      'isSequential',
      'loopCardinality',
      'loopDataInputRef',
      'loopDataOutputRef',
      'inputDataItem',
      'outputDataItem',
      'completionCondition',
    ],
    rejected: {
      behavior: refuse('multiInstanceEvents', 'All'),
      complexBehaviorDefinition: refuse('multiInstanceEvents'),
      oneBehaviorEventRef: refuse('multiInstanceEvents'),
      noneBehaviorEventRef: refuse('multiInstanceEvents'),
    },
  },
  'bpmn:StandardLoopCharacteristics': { executed: ['testBefore', 'loopCondition', 'loopMaximum'] },
  'bpmn:Gateway': { preserved: ['gatewayDirection'] },
  'bpmn:EventBasedGateway': { executed: ['instantiate', 'eventGatewayType'] },
  'bpmn:ComplexGateway': { executed: ['activationCondition', 'default'] },
  'bpmn:ExclusiveGateway': { executed: ['default'] },
  'bpmn:InclusiveGateway': { executed: ['default'] },
  'bpmn:Event': { preserved: ['properties'] },
  'bpmn:CatchEvent': {
    executed: ['parallelMultiple', 'dataOutputs', 'dataOutputAssociations', 'eventDefinitions', 'eventDefinitionRef'],
    preserved: ['outputSet'],
  },
  'bpmn:ThrowEvent': {
    executed: ['dataInputs', 'dataInputAssociations', 'eventDefinitions', 'eventDefinitionRef'],
    preserved: ['inputSet'],
  },
  'bpmn:StartEvent': { executed: ['isInterrupting'] },
  'bpmn:BoundaryEvent': { executed: ['cancelActivity', 'attachedToRef'] },
  'bpmn:ErrorEventDefinition': { executed: ['errorRef'] },
  'bpmn:EscalationEventDefinition': { executed: ['escalationRef'] },
  'bpmn:CompensateEventDefinition': { executed: ['waitForCompletion', 'activityRef'] },
  'bpmn:TimerEventDefinition': { executed: ['timeDate', 'timeCycle', 'timeDuration'] },
  'bpmn:LinkEventDefinition': { executed: ['name', 'target', 'source'] },
  'bpmn:MessageEventDefinition': { executed: ['messageRef'], preserved: ['operationRef'] },
  'bpmn:ConditionalEventDefinition': { executed: ['condition'] },
  'bpmn:SignalEventDefinition': { executed: ['signalRef'] },
  'bpmn:Message': { executed: ['name'], preserved: ['itemRef'] },
  'bpmn:Signal': { executed: ['name'], preserved: ['structureRef'] },
  'bpmn:Error': { executed: ['name', 'errorCode'], preserved: ['structureRef'] },
  'bpmn:Escalation': { executed: ['name', 'escalationCode'], preserved: ['structureRef'] },
  'bpmn:Expression': { executed: ['body'] },
  'bpmn:FormalExpression': { executed: ['language'], preserved: ['evaluatesToTypeRef'] },
  'bpmn:Association': { executed: ['sourceRef', 'targetRef'], preserved: ['associationDirection'] },
  'bpmn:ItemAwareElement': { preserved: ['itemSubjectRef', 'dataState'] },
  'bpmn:DataObject': { preserved: ['isCollection'] },
  'bpmn:DataObjectReference': { executed: ['dataObjectRef'] },
  'bpmn:Property': { executed: ['name'] },
  'bpmn:InputOutputSpecification': { executed: ['dataInputs', 'dataOutputs'], preserved: ['inputSets', 'outputSets'] },
  'bpmn:DataInput': {
    executed: ['name'],
    preserved: ['isCollection', 'inputSetRef', 'inputSetWithOptional', 'inputSetWithWhileExecuting'],
  },
  'bpmn:DataOutput': {
    executed: ['name'],
    preserved: ['isCollection', 'outputSetRef', 'outputSetWithOptional', 'outputSetWithWhileExecuting'],
  },
  'bpmn:DataAssociation': { executed: ['sourceRef', 'targetRef', 'transformation', 'assignment'] },
  'bpmn:Assignment': { executed: ['from', 'to'] },

  'zeebe:ZeebeServiceTask': { preserved: ['retryCounter'] },
  'zeebe:IoMapping': { executed: ['inputParameters', 'outputParameters'], preserved: ['ioMapping'] },
  'zeebe:InputOutputParameter': { executed: ['source', 'target'] },
  'zeebe:Subscription': { executed: ['correlationKey'] },
  'zeebe:PublishMessage': { executed: ['correlationKey', 'messageId', 'timeToLive'] },
  'zeebe:TaskHeaders': { executed: ['values'] },
  'zeebe:Header': { executed: ['key', 'value'], preserved: ['id'] },
  'zeebe:TaskDefinition': { executed: ['type', 'retries'] },
  'zeebe:LoopCharacteristics': { executed: ['inputCollection', 'inputElement', 'outputCollection', 'outputElement'] },
  'zeebe:CalledElement': {
    executed: ['processId', 'propagateAllChildVariables', 'propagateAllParentVariables'],
    rejected: { processIdExpression: refuse('processIdExpression'), businessId: refuse('businessId') },
  },
  'zeebe:UserTaskForm': { executed: ['id', 'body'] },
  'zeebe:FormDefinition': { executed: ['formKey', 'formId', 'externalReference'] },
  'zeebe:LinkedResource': { executed: ['resourceId', 'resourceType', 'linkName'] },
  'zeebe:LinkedResources': { executed: ['values'] },
  'zeebe:CalledDecision': { executed: ['decisionId', 'resultVariable'] },
  'zeebe:AssignmentDefinition': { executed: ['assignee', 'candidateGroups', 'candidateUsers'] },
  'zeebe:PriorityDefinition': { executed: ['priority'] },
  'zeebe:JobPriorityDefinition': { noted: { priority: 'jobPriorityDefinition' } },
  'zeebe:TaskSchedule': { executed: ['dueDate', 'followUpDate'] },
  'zeebe:Properties': { executed: ['properties'] },
  'zeebe:Property': { executed: ['name', 'value'] },
  'zeebe:TemplateSupported': { preserved: ['modelerTemplate', 'modelerTemplateVersion', 'modelerTemplateIcon'] },
  'zeebe:ConfigurationSupported': { preserved: ['modelerConfigurationTemplate', 'modelerConfigurationName'] },
  'zeebe:TemplatedRootElement': { preserved: ['modelerTemplate'] },
  'zeebe:Script': { executed: ['expression', 'resultVariable'] },
  'zeebe:ExecutionListeners': { executed: ['listeners'] },
  'zeebe:ExecutionListener': { executed: ['eventType', 'retries', 'type', 'headers'] },
  'zeebe:TaskListeners': { executed: ['listeners'] },
  'zeebe:TaskListener': { executed: ['eventType', 'retries', 'type'] },
  'zeebe:VersionTag': { executed: ['value'] },
  'zeebe:BindingTypeSupported': { executed: ['bindingType', 'versionTag'] },
  'zeebe:AdHoc': { executed: ['activeElementsCollection', 'outputCollection', 'outputElement'] },
  'zeebe:ConditionalFilter': { executed: ['variableNames', 'variableEvents'] },
  'zeebe:AgentDefinition': { noted: { agentType: 'agentDefinition' } },
};

/**
 * Types that are preserved with all they contain: interfaces and data types, people and their roles, lanes, collaboration, conversation,
 * choreography, notes; global tasks, which no process can call here (a call activity that names one stops with an incident).
 */
export const preservedTypes: readonly string[] = [
  'Interface Operation EndPoint ItemDefinition InputOutputBinding DataState DataStore DataStoreReference InputSet OutputSet',
  'Auditing Monitoring Rendering Performer Resource ResourceParameter ResourceRole ResourceParameterBinding',
  'ResourceAssignmentExpression PartnerEntity PartnerRole',
  'LaneSet Lane TextAnnotation Group Category CategoryValue Relationship Import ExtensionDefinition ExtensionAttributeDefinition',
  'Collaboration Participant ParticipantAssociation ParticipantMultiplicity MessageFlow MessageFlowAssociation',
  'CorrelationKey CorrelationProperty CorrelationPropertyRetrievalExpression CorrelationPropertyBinding CorrelationSubscription',
  'ConversationLink ConversationAssociation CallConversation SubConversation ConversationNode InteractionNode',
  'ChoreographyActivity CallChoreography SubChoreography ChoreographyTask GlobalChoreographyTask',
  'GlobalTask GlobalUserTask GlobalScriptTask GlobalBusinessRuleTask ComplexBehaviorDefinition',
].flatMap((names) => names.split(' ').map((name) => `bpmn:${name}`));

/**
 * Pass 4: is every attribute, marker and extension element of the executable processes known here? What would change execution and is
 * not known is refused; the rest of other vendors is kept and named.
 */
import { remedyFor, type RemedyName } from './admission.ts';
import type { ProblemLog } from './context.ts';
import { tagOf } from './extensions.ts';
import { formReferenceProperty } from './forms.ts';
import { walk } from './graph.ts';
import {
  child,
  children,
  extensions,
  filled,
  shownId,
  instanceOf,
  text,
  typeName,
  type ModdleElement,
} from './moddle.ts';

/** Extension elements that belong to a type, beside zeebe:Properties, which every element may have. */
const io = 'zeebe:IoMapping';
const job = ['zeebe:TaskDefinition', 'zeebe:TaskHeaders', io];
const allowed: Readonly<Record<string, readonly string[]>> = {
  process: ['zeebe:VersionTag', 'zeebe:UserTaskForm'],
  message: ['zeebe:Subscription'],
  startEvent: [io, 'zeebe:FormDefinition'],
  endEvent: [...job, 'zeebe:PublishMessage'],
  intermediateThrowEvent: [...job, 'zeebe:PublishMessage'],
  intermediateCatchEvent: [io],
  boundaryEvent: [io],
  userTask: [
    io,
    'zeebe:UserTask',
    'zeebe:TaskHeaders',
    'zeebe:AssignmentDefinition',
    'zeebe:TaskSchedule',
    'zeebe:PriorityDefinition',
    'zeebe:FormDefinition',
  ],
  serviceTask: job,
  sendTask: [...job, 'zeebe:PublishMessage'],
  scriptTask: [...job, 'zeebe:Script'],
  businessRuleTask: [...job, 'zeebe:CalledDecision'],
  receiveTask: [io],
  task: [io],
  manualTask: [io],
  callActivity: [io, 'zeebe:CalledElement'],
  subProcess: [io],
  multiInstanceLoopCharacteristics: ['zeebe:LoopCharacteristics'],
};
/** Extension elements of which several are meant to stand side by side. */
const repeatable = new Set(['zeebe:UserTaskForm']);

const extensionRemedies: Readonly<Record<string, RemedyName>> = {
  'zeebe:ExecutionListeners': 'listeners',
  'zeebe:TaskListeners': 'listeners',
  'zeebe:LinkedResources': 'linkedResources',
  'zeebe:JobPriorityDefinition': 'jobPriorityDefinition',
  'zeebe:AgentDefinition': 'agentDefinition',
};

/** Namespaces whose elements and attributes steer another engine. */
const platforms: Readonly<Record<string, string>> = {
  'http://camunda.org/schema/1.0/bpmn': 'Camunda 7',
  'http://activiti.org/bpmn': 'Activiti',
  'http://activiti.com/modeler': 'Activiti',
  'http://flowable.org/bpmn': 'Flowable',
  'http://www.jboss.org/drools': 'jBPM',
  'http://www.omg.org/bpmn20/jbpm': 'jBPM',
};
/** Notes of modeling tools about themselves. */
const toolNamespaces = [
  'http://camunda.org/schema/modeler/',
  'http://bpmn.io/schema/bpmn/biocolor/',
  'http://www.omg.org/spec/BPMN/non-normative/color/',
];
const harmlessAttributes = new Set(['diagramRelationId']);

/** Properties that start with `alur.`, and where they have a meaning. */
const throws = ['sendTask', 'intermediateThrowEvent', 'endEvent'];
export const alurProperties: Readonly<Record<string, readonly string[] | 'everywhere'>> = {
  'alur.businessKey': ['process'],
  'alur.region': ['process'],
  'alur.retryBackoff': ['serviceTask', 'scriptTask', 'businessRuleTask', ...throws],
  'alur.notSameAs': ['userTask'],
  'alur.timeToLive': throws,
  'alur.messageId': throws,
  'alur.status': 'everywhere',
};

/** Checks a process, or a message it refers to, with everything inside. */
export function checkVocabulary(root: ModdleElement, log: ProblemLog): void {
  const prefixes = prefixesOf(root);
  for (const element of walk(root)) {
    checkExtensions(element, log);
    checkForeignAttributes(element, prefixes, log);
    checkAttributes(element, log);
    checkContent(element, log);
  }
}

function checkExtensions(element: ModdleElement, log: ProblemLog): void {
  const type = typeName(element);
  const owner = shownId(element);
  const known = allowed[type] ?? [];
  const seen = new Set<string>();
  for (const part of extensions(element)) {
    const uri = part.$descriptor.ns?.uri;
    if (uri !== undefined) checkForeign(part.$type, uri, owner, log);
    else if (part.$type === 'zeebe:Properties') checkProperties(part, type, owner, log);
    else if (!known.includes(part.$type)) {
      const fix = remedyFor(extensionRemedies[part.$type] ?? 'extensionElsewhere');
      log.add('EXTENSION_UNSUPPORTED', owner, { extension: tagOf(part.$type), fix });
    }
    if (uri === undefined && seen.has(part.$type) && !repeatable.has(part.$type)) {
      log.add('EXTENSION_DUPLICATE', owner, { extension: tagOf(part.$type) });
    }
    seen.add(part.$type);
  }
}

function checkForeign(name: string, uri: string, owner: string | null, log: ProblemLog): void {
  const platform = platforms[uri];
  if (platform !== undefined) log.add('PLATFORM_FOREIGN', owner, { name, platform });
  else if (!isToolNote(uri)) log.add('EXTENSION_FOREIGN', owner, { extension: name, uri });
}

const isToolNote = (uri: string): boolean => toolNamespaces.some((namespace) => uri.startsWith(namespace));

function checkProperties(holder: ModdleElement, type: string, owner: string | null, log: ProblemLog): void {
  for (const property of children(holder, 'properties')) {
    const name = filled(property, 'name') ?? '';
    if (!name.startsWith('alur.')) continue;
    const places = Object.hasOwn(alurProperties, name) ? alurProperties[name] : undefined;
    if (places === undefined || name === formReferenceProperty) {
      log.add('PROPERTY_UNKNOWN', owner, { name, known: Object.keys(alurProperties).join(', ') });
    } else if (places !== 'everywhere' && !places.includes(type)) log.add('PROPERTY_MISPLACED', owner, { name, type });
  }
}

/** Attributes of other namespaces; those in none are reported when the file is read. */
function checkForeignAttributes(element: ModdleElement, prefixes: ReadonlyMap<string, string>, log: ProblemLog): void {
  for (const name of Object.keys(element.$attrs ?? {})) {
    const [prefix, local] = name.split(':');
    if (prefix === undefined || local === undefined || harmlessAttributes.has(local)) continue;
    const uri = prefixes.get(prefix);
    const platform = uri === undefined ? undefined : platforms[uri];
    if (platform !== undefined) log.add('PLATFORM_FOREIGN', shownId(element), { name, platform });
  }
}

/** Namespace prefixes in force, from the element and those around it. */
function prefixesOf(element: ModdleElement): ReadonlyMap<string, string> {
  const prefixes = new Map<string, string>();
  for (let at: ModdleElement | undefined = element; at !== undefined; at = at.$parent) {
    for (const [name, value] of Object.entries(at.$attrs ?? {})) {
      const prefix = name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null;
      if (prefix !== null && !prefixes.has(prefix)) prefixes.set(prefix, String(value));
    }
  }
  return prefixes;
}

/** Attributes that may only have the value given here. */
const plainValues: readonly { readonly attribute: string; readonly plain: string; readonly fix: RemedyName }[] = [
  { attribute: 'isForCompensation', plain: 'false', fix: 'isForCompensation' },
  { attribute: 'instantiate', plain: 'false', fix: 'instantiate' },
  { attribute: 'eventGatewayType', plain: 'Exclusive', fix: 'eventGatewayType' },
  { attribute: 'startQuantity', plain: '1', fix: 'quantity' },
  { attribute: 'completionQuantity', plain: '1', fix: 'quantity' },
  { attribute: 'parallelMultiple', plain: 'false', fix: 'parallelMultiple' },
  { attribute: 'behavior', plain: 'All', fix: 'multiInstanceEvents' },
];

function checkAttributes(element: ModdleElement, log: ProblemLog): void {
  for (const { attribute, plain, fix } of plainValues) {
    const value = text(element, attribute);
    if (value === null || value === plain) continue;
    log.add('ATTRIBUTE_UNSUPPORTED', shownId(element), { attribute, value, fix: remedyFor(fix) });
  }
}

/** Single children with a meaning in execution that is not given to them here. */
const unsupportedChildren: readonly { readonly name: string; readonly fix: RemedyName }[] = [
  { name: 'loopCardinality', fix: 'loopCardinality' },
  { name: 'loopDataInputRef', fix: 'loopCardinality' },
  { name: 'loopDataOutputRef', fix: 'loopCardinality' },
  { name: 'oneBehaviorEventRef', fix: 'multiInstanceEvents' },
  { name: 'noneBehaviorEventRef', fix: 'multiInstanceEvents' },
  { name: 'transformation', fix: 'dataAssociation' },
];

function checkContent(element: ModdleElement, log: ProblemLog): void {
  const owner = shownId(element);
  const refuse = (content: string, fix: RemedyName): void =>
    log.add('CONTENT_UNSUPPORTED', owner, { content, type: typeName(element), fix: remedyFor(fix) });
  if (child(element, 'loopCharacteristics')?.$type === 'bpmn:StandardLoopCharacteristics') {
    refuse('standardLoopCharacteristics', 'standardLoop');
  }
  for (const { name, fix } of unsupportedChildren) if (child(element, name) !== null) refuse(name, fix);
  if (children(element, 'complexBehaviorDefinition').length > 0)
    refuse('complexBehaviorDefinition', 'multiInstanceEvents');
  if (instanceOf(element, 'bpmn:DataAssociation') && children(element, 'assignment').length > 0) {
    refuse('assignment', 'dataAssociation');
  }
  if (instanceOf(element, 'bpmn:FlowNode') || element.$type === 'bpmn:Process') {
    for (const role of children(element, 'resources')) refuse(typeName(role), 'resourceRole');
  }
}

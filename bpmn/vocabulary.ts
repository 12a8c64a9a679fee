/**
 * Pass 4: is every attribute, marker and extension element of the executable processes known here? What would change execution and is
 * not known is refused; the rest of other vendors is kept and named.
 */
import { remedyFor, type RemedyName } from './admission.ts';
import type { ProblemLog } from './context.ts';
import { tagOf } from './extensions.ts';
import { formReferenceProperty } from './forms.ts';
import { isCompensationBoundary, walk } from './graph.ts';
import { metamodel } from './metamodel.ts';
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
const listeners = 'zeebe:ExecutionListeners';
const node = [io, listeners];
const job = ['zeebe:TaskDefinition', 'zeebe:TaskHeaders', 'zeebe:JobPriorityDefinition', ...node];
const throwing = [...job, 'zeebe:PublishMessage'];
export const allowedExtensions: Readonly<Record<string, readonly string[]>> = {
  process: ['zeebe:VersionTag', 'zeebe:UserTaskForm', 'zeebe:JobPriorityDefinition', listeners],
  message: ['zeebe:Subscription'],
  startEvent: [...node, 'zeebe:FormDefinition'],
  endEvent: throwing,
  intermediateThrowEvent: throwing,
  intermediateCatchEvent: node,
  boundaryEvent: node,
  exclusiveGateway: [listeners],
  inclusiveGateway: [listeners],
  parallelGateway: [listeners],
  eventBasedGateway: [listeners],
  complexGateway: [listeners],
  userTask: [
    ...node,
    'zeebe:UserTask',
    'zeebe:TaskHeaders',
    'zeebe:TaskListeners',
    'zeebe:AssignmentDefinition',
    'zeebe:TaskSchedule',
    'zeebe:PriorityDefinition',
    'zeebe:FormDefinition',
  ],
  serviceTask: [...job, 'zeebe:LinkedResources', 'zeebe:AgentDefinition'],
  sendTask: throwing,
  scriptTask: [...job, 'zeebe:Script'],
  businessRuleTask: [...job, 'zeebe:CalledDecision'],
  receiveTask: node,
  task: node,
  manualTask: node,
  callActivity: [...node, 'zeebe:CalledElement'],
  subProcess: node,
  transaction: node,
  adHocSubProcess: [...node, 'zeebe:AdHoc', 'zeebe:AgentDefinition'],
  multiInstanceLoopCharacteristics: ['zeebe:LoopCharacteristics'],
  conditionalEventDefinition: ['zeebe:ConditionalFilter'],
};
/** Extension elements of which several are meant to stand side by side. */
const repeatable = new Set(['zeebe:UserTaskForm']);

/** What to do instead where an extension element would have a meaning but is not executed. */
const extensionRemedies: Readonly<Record<string, Readonly<Record<string, RemedyName>>>> = {
  adHocSubProcess: { 'zeebe:TaskDefinition': 'adHocJob', 'zeebe:TaskHeaders': 'adHocJob' },
};

/** Namespaces whose elements and attributes steer another engine. */
const platforms: Readonly<Record<string, string>> = {
  'http://camunda.org/schema/1.0/bpmn': 'Camunda 7',
  'http://activiti.org/bpmn': 'Activiti',
  'http://activiti.com/modeler': 'Activiti',
  'http://flowable.org/bpmn': 'Flowable',
  'http://operaton.org/schema/1.0/bpmn': 'Operaton',
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
  'alur.implicitStart': ['process'],
  'alur.compensationOrder': ['process', 'subProcess', 'transaction', 'adHocSubProcess'],
  'alur.calledVersion': ['callActivity'],
  'alur.retryBackoff': ['serviceTask', 'scriptTask', 'businessRuleTask', ...throws],
  'alur.notSameAs': ['userTask'],
  'alur.notUsers': ['userTask'],
  'alur.timeToLive': throws,
  'alur.messageId': throws,
  'alur.status': 'everywhere',
  'alur.uniqueBusinessKey': ['process'],
  'alur.decisionDate': ['businessRuleTask'],
  'alur.lateMessage': ['userTask'],
};

/** Checks a process, or something it refers to such as a message, with everything inside. */
export function checkVocabulary(root: ModdleElement, log: ProblemLog): void {
  const prefixes = prefixesOf(root);
  for (const element of walk(root)) {
    checkExtensions(element, log);
    checkForeignAttributes(element, prefixes, log);
    checkFates(element, log);
    for (const part of extensions(element)) checkFates(part, log);
  }
}

function checkExtensions(element: ModdleElement, log: ProblemLog): void {
  const type = typeName(element);
  const owner = shownId(element);
  const known = isCompensationBoundary(element) ? [] : (allowedExtensions[type] ?? []);
  const seen = new Set<string>();
  for (const part of extensions(element)) {
    const uri = part.$descriptor.ns?.uri;
    if (uri !== undefined) checkForeign(part.$type, uri, owner, log);
    else if (part.$type === 'zeebe:Properties') checkProperties(part, type, owner, log);
    else if (!known.includes(part.$type)) {
      const fix = remedyFor(extensionRemedies[type]?.[part.$type] ?? 'extensionElsewhere');
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

/** What the metamodel refuses or has something to say about. */
function checkFates(element: ModdleElement, log: ProblemLog): void {
  const owner = shownId(element);
  for (const [type, { noted = {}, rejected = {} }] of fates) {
    if (!instanceOf(element, type)) continue;
    for (const [name, note] of Object.entries(noted)) {
      for (const content of given(element, name)) log.add('CONTENT_SHOWN', owner, { content, note: remedyFor(note) });
    }
    for (const [name, { plain, fix }] of Object.entries(rejected)) {
      const value = text(element, name);
      if (value !== null && value !== plain) {
        log.add('ATTRIBUTE_UNSUPPORTED', owner, { attribute: name, value, fix: remedyFor(fix) });
      } else if (value === null && given(element, name).length > 0) {
        log.add('CONTENT_UNSUPPORTED', owner, { content: name, type: typeName(element), fix: remedyFor(fix) });
      }
    }
  }
}
const fates = Object.entries(metamodel).filter(([, fate]) => fate.noted !== undefined || fate.rejected !== undefined);

/** What stands under a name: the names of the children, or that of the attribute itself. */
function given(element: ModdleElement, name: string): readonly string[] {
  const many = children(element, name).map(typeName);
  if (many.length > 0) return many;
  return child(element, name) !== null || text(element, name) !== null ? [name] : [];
}

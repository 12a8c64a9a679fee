/**
 * BPMN XML → process models, when a definition is published. Passes: 1 read the text, 2 draw each process's flow graph, 3 list every
 * element, 4 check the vocabulary, 5 transform elements, 6 bind decisions, 7 check the rules, 8 report. No pass stops at the first
 * problem: everything that is wrong is reported at once.
 */
import { boundDecisionId } from '#engine/decisions.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Expression, FlowNode, ProcessModel, SequenceFlow } from '#engine/model.ts';
import { isError, remedyFor, reportOf, type AdmissionReport } from './admission.ts';
import { ProblemLog, type ElementContext, type RuleContext } from './context.ts';
import { literal, optional } from './expression.ts';
import { propertiesOf } from './extensions.ts';
import { formalExpression } from './formal-expression.ts';
import { embeddedForms, type FormSource } from './forms.ts';
import { graphOf, type GraphFlow, type ProcessGraph } from './graph.ts';
import { inventoryOf } from './inventory.ts';
import {
  child,
  children,
  contained,
  documentationOf,
  extension,
  filled,
  flag,
  idOf,
  nameOf,
  type ModdleElement,
} from './moddle.ts';
import { executionListenersOf } from './listeners.ts';
import { parseBpmn } from './parse.ts';
import { rules } from './rules/registry.ts';
import { eventSubProcessesOf, implicitStartProperty, nodesIn, startElementsOfProcess } from './scopes.ts';
import { transformers, unsupported } from './transformers/registry.ts';
import { checkVocabulary } from './vocabulary.ts';

export interface CompileOptions {
  /** File name, for the report. */
  readonly resourceName?: string;
  /** Decisions that business rule tasks may call, by decision id. */
  readonly decisions?: Readonly<Record<string, DecisionModel>>;
  /** Of those that take effect on a day, every version that may decide. */
  readonly decisionVersions?: Readonly<Record<string, readonly DecisionModel[]>>;
  /** Those of them that are published together with this file; absent: all. */
  readonly boundDecisionIds?: readonly string[];
  /** Forms published together with this file, see TransformContext; absent: references to them are not checked. */
  readonly boundForms?: ReadonlyMap<string, string>;
}
export type Compilation =
  | {
      readonly ok: true;
      readonly processes: readonly ProcessModel[];
      /** Forms embedded in the processes (zeebe:userTaskForm). */
      readonly forms: readonly FormSource[];
      readonly report: AdmissionReport;
    }
  | {
      readonly ok: false;
      /** What could be read of the processes: to look for further faults in, never to be run. */
      readonly drafts: readonly ProcessModel[];
      readonly report: AdmissionReport;
    };

export async function compile(xml: string, options: CompileOptions = {}): Promise<Compilation> {
  const resourceName = options.resourceName ?? null;
  const parsed = await parseBpmn(xml);
  if (!parsed.ok) return { ok: false, drafts: [], report: reportOf(resourceName, [], parsed.problems) };
  const { definitions } = parsed;
  const log = new ProblemLog(parsed.lines, parsed.problems);
  const executable = executableProcesses(definitions, log);
  const items = inventoryOf(definitions, new Set(executable));
  checkBeside(definitions, executable, log);
  const processes = executable.map((process) => compileProcess(process, options, log));
  const forms = executable.flatMap((process) => formsOf(process, log));
  const report = reportOf(resourceName, items, log.problems);
  if (log.problems.some(isError)) return { ok: false, drafts: processes, report };
  return { ok: true, processes, forms, report };
}

function executableProcesses(definitions: ModdleElement, log: ProblemLog): readonly ModdleElement[] {
  const processes = children(definitions, 'rootElements').filter((root) => root.$type === 'bpmn:Process');
  const executable = processes.filter((process) => flag(process, 'isExecutable', false));
  if (executable.length === 0) log.add('NO_EXECUTABLE_PROCESS', null);
  for (const process of executable) if (idOf(process) === null) log.add('MISSING_ID', null, { type: 'process' });
  return executable;
}

function formsOf(process: ModdleElement, log: ProblemLog): readonly FormSource[] {
  const found: FormSource[] = [];
  for (const { formId, schema, problems } of embeddedForms(process)) {
    for (const { code, values } of problems) log.add(code, idOf(process), values);
    if (schema !== null) found.push({ formId, schema });
  }
  return found;
}

const referenced = new Set(['bpmn:Message', 'bpmn:Signal', 'bpmn:Error', 'bpmn:Escalation', 'bpmn:Extension']);

/** What stands beside the processes and is referred to by them is checked once the file is executed at all. */
function checkBeside(definitions: ModdleElement, executable: readonly ModdleElement[], log: ProblemLog): void {
  if (executable.length === 0) return;
  for (const part of contained(definitions)) if (referenced.has(part.$type)) checkVocabulary(part, log);
}

function compileProcess(
  process: ModdleElement,
  { decisions = {}, decisionVersions = {}, boundDecisionIds = Object.keys(decisions), boundForms }: CompileOptions,
  log: ProblemLog,
): ProcessModel {
  const graph = graphOf(process);
  checkVocabulary(process, log);
  const nodes = transform(graph, boundForms ?? null, log);
  const flows = Object.fromEntries(graph.flows.map((flow) => [flow.id, sequenceFlowOf(flow, log)]));
  const context: RuleContext = { graph, nodes, log, decisions, boundDecisionIds: new Set(boundDecisionIds) };
  for (const rule of rules) rule(context);
  const own: ElementContext = { log, node: { id: graph.processId, type: 'process' } };
  const properties = propertiesOf(process, own);
  const versionTag = extension(process, 'zeebe:VersionTag');
  return {
    format: 2,
    processId: graph.processId,
    name: nameOf(process),
    documentation: documentationOf(process),
    versionTag: versionTag === null ? null : filled(versionTag, 'value'),
    properties,
    businessKey: processExpression(properties, 'alur.businessKey', graph, log),
    region: processExpression(properties, 'alur.region', graph, log),
    listeners: executionListenersOf(process, own),
    nodes,
    flows,
    startElements: startElementsOfProcess(graph, properties[implicitStartProperty] === 'true'),
    eventSubProcesses: eventSubProcessesOf(nodesIn(graph, null)),
    ...boundDecisions(nodes, decisions, decisionVersions),
  };
}

function transform(
  graph: ProcessGraph,
  boundForms: ReadonlyMap<string, string> | null,
  log: ProblemLog,
): Readonly<Record<string, FlowNode>> {
  const nodes = new Map<string, FlowNode>();
  for (const node of graph.nodes.values()) {
    const transformer = transformers[node.element.$type];
    if (transformer === undefined) {
      const fix = remedyFor(unsupported[node.element.$type] ?? 'extensionElsewhere');
      log.add('ELEMENT_UNSUPPORTED', node.id, { type: node.type, fix });
      continue;
    }
    const compiled = transformer(node.element, { graph, node, log, boundForms });
    if (compiled !== null) nodes.set(node.id, compiled);
  }
  return Object.fromEntries(nodes);
}

function sequenceFlowOf(flow: GraphFlow, log: ProblemLog): SequenceFlow {
  return {
    id: flow.id,
    name: flow.link ? null : nameOf(flow.element),
    source: flow.source.id,
    target: flow.target.id,
    condition: formalExpression(child(flow.element, 'conditionExpression'), {
      log,
      elementId: flow.id,
      property: 'conditionExpression',
    }),
    ...(flow.link ? { link: true } : {}),
  };
}

function processExpression(
  properties: Readonly<Record<string, string>>,
  property: string,
  graph: ProcessGraph,
  log: ProblemLog,
): Expression | null {
  return optional(properties[property] ?? null, { log, elementId: graph.processId, property });
}

/** The decisions a process calls; all that are known when one of its tasks names its decision by an expression. */
function boundDecisions(
  nodes: Readonly<Record<string, FlowNode>>,
  decisions: Readonly<Record<string, DecisionModel>>,
  versions: Readonly<Record<string, readonly DecisionModel[]>>,
): Pick<ProcessModel, 'decisions' | 'decisionVersions'> {
  const called = new Set<string>();
  for (const node of Object.values(nodes)) {
    if (node.type !== 'businessRuleTask' || node.rule.kind !== 'decision') continue;
    const decision = literal(node.rule.decisionId);
    if (decision === null) for (const id of Object.keys(decisions)) called.add(id);
    else called.add(boundDecisionId(decision, node.rule.versionTag));
  }
  const among = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(all).filter(([id]) => called.has(id)));
  const decisionVersions = among(versions);
  return {
    decisions: among(decisions),
    ...(Object.keys(decisionVersions).length === 0 ? {} : { decisionVersions }),
  };
}

/** Decision requirements graph → DecisionModels, each self-contained. DMN 1.5 clause 6. */
import { allFiles, keyOf, referred, type DmnFile, type Referred } from './dmn-files.ts';
import { boxed, functionDefinition } from './dmn-logic.ts';
import { childOf, childrenOf, kindOf, textOf, type DmnElement } from './dmn-metamodel.ts';
import { decisionProblem } from './dmn-problems.ts';
import { declaredType, shapeOf } from './dmn-types.ts';
import { versionOf } from './dmn-version.ts';
import type { NameShape } from './feel.ts';
import type { FeelNode, FeelType } from '#engine/feel/ast.ts';
import type { DecisionFunction, DecisionInput, DecisionModel, DecisionNode } from '#engine/dmn/model.ts';
import { limits } from '#engine/limits.ts';

export interface CompiledGraph {
  /** The file's own decisions, not those it imports. */
  readonly decisions: readonly DecisionModel[];
  /** Its decision services and business knowledge models, each as a decision that calls it with inputs named like its parameters. */
  readonly invocables: readonly DecisionModel[];
}

interface Graph {
  readonly nodes: Map<string, DecisionNode>;
  readonly functions: Map<string, DecisionFunction>;
  /** Where each key came from. */
  readonly origins: Map<string, { readonly element: DmnElement; readonly file: DmnFile }>;
}

export function compileGraph(home: DmnFile): CompiledGraph {
  const graph: Graph = { nodes: new Map(), functions: new Map(), origins: new Map() };
  for (const file of allFiles(home)) {
    for (const element of file.elements) addElement(graph, element, file);
  }
  if (hasCycle(graph, home)) return { decisions: [], invocables: [] };
  const model = (node: DecisionNode): DecisionModel => ({
    format: 1,
    id: node.id,
    name: node.name,
    ...versionOf(graph.origins.get(node.id)?.element, home),
    ...reachable(node, graph),
  });
  const own = home.elements.map(keyOf);
  return {
    decisions: own.flatMap((key) => graph.nodes.get(key) ?? []).map(model),
    invocables: own.flatMap((key) => callOf(key, graph) ?? []).map(model),
  };
}

function addElement(graph: Graph, element: DmnElement, file: DmnFile): void {
  const key = file.prefix + keyOf(element);
  graph.origins.set(key, { element, file });
  const kind = kindOf(element);
  if (kind === 'Decision') graph.nodes.set(key, decisionNode(element, key, file));
  else if (kind === 'BusinessKnowledgeModel') graph.functions.set(key, knowledge(element, file));
  else if (kind === 'DecisionService') graph.functions.set(key, service(element, file));
}

const variableOf = (element: DmnElement): string =>
  textOf(childOf(element, 'variable') ?? element, 'name') ?? textOf(element, 'name') ?? keyOf(element);
const typeOf = ({ element, file }: Pick<Referred, 'element' | 'file'>): FeelType | null =>
  declaredType(childOf(element, 'variable'), file.book);
const requirements = (element: DmnElement, list: string, property: string): (DmnElement | null)[] =>
  childrenOf(element, list).map((requirement) => childOf(requirement, property));
const knowledgeOf = (element: DmnElement, file: DmnFile): Referred[] =>
  referred(element, requirements(element, 'knowledgeRequirement', 'requiredKnowledge'), file);

function inputOf(of: Referred): DecisionInput {
  const input = { name: variableOf(of.element), type: typeOf(of) };
  return of.qualifier === '' ? input : { ...input, qualifier: of.qualifier };
}

/** Names in scope with the names of their entries; imported ones below the name of their import. */
function namesOf(required: readonly Referred[]): NameShape {
  const names: Record<string, NameShape | null> = {};
  for (const of of required) {
    const name = variableOf(of.element);
    const isFunction = kindOf(of.element) === 'BusinessKnowledgeModel' || kindOf(of.element) === 'DecisionService';
    const shape = isFunction ? null : shapeOf(typeOf(of));
    if (of.qualifier === '') names[name] = shape;
    else names[of.qualifier] = { ...names[of.qualifier], [name]: shape };
  }
  return names;
}
function qualifiersOf(required: readonly Referred[]): Pick<DecisionNode, 'qualifiers'> {
  const qualified = required.filter(({ qualifier }) => qualifier !== '');
  return qualified.length === 0
    ? {}
    : { qualifiers: Object.fromEntries(qualified.map(({ key, qualifier }) => [key, qualifier])) };
}

function decisionNode(element: DmnElement, key: string, file: DmnFile): DecisionNode {
  const decisions = referred(element, requirements(element, 'informationRequirement', 'requiredDecision'), file);
  const inputs = referred(element, requirements(element, 'informationRequirement', 'requiredInput'), file);
  const functions = knowledgeOf(element, file);
  const names = namesOf([...functions, ...inputs, ...decisions]);
  return {
    id: key,
    name: textOf(element, 'name'),
    variable: variableOf(element),
    logic: logicOf(element, names, file),
    type: declaredType(childOf(element, 'variable'), file.book),
    inputs: inputs.map(inputOf),
    requiredDecisions: decisions.map((decision) => decision.key),
    requiredFunctions: functions.map((model) => model.key),
    ...qualifiersOf([...decisions, ...functions]),
  };
}

function logicOf(element: DmnElement, names: NameShape, file: DmnFile): FeelNode {
  const expression = childOf(element, 'decisionLogic');
  if (expression !== null) return boxed(expression, element, { book: file.book, names });
  file.book.problems.push(decisionProblem('DMN_UNDECIDED', element));
  return { type: 'unsupported', reason: `decision '${textOf(element, 'name') ?? ''}' has no logic` };
}

function knowledge(element: DmnElement, file: DmnFile): DecisionFunction {
  const required = knowledgeOf(element, file);
  const names = { ...namesOf(required), [variableOf(element)]: null };
  const definition = childOf(element, 'encapsulatedLogic');
  if (definition === null) file.book.problems.push(decisionProblem('DMN_MISSING_LOGIC', element));
  const logic =
    definition === null ? ({ type: 'null' } as const) : functionDefinition(definition, { book: file.book, names });
  const declared = declaredType(childOf(element, 'variable'), file.book);
  // the variable's type is the function's, or, as many tools write it, that of its results
  const result = declared?.kind === 'function' ? declared.result : declared;
  return {
    kind: 'knowledge',
    name: variableOf(element),
    logic: logic.type === 'function' && result !== null ? { ...logic, result } : logic,
    requiredFunctions: required.map((model) => model.key),
    ...qualifiersOf(required),
  };
}

function service(element: DmnElement, file: DmnFile): DecisionFunction {
  const outputs = referred(element, childrenOf(element, 'outputDecision'), file);
  const inputDecisions = referred(element, childrenOf(element, 'inputDecision'), file);
  const inputs = referred(element, childrenOf(element, 'inputData'), file);
  const declared = declaredType(childOf(element, 'variable'), file.book);
  return {
    kind: 'service',
    name: variableOf(element),
    params: [...inputs, ...inputDecisions].map((of) => ({ name: variableOf(of.element), type: typeOf(of) })),
    outputDecisions: outputs.map((decision) => decision.key),
    inputDecisions: inputDecisions.map((decision) => decision.key),
    type: declared?.kind === 'function' ? declared.result : declared,
  };
}

/** A decision whose logic is to call a function of the file with inputs of the same names. */
function callOf(key: string, graph: Graph): DecisionNode | null {
  const called = graph.functions.get(key);
  if (called === undefined) return null;
  const params = called.kind === 'service' ? called.params : parametersOf(called.logic);
  return {
    id: key,
    name: called.name,
    variable: called.name,
    logic: {
      type: 'call',
      target: { type: 'name', name: called.name },
      names: null,
      args: params.map(({ name }) => ({ type: 'name', name })),
    },
    type: null,
    inputs: params,
    requiredDecisions: [],
    requiredFunctions: [key],
  };
}
const parametersOf = (logic: FeelNode): readonly DecisionInput[] => (logic.type === 'function' ? logic.params : []);

/** Cycles of decisions are errors; business knowledge models may call themselves. */
function hasCycle({ nodes, functions, origins }: Graph, home: DmnFile): boolean {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (key: string): boolean => {
    if (done.has(key)) return false;
    if (path.includes(key) || path.length > limits.feelDepth) {
      const element = origins.get(key)?.element ?? null;
      home.book.problems.push(decisionProblem('DMN_CYCLE', element, { detail: [...path.slice(-5), key].join(' → ') }));
      return true;
    }
    path.push(key);
    const node = nodes.get(key);
    const inServices = (node?.requiredFunctions ?? []).flatMap((required) => {
      const called = functions.get(required);
      return called?.kind === 'service' ? called.outputDecisions : [];
    });
    const found = [...(node?.requiredDecisions ?? []), ...inServices].some(visit);
    path.pop();
    done.add(key);
    return found;
  };
  return [...nodes.keys()].some(visit);
}

/** A decision with everything it requires, directly or not. */
function reachable(start: DecisionNode, graph: Graph): Pick<DecisionModel, 'nodes' | 'functions'> {
  const nodes: Record<string, DecisionNode> = {};
  const functions: Record<string, DecisionFunction> = {};
  const follow = (node: DecisionNode): void => {
    nodes[node.id] = node;
    for (const key of node.requiredDecisions) addNode(key);
    for (const key of node.requiredFunctions) addFunction(key);
  };
  const addNode = (key: string): void => {
    const node = graph.nodes.get(key);
    if (node !== undefined && !Object.hasOwn(nodes, key)) follow(node);
  };
  const addFunction = (key: string): void => {
    const found = graph.functions.get(key);
    if (found === undefined || Object.hasOwn(functions, key)) return;
    functions[key] = found;
    if (found.kind === 'knowledge') for (const required of found.requiredFunctions) addFunction(required);
    else for (const required of [...found.outputDecisions, ...found.inputDecisions]) addNode(required);
  };
  follow(start);
  return { nodes, functions };
}

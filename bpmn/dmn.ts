/** DMN XML → DecisionModels, one per decision of the file. Runs when a definition is published. */
import { childOf, childrenOf, kindOf, readDmn, textOf, type DmnElement } from './dmn-metamodel.ts';
import { boxed, functionDefinition } from './dmn-logic.ts';
import { decisionProblem, textProblem, type DecisionProblem } from './dmn-problems.ts';
import { declaredType, readTypes, shapeOf, type TypeBook } from './dmn-types.ts';
import { limits } from './limits.ts';
import { scan } from './scan.ts';
import type { NameShape } from './feel.ts';
import type { FeelNode } from '#engine/feel/ast.ts';
import type { DecisionFunction, DecisionInput, DecisionModel, DecisionNode } from '#engine/dmn/model.ts';
import { limits as engineLimits } from '#engine/limits.ts';

export type DecisionOutcome =
  | { readonly ok: true; readonly decisions: readonly DecisionModel[]; readonly problems: readonly DecisionProblem[] }
  | { readonly ok: false; readonly problems: readonly DecisionProblem[] };

/** Content of the diagram or of a vendor, which decides nothing. */
const diagramContent = /unparsable content <(?:dmndi|di|dc|biodi):|unknown attribute/;

/** All decisions of a file. Not ok: something is malformed or not supported; every such place is listed. Never throws. */
export async function parseDecisions(xml: string): Promise<DecisionOutcome> {
  const scanned = scan(xml);
  if (!scanned.ok) {
    const { code, line, detail } = scanned.problem;
    return { ok: false, problems: [textProblem(code, line, detail, limits.sourceBytes)] };
  }
  const tree = await readDmn(xml);
  if (!tree.ok) return { ok: false, problems: [decisionProblem('DMN_MALFORMED', null, { detail: tree.message })] };
  const problems = tree.warnings
    .filter((warning) => !/unresolved reference/.test(warning))
    .map((warning) =>
      decisionProblem(diagramContent.test(warning) ? 'DMN_CONTENT_UNKNOWN' : 'DMN_MALFORMED', null, {
        detail: warning,
      }),
    );
  const decisions = compile(tree.definitions, problems);
  const placed = problems.map((problem) =>
    problem.elementId === null ? problem : { ...problem, line: scanned.lines.get(problem.elementId) ?? null },
  );
  return problems.some((problem) => problem.severity === 'error')
    ? { ok: false, problems: placed }
    : { ok: true, decisions, problems: placed };
}

interface File {
  readonly byId: ReadonlyMap<string, DmnElement>;
  readonly book: TypeBook;
}

function compile(definitions: DmnElement, problems: DecisionProblem[]): DecisionModel[] {
  for (const imported of childrenOf(definitions, 'import'))
    problems.push(decisionProblem('DMN_UNSUPPORTED', imported, { detail: 'import' }));
  const elements = childrenOf(definitions, 'drgElement');
  const file: File = {
    byId: new Map(elements.map((element) => [keyOf(element), element])),
    book: readTypes(definitions, problems),
  };
  const nodes = new Map<string, DecisionNode>();
  const functions = new Map<string, DecisionFunction>();
  for (const element of elements) {
    const kind = kindOf(element);
    if (kind === 'Decision') nodes.set(keyOf(element), decisionNode(element, file));
    else if (kind === 'BusinessKnowledgeModel') functions.set(variableOf(element), knowledge(element, file));
    else if (kind === 'DecisionService') functions.set(variableOf(element), service(element, file));
  }
  if (hasCycle(nodes, functions, file)) return [];
  return [...nodes.values()].map((node) => ({
    format: 1,
    id: node.id,
    name: node.name,
    ...reachable(node, nodes, functions),
  }));
}

/** Elements without an id go by their name. */
const keyOf = (element: DmnElement): string => element.id ?? textOf(element, 'name') ?? '';
const variableOf = (element: DmnElement): string =>
  textOf(childOf(element, 'variable') ?? element, 'name') ?? textOf(element, 'name') ?? keyOf(element);

/** The elements that requirements or references of one kind lead to; broken ones are reported. */
function referred(element: DmnElement, references: readonly (DmnElement | null)[], file: File): DmnElement[] {
  return references.flatMap((reference) => {
    const href = reference === null ? null : textOf(reference, 'href');
    if (href === null) return [];
    const found = file.byId.get(href.slice(href.indexOf('#') + 1));
    if (found === undefined)
      file.book.problems.push(decisionProblem('DMN_BROKEN_REFERENCE', element, { detail: href }));
    return found === undefined ? [] : [found];
  });
}
const requirements = (element: DmnElement, list: string, property: string): (DmnElement | null)[] =>
  childrenOf(element, list).map((requirement) => childOf(requirement, property));

const inputOf = (element: DmnElement, file: File): DecisionInput => ({
  name: variableOf(element),
  type: declaredType(childOf(element, 'variable'), file.book),
});
const knowledgeOf = (element: DmnElement, file: File): DmnElement[] =>
  referred(element, requirements(element, 'knowledgeRequirement', 'requiredKnowledge'), file);

function decisionNode(element: DmnElement, file: File): DecisionNode {
  const required = referred(element, requirements(element, 'informationRequirement', 'requiredDecision'), file);
  const inputs = referred(element, requirements(element, 'informationRequirement', 'requiredInput'), file).map(
    (input) => inputOf(input, file),
  );
  const knowledge = knowledgeOf(element, file);
  const names: Record<string, NameShape | null> = {};
  for (const input of inputs) names[input.name] = shapeOf(input.type);
  for (const decision of required)
    names[variableOf(decision)] = shapeOf(declaredType(childOf(decision, 'variable'), file.book));
  for (const model of knowledge) names[variableOf(model)] = null;
  return {
    id: keyOf(element),
    name: textOf(element, 'name'),
    variable: variableOf(element),
    logic: logicOf(element, names, file),
    type: declaredType(childOf(element, 'variable'), file.book),
    inputs,
    requiredDecisions: required.map((decision) => keyOf(decision)),
    requiredFunctions: knowledge.map(variableOf),
  };
}

function logicOf(element: DmnElement, names: NameShape, file: File): FeelNode {
  const expression = childOf(element, 'decisionLogic');
  if (expression !== null) return boxed(expression, element, { book: file.book, names });
  file.book.problems.push(decisionProblem('DMN_UNDECIDED', element));
  return { type: 'null' };
}

function knowledge(element: DmnElement, file: File): DecisionFunction {
  const required = knowledgeOf(element, file);
  const names = Object.fromEntries([element, ...required].map((model) => [variableOf(model), null]));
  const definition = childOf(element, 'encapsulatedLogic');
  if (definition === null) file.book.problems.push(decisionProblem('DMN_MISSING_LOGIC', element));
  const logic =
    definition === null ? ({ type: 'null' } as const) : functionDefinition(definition, { book: file.book, names });
  const result = declaredType(childOf(element, 'variable'), file.book);
  const typed =
    logic.type === 'function' && result !== null && result.kind !== 'function' ? { ...logic, result } : logic;
  return { kind: 'knowledge', name: variableOf(element), logic: typed, requiredFunctions: required.map(variableOf) };
}

function service(element: DmnElement, file: File): DecisionFunction {
  const outputs = referred(element, childrenOf(element, 'outputDecision'), file);
  const inputDecisions = referred(element, childrenOf(element, 'inputDecision'), file);
  const inputs = referred(element, childrenOf(element, 'inputData'), file);
  return {
    kind: 'service',
    name: variableOf(element),
    params: [...inputs, ...inputDecisions].map((input) => inputOf(input, file)),
    outputDecisions: outputs.map((decision) => keyOf(decision)),
    inputDecisions: inputDecisions.map((decision) => keyOf(decision)),
    type: declaredType(childOf(element, 'variable'), file.book),
  };
}

/** Cycles of decisions are errors; business knowledge models may call themselves. */
function hasCycle(
  nodes: ReadonlyMap<string, DecisionNode>,
  functions: ReadonlyMap<string, DecisionFunction>,
  file: File,
): boolean {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): boolean => {
    if (done.has(id)) return false;
    if (path.includes(id) || path.length > engineLimits.feelDepth) {
      file.book.problems.push(
        decisionProblem('DMN_CYCLE', file.byId.get(id) ?? null, { detail: [...path.slice(-5), id].join(' → ') }),
      );
      return true;
    }
    path.push(id);
    const node = nodes.get(id);
    const inServices = (node?.requiredFunctions ?? []).flatMap((name) => {
      const called = functions.get(name);
      return called?.kind === 'service' ? called.outputDecisions : [];
    });
    const found = [...(node?.requiredDecisions ?? []), ...inServices].some(visit);
    path.pop();
    done.add(id);
    return found;
  };
  return [...nodes.keys()].some(visit);
}

/** A decision with everything it requires, directly or not. */
function reachable(
  start: DecisionNode,
  nodes: ReadonlyMap<string, DecisionNode>,
  functions: ReadonlyMap<string, DecisionFunction>,
): Pick<DecisionModel, 'nodes' | 'functions'> {
  const foundNodes: Record<string, DecisionNode> = {};
  const foundFunctions: Record<string, DecisionFunction> = {};
  const addNode = (id: string): void => {
    const node = nodes.get(id);
    if (node === undefined || Object.hasOwn(foundNodes, id)) return;
    foundNodes[id] = node;
    for (const required of node.requiredDecisions) addNode(required);
    for (const name of node.requiredFunctions) addFunction(name);
  };
  const addFunction = (name: string): void => {
    const found = functions.get(name);
    if (found === undefined || Object.hasOwn(foundFunctions, name)) return;
    foundFunctions[name] = found;
    if (found.kind === 'knowledge') for (const required of found.requiredFunctions) addFunction(required);
    else for (const id of [...found.outputDecisions, ...found.inputDecisions]) addNode(id);
  };
  addNode(start.id);
  return { nodes: foundNodes, functions: foundFunctions };
}

/** Boxed expressions of DMN → FeelNode. DMN 1.5 §7.3, clause 8. */
import { childOf, childrenOf, kindOf, textOf, type DmnElement } from './dmn-metamodel.ts';
import { decisionProblem, type DecisionProblemCode } from './dmn-problems.ts';
import { convertTo, declaredType, shapeOf, type TypeBook } from './dmn-types.ts';
import { parseExpression, parseUnaryTests, type NameShape, type ParseResult } from './feel.ts';
import type {
  Aggregation,
  DecisionTable,
  FeelEntry,
  FeelNode,
  FeelParameter,
  HitPolicy,
  TableRule,
} from '#engine/feel/ast.ts';

interface Scope {
  readonly book: TypeBook;
  readonly names: NameShape;
}

const nothing: FeelNode = { type: 'null' };

function refuse(
  scope: Scope,
  code: DecisionProblemCode,
  element: DmnElement,
  values: Readonly<Record<string, string | number>> = {},
): FeelNode {
  scope.book.problems.push(decisionProblem(code, element, values));
  return nothing;
}

/** Any boxed expression; null logic and unsupported kinds are reported and become null. */
export function boxed(expression: DmnElement | null, owner: DmnElement, scope: Scope): FeelNode {
  if (expression === null) return refuse(scope, 'DMN_MISSING_LOGIC', owner);
  const converter = converters[kindOf(expression)];
  if (converter === undefined) return refuse(scope, 'DMN_UNSUPPORTED', expression, { detail: kindOf(expression) });
  return convertTo(converter(expression, scope), declaredType(expression, scope.book));
}

type Convert = (expression: DmnElement, scope: Scope) => FeelNode;

const converters: Readonly<Record<string, Convert>> = {
  LiteralExpression: literalExpression,
  DecisionTable: (expression, scope) => ({ type: 'table', table: decisionTable(expression, scope) }),
  Context: context,
  Invocation: (expression, scope) => {
    const bindings = childrenOf(expression, 'binding');
    return {
      type: 'call',
      target: boxed(childOf(expression, 'calledFunction'), expression, scope),
      names: bindings.map((binding) => textOf(childOf(binding, 'parameter') ?? binding, 'name') ?? ''),
      args: bindings.map((binding) => boxed(childOf(binding, 'bindingFormula'), expression, scope)),
    };
  },
  FunctionDefinition: functionDefinition,
  List: (expression, scope) => ({
    type: 'list',
    items: childrenOf(expression, 'elements').map((item) => boxed(item, expression, scope)),
  }),
  Relation: (expression, scope) => {
    const columns = childrenOf(expression, 'column').map((column) => textOf(column, 'name') ?? '');
    const items = childrenOf(expression, 'row').map((row): FeelNode => {
      const cells = childrenOf(row, 'elements').map((cell) => boxed(cell, expression, scope));
      return { type: 'context', entries: columns.map((key, index) => ({ key, value: cells[index] ?? nothing })) };
    });
    return { type: 'list', items };
  },
  Conditional: (expression, scope) => ({
    type: 'if',
    condition: part(expression, 'if', scope),
    whenTrue: part(expression, 'then', scope),
    otherwise: part(expression, 'else', scope),
  }),
  For: (expression, scope) => {
    const [name, inner] = iteration(expression, scope, ['partial']);
    return {
      type: 'for',
      iterators: [{ name, source: part(expression, 'in', scope), end: null }],
      body: part(expression, 'return', inner),
    };
  },
  Some: (expression, scope) => quantified(expression, scope, false),
  Every: (expression, scope) => quantified(expression, scope, true),
  Filter: (expression, scope) => {
    const inner: Scope = { ...scope, names: { ...scope.names, item: null } };
    return { type: 'filter', target: part(expression, 'in', scope), condition: part(expression, 'match', inner) };
  },
};

function part(expression: DmnElement, property: string, scope: Scope): FeelNode {
  const wrapper = childOf(expression, property);
  const value = boxed(wrapper === null ? null : childOf(wrapper, 'value'), expression, scope);
  return convertTo(value, declaredType(wrapper, scope.book));
}
function iteration(expression: DmnElement, scope: Scope, extra: readonly string[] = []): [string, Scope] {
  const name = textOf(expression, 'iteratorVariable') ?? '';
  const names = Object.fromEntries([name, ...extra].map((known) => [known, null]));
  return [name, { ...scope, names: { ...scope.names, ...names } }];
}
function quantified(expression: DmnElement, scope: Scope, every: boolean): FeelNode {
  const [name, inner] = iteration(expression, scope);
  const source = part(expression, 'in', scope);
  return {
    type: 'quantified',
    every,
    iterators: [{ name, source, end: null }],
    body: part(expression, 'satisfies', inner),
  };
}

const feelNames = /^(?:feel|.*\/FEEL\/?)$/i;

function literalExpression(expression: DmnElement, scope: Scope): FeelNode {
  const language = textOf(expression, 'expressionLanguage');
  if (language !== null && language !== '' && !feelNames.test(language)) {
    return refuse(scope, 'DMN_UNSUPPORTED', expression, { detail: language });
  }
  if (childOf(expression, 'importedValues') !== null)
    return refuse(scope, 'DMN_UNSUPPORTED', expression, { detail: 'importedValues' });
  const source = textOf(expression, 'text') ?? '';
  return parsed(expression, source, parseExpression(source, { names: scope.names, types: scope.book.types }), scope);
}
function unaryTests(element: DmnElement | null, scope: Scope): FeelNode | null {
  const source = element === null ? '' : (textOf(element, 'text') ?? '');
  if (element === null || source.trim() === '') return null;
  return parsed(element, source, parseUnaryTests(source, { names: scope.names, types: scope.book.types }), scope);
}
function parsed(element: DmnElement, source: string, result: ParseResult, scope: Scope): FeelNode {
  if (result.ok) return result.ast;
  return refuse(scope, 'DMN_FEEL_SYNTAX', element, { source, position: result.position, detail: result.message });
}

function context(expression: DmnElement, scope: Scope): FeelNode {
  const entries: FeelEntry[] = [];
  let inner = scope;
  let result: FeelNode | undefined;
  for (const entry of childrenOf(expression, 'contextEntry')) {
    const variable = childOf(entry, 'variable');
    const type = declaredType(variable, scope.book);
    const value = convertTo(boxed(childOf(entry, 'value'), entry, inner), type);
    const key = variable === null ? null : textOf(variable, 'name');
    if (key === null) result = value;
    else {
      entries.push({ key, value });
      inner = { ...inner, names: { ...inner.names, [key]: shapeOf(type) } };
    }
  }
  return result === undefined ? { type: 'context', entries } : { type: 'context', entries, result };
}

export function functionDefinition(expression: DmnElement, scope: Scope): FeelNode {
  const kind = textOf(expression, 'kind');
  const params = childrenOf(expression, 'formalParameter').map((param): FeelParameter => ({
    name: textOf(param, 'name') ?? '',
    type: declaredType(param, scope.book),
  }));
  if (kind !== null && kind !== 'FEEL') {
    refuse(scope, 'DMN_EXTERNAL_FUNCTION', expression, { detail: kind });
    return {
      type: 'function',
      params,
      body: { type: 'unsupported', reason: `external functions (${kind}) are never run` },
    };
  }
  const names = Object.fromEntries(params.map((param) => [param.name, shapeOf(param.type)]));
  const body = boxed(childOf(expression, 'body'), expression, { ...scope, names: { ...scope.names, ...names } });
  return { type: 'function', params, body };
}

const hitPolicies: Readonly<Record<string, HitPolicy>> = {
  UNIQUE: 'U',
  ANY: 'A',
  PRIORITY: 'P',
  FIRST: 'F',
  'RULE ORDER': 'R',
  'OUTPUT ORDER': 'O',
  COLLECT: 'C',
};
const aggregations: Readonly<Record<string, Aggregation>> = { SUM: '+', MIN: '<', MAX: '>', COUNT: '#' };

function decisionTable(element: DmnElement, scope: Scope): DecisionTable {
  const hitPolicy = hitPolicies[textOf(element, 'hitPolicy') ?? 'UNIQUE'];
  if (hitPolicy === undefined)
    refuse(scope, 'DMN_UNSUPPORTED', element, { detail: textOf(element, 'hitPolicy') ?? '' });
  const inputs = childrenOf(element, 'input').map((input) => {
    const expression = childOf(input, 'inputExpression');
    const type = declaredType(expression, scope.book);
    const source = expression === null ? '' : (textOf(expression, 'text') ?? '');
    if (expression === null || source.trim() === '') refuse(scope, 'DMN_MISSING_LOGIC', input);
    return {
      label: textOf(input, 'label') ?? source.trim(),
      expression: expression === null || source.trim() === '' ? nothing : literalExpression(expression, scope),
      type,
      allowed: unaryTests(childOf(input, 'inputValues'), scope),
    };
  });
  const outputElements = childrenOf(element, 'output');
  const outputs = outputElements.map((output) => {
    const fallback = childOf(output, 'defaultOutputEntry');
    return {
      name: outputElements.length === 1 ? null : textOf(output, 'name'),
      type: declaredType(output, scope.book),
      allowed: unaryTests(childOf(output, 'outputValues'), scope),
      default: fallback === null ? null : literalExpression(fallback, scope),
    };
  });
  const rules = childrenOf(element, 'rule').map((rule) => tableRule(rule, inputs.length, outputs.length, scope));
  const aggregation = aggregations[textOf(element, 'aggregation') ?? ''] ?? null;
  return { hitPolicy: hitPolicy ?? 'U', aggregation, inputs, outputs, rules };
}

function tableRule(rule: DmnElement, inputs: number, outputs: number, scope: Scope): TableRule {
  const tests = childrenOf(rule, 'inputEntry');
  const cells = childrenOf(rule, 'outputEntry');
  if (tests.length !== inputs || cells.length !== outputs) {
    refuse(scope, 'DMN_TABLE_SHAPE', rule, { detail: `${tests.length}/${inputs} + ${cells.length}/${outputs}` });
  }
  const annotations = childrenOf(rule, 'annotationEntry').map((entry) => textOf(entry, 'text') ?? '');
  const notes = [textOf(rule, 'description') ?? '', ...annotations].filter((note) => note.trim() !== '');
  const anything: FeelNode = { type: 'unaryTests', negated: false, tests: [] };
  return {
    tests: tests.map((test) => unaryTests(test, scope) ?? anything),
    outputs: cells.map((cell) =>
      (textOf(cell, 'text') ?? '').trim() === '' ? nothing : literalExpression(cell, scope),
    ),
    annotation: notes.length === 0 ? null : [...new Set(notes)].join('; '),
  };
}

/** lezer-feel's parse tree → FeelNode. Grammar: lezer-feel 3, src/feel.grammar. */
import { normalizeContextKey } from 'lezer-feel';
import { limits } from '#engine/limits.ts';
import type { parser } from 'lezer-feel';
import type {
  ArithmeticOperator,
  CompareOperator,
  FeelIterator,
  FeelNode,
  FeelParameter,
  FeelType,
  SimpleTypeName,
} from '#engine/feel/ast.ts';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export class FeelSyntaxError extends Error {
  override readonly name = 'FeelSyntaxError';
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

export interface NameBook {
  readonly source: string;
  /** Normalised spelling → declared spelling; grows with the names the expression itself declares. */
  readonly known: Map<string, string>;
  readonly types: Readonly<Record<string, FeelType>>;
  /** Offsets where `list<` stands for `range<`. */
  readonly ranges: ReadonlySet<number>;
}

interface Scope extends NameBook {
  depth: number;
  /** Whether `?` was met since it was last reset. */
  sawInput: boolean;
}

type Convert = (node: SyntaxNode, scope: Scope) => FeelNode;

export function convertExpression(top: SyntaxNode, book: NameBook): FeelNode {
  return convert(only(top), { ...book, depth: 0, sawInput: false });
}

export function convertUnaryTests(top: SyntaxNode, book: NameBook): FeelNode {
  const scope: Scope = { ...book, depth: 0, sawInput: false };
  const children = childrenOf(top);
  const at = [top.from, top.to] as const;
  const list = children.find((child) => child.name === 'PositiveUnaryTests');
  if (list === undefined) return { type: 'unaryTests', negated: false, tests: [], at };
  return { type: 'unaryTests', negated: children[0]?.name === 'not', tests: unaryTests(list, scope), at };
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment' && child.name !== 'BlockComment') children.push(child);
  }
  return children;
}
/** Children without punctuation and keywords: those whose names start with a capital letter, and `?`. */
const parts = (node: SyntaxNode): SyntaxNode[] => childrenOf(node).filter((child) => /^[A-Z?]|^null$/.test(child.name));
const textOf = (node: SyntaxNode, scope: NameBook): string => scope.source.slice(node.from, node.to);

function only(node: SyntaxNode): SyntaxNode {
  return part(parts(node), 0, node);
}
function part(list: readonly SyntaxNode[], index: number, parent: SyntaxNode): SyntaxNode {
  const found = list[index];
  if (found === undefined) throw new FeelSyntaxError(`incomplete ${parent.name}`, parent.from);
  return found;
}

function convert(node: SyntaxNode, scope: Scope): FeelNode {
  const converter = converters[node.name];
  if (converter === undefined) throw new FeelSyntaxError(`'${textOf(node, scope)}' is not supported here`, node.from);
  if (scope.depth >= limits.feelDepth)
    throw new FeelSyntaxError(`nested deeper than ${limits.feelDepth} levels`, node.from);
  scope.depth++;
  const result = converter(node, scope);
  scope.depth--;
  return node.name === 'ParenthesizedExpression' ? result : { ...result, at: [node.from, node.to] };
}

/** A name as declared; unknown names keep their spelling with single spaces. */
function nameOf(node: SyntaxNode, scope: NameBook): string {
  const text = textOf(node, scope);
  if (text.startsWith('`')) return text.slice(1, -1);
  const key = normalizeContextKey(text);
  const known = scope.known.get(key);
  if (known !== undefined) return known;
  const spelling = text.replace(/\s+/g, ' ').trim();
  scope.known.set(key, spelling);
  return spelling;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };

/** DMN 1.5 grammar rule 33; surrogate pairs may be written as two `\u` escapes. */
function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt"'\\]))/g,
      (match: string, short?: string, long?: string, single?: string) => {
        if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
        if (long !== undefined) {
          const code = Number.parseInt(long, 16);
          return code > 0x10ffff ? match : String.fromCodePoint(code);
        }
        return escapes[single ?? ''] ?? match;
      },
    );
}

function numberLiteral(text: string): FeelNode {
  const compact = text.replace(/\s+/g, '');
  const digits = compact
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
  const value = Number(compact);
  const exact = digits.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '');
  return { type: 'number', value: exact ? value : compact };
}

function unaryTests(node: SyntaxNode, scope: Scope): FeelNode[] {
  return parts(node).map((test) => unaryTest(test, scope));
}
function unaryTest(node: SyntaxNode, scope: Scope): FeelNode {
  const outer = scope.sawInput;
  scope.sawInput = false;
  const value = convert(only(node), scope);
  const predicate = scope.sawInput;
  scope.sawInput = outer;
  return predicate ? { type: 'predicate', value } : value;
}

function iterators(node: SyntaxNode, scope: Scope): FeelIterator[] {
  return parts(node).map((iterator) => {
    const [nameNode, contextNode] = parts(iterator);
    if (nameNode === undefined || contextNode === undefined)
      throw new FeelSyntaxError('incomplete iteration', iterator.from);
    const name = nameOf(nameNode, scope);
    const bounds = contextNode.name === 'IterationContext' ? parts(contextNode) : [contextNode];
    const end = bounds[1];
    return {
      name,
      source: convert(part(bounds, 0, contextNode), scope),
      end: end === undefined ? null : convert(end, scope),
    };
  });
}

const comparison: Convert = (node, scope) => {
  const all = childrenOf(node);
  const keyword = all[1]?.name;
  const value = convert(part(all, 0, node), scope);
  if (keyword === 'between') {
    return {
      type: 'between',
      value,
      low: convert(part(all, 2, node), scope),
      high: convert(part(all, 4, node), scope),
    };
  }
  if (keyword === 'in') {
    const list = all.find((child) => child.name === 'PositiveUnaryTests');
    const tests = list === undefined ? [unaryTest(part(all, 2, node), scope)] : unaryTests(list, scope);
    return { type: 'in', value, tests };
  }
  return {
    type: 'compare',
    op: textOf(part(all, 1, node), scope) as CompareOperator,
    left: value,
    right: convert(part(all, 2, node), scope),
  };
};

const arithmetic: Convert = (node, scope) => {
  const all = childrenOf(node);
  const first = part(all, 0, node);
  if (first.name === 'ArithOp') {
    const value = convert(part(all, 1, node), scope);
    return textOf(first, scope) === '-' ? { type: 'negate', value } : value;
  }
  const sign = textOf(part(all, 1, node), scope);
  const op = (sign === '^' ? '**' : sign) as ArithmeticOperator;
  return { type: 'arithmetic', op, left: convert(first, scope), right: convert(part(all, 2, node), scope) };
};

const binary =
  (type: 'and' | 'or'): Convert =>
  (node, scope) => {
    const all = parts(node);
    return { type, left: convert(part(all, 0, node), scope), right: convert(part(all, 1, node), scope) };
  };

const range: Convert = (node, scope) => {
  const all = childrenOf(node);
  const open = textOf(part(all, 0, node), scope);
  const close = textOf(part(all, all.length - 1, node), scope);
  const [low, high] = parts(node);
  if (low === undefined || high === undefined) throw new FeelSyntaxError('incomplete range', node.from);
  return {
    type: 'range',
    low: convert(low, scope),
    high: convert(high, scope),
    lowClosed: open === '[',
    highClosed: close === ']',
  };
};

function callArguments(node: SyntaxNode, scope: Scope): { names: string[] | null; args: FeelNode[] } {
  const named = childrenOf(node).find((child) => child.name === 'NamedParameters');
  if (named !== undefined) {
    const names: string[] = [];
    const args: FeelNode[] = [];
    for (const parameter of parts(named)) {
      const [nameNode, valueNode] = parts(parameter);
      if (nameNode === undefined || valueNode === undefined)
        throw new FeelSyntaxError('incomplete argument', parameter.from);
      names.push(textOf(nameNode, scope).replace(/\s+/g, ' ').trim());
      args.push(convert(valueNode, scope));
    }
    return { names, args };
  }
  const positional = childrenOf(node).find((child) => child.name === 'PositionalParameters');
  return {
    names: null,
    args: positional === undefined ? [] : parts(positional).map((argument) => convert(argument, scope)),
  };
}

const contextLiteral: Convert = (node, scope) => ({
  type: 'context',
  entries: parts(node).map((entry) => {
    const [keyNode, valueNode] = parts(entry);
    if (keyNode === undefined || valueNode === undefined)
      throw new FeelSyntaxError('incomplete context entry', entry.from);
    const inner = only(keyNode);
    const key = inner.name === 'StringLiteral' ? unquote(textOf(inner, scope)) : nameOf(inner, scope);
    if (inner.name === 'StringLiteral') scope.known.set(normalizeContextKey(key), key);
    return { key, value: convert(valueNode, scope) };
  }),
});

const functionDefinition: Convert = (node, scope) => {
  const all = childrenOf(node);
  const formal = part(
    all.filter((child) => child.name === 'FormalParameters'),
    0,
    node,
  );
  const params: FeelParameter[] = parts(formal).map((parameter) => {
    const [nameNode, typeNode] = parts(parameter);
    if (nameNode === undefined) throw new FeelSyntaxError('incomplete parameter', parameter.from);
    return { name: nameOf(nameNode, scope), type: typeNode === undefined ? null : typeOf(typeNode, scope) };
  });
  const body = part(
    all.filter((child) => child.name === 'FunctionBody'),
    0,
    node,
  );
  // what an external function maps to is not looked at: it is never run (DMN 1.5 §10.3.2.13.3)
  if (all.some((child) => child.name === 'external'))
    return { type: 'function', params, body: { type: 'unsupported', reason: 'external functions are never run' } };
  return { type: 'function', params, body: convert(only(body), scope) };
};

const dateTime: Convert = (node, scope) => {
  const first = only(node);
  if (first.name === 'AtLiteral') {
    return { type: 'at', text: unquote(textOf(only(first), scope)) };
  }
  const name = textOf(first, scope).replace(/\s+/g, ' ');
  return { type: 'call', target: { type: 'name', name }, ...callArguments(node, scope) };
};

const converters: Readonly<Record<string, Convert>> = {
  null: () => ({ type: 'null' }),
  NumericLiteral: (node, scope) => numberLiteral(textOf(node, scope)),
  StringLiteral: (node, scope) => ({ type: 'string', value: unquote(textOf(node, scope)) }),
  BooleanLiteral: (node, scope) => ({ type: 'boolean', value: textOf(node, scope) === 'true' }),
  DateTimeLiteral: dateTime,
  VariableName: (node, scope) => ({ type: 'name', name: nameOf(node, scope) }),
  '?': (_node, scope) => {
    scope.sawInput = true;
    return { type: 'input' };
  },
  ParenthesizedExpression: (node, scope) => convert(only(node), scope),
  PathExpression: (node, scope) => {
    const all = parts(node);
    return { type: 'path', target: convert(part(all, 0, node), scope), name: nameOf(part(all, 1, node), scope) };
  },
  FilterExpression: (node, scope) => {
    const all = parts(node);
    return {
      type: 'filter',
      target: convert(part(all, 0, node), scope),
      condition: convert(part(all, 1, node), scope),
    };
  },
  FunctionInvocation: (node, scope) => {
    const first = only(node);
    const special = first.name === 'SpecialFunctionName';
    const target: FeelNode = special
      ? { type: 'name', name: textOf(first, scope).replace(/\s+/g, ' ') }
      : convert(first, scope);
    return { type: 'call', target, ...callArguments(node, scope) };
  },
  List: (node, scope) => ({ type: 'list', items: parts(node).map((item) => convert(item, scope)) }),
  Context: contextLiteral,
  FunctionDefinition: functionDefinition,
  ForExpression: (node, scope) => {
    const all = parts(node);
    return { type: 'for', iterators: iterators(part(all, 0, node), scope), body: convert(part(all, 1, node), scope) };
  },
  QuantifiedExpression: (node, scope) => {
    const all = parts(node);
    const every = childrenOf(node)[0]?.name === 'every';
    return {
      type: 'quantified',
      every,
      iterators: iterators(part(all, 0, node), scope),
      body: convert(part(all, 1, node), scope),
    };
  },
  IfExpression: (node, scope) => {
    const all = parts(node);
    const [condition, yes, no] = [part(all, 0, node), part(all, 1, node), part(all, 2, node)];
    return {
      type: 'if',
      condition: convert(condition, scope),
      whenTrue: convert(yes, scope),
      otherwise: convert(no, scope),
    };
  },
  Conjunction: binary('and'),
  Disjunction: binary('or'),
  Comparison: comparison,
  ArithmeticExpression: arithmetic,
  SimplePositiveUnaryTest: (node, scope) => {
    const all = parts(node);
    const first = part(all, 0, node);
    if (first.name === 'Interval') return convert(first, scope);
    return { type: 'test', op: textOf(first, scope) as CompareOperator, value: convert(part(all, 1, node), scope) };
  },
  Interval: range,
  InstanceOfExpression: (node, scope) => {
    const all = parts(node);
    return { type: 'instanceOf', value: convert(part(all, 0, node), scope), of: typeOf(part(all, 1, node), scope) };
  },
};

const simpleTypes: ReadonlySet<string> = new Set<SimpleTypeName>([
  'Any',
  'Null',
  'number',
  'string',
  'boolean',
  'date',
  'time',
  'date and time',
  'days and time duration',
  'years and months duration',
  'context',
  'list',
  'function',
  'range',
]);

/** The type a name stands for: a type of FEEL, or an item definition; undefined: unknown. DMN 1.5 §10.3.2.2. */
export function typeNamed(name: string, types: Readonly<Record<string, FeelType>>): FeelType | undefined {
  if (Object.hasOwn(types, name)) return types[name];
  // names of DMN 1.1 and of Camunda 7's modeler
  if (['integer', 'long', 'double'].includes(name)) return { kind: 'simple', name: 'number' };
  if (name === 'dayTimeDuration') return { kind: 'simple', name: 'days and time duration' };
  if (name === 'yearMonthDuration') return { kind: 'simple', name: 'years and months duration' };
  if (name === 'dateTime') return { kind: 'simple', name: 'date and time' };
  return simpleTypes.has(name) ? { kind: 'simple', name: name as SimpleTypeName } : undefined;
}

function typeOf(node: SyntaxNode, scope: Scope): FeelType {
  const inner = parts(node)[0];
  if (inner === undefined) throw new FeelSyntaxError('a type is missing', node.from);
  switch (inner.name) {
    case 'ListType': {
      const of = typeOf(only(inner), scope);
      return scope.ranges.has(inner.from) ? { kind: 'range', of } : { kind: 'list', of };
    }
    case 'ContextType': {
      const fields = parts(only(inner)).map((entry) => {
        const [nameNode, typeNode] = parts(entry);
        if (nameNode === undefined || typeNode === undefined) throw new FeelSyntaxError('incomplete type', entry.from);
        return [nameOf(nameNode, scope), typeOf(typeNode, scope)] as const;
      });
      return { kind: 'context', fields: Object.fromEntries(fields) };
    }
    case 'FunctionType': {
      const [argumentTypes, result] = parts(inner);
      if (argumentTypes === undefined || result === undefined) throw new FeelSyntaxError('incomplete type', inner.from);
      return {
        kind: 'function',
        params: parts(argumentTypes).map((type) => typeOf(only(type), scope)),
        result: typeOf(result, scope),
      };
    }
    default: {
      const name = textOf(inner, scope).replace(/\s+/g, ' ').trim();
      const found = typeNamed(name, scope.types);
      if (found === undefined) throw new FeelSyntaxError(`type '${name}' is not known`, inner.from);
      return found;
    }
  }
}

/** Which variables an expression reads. */
import type { FeelNode } from '#engine/feel/ast.ts';

/** Names a filter's condition may mean by itself: the element under test (DMN 1.5 §10.3.2.5). */
const filterNames = ['item'];
/** Names an iteration's body may mean by itself: the results so far (DMN 1.5 §10.3.2.14). */
const iterationNames = ['partial'];

/**
 * Free names of a FEEL tree, each once, in order of appearance. Names of called functions are left out: a variable of a process is
 * JSON and never a function. In a filter a name may also be a property of the elements; it is listed all the same.
 */
export function freeVariables(ast: FeelNode): readonly string[] {
  const found = new Set<string>();
  visit(ast, new Set(), found);
  return [...found];
}

type Names = ReadonlySet<string>;
const bind = (bound: Names, names: readonly string[]): Names => new Set([...bound, ...names]);

/** Recursion is bounded by the depth the parser accepts. */
function visit(node: FeelNode, bound: Names, found: Set<string>): void {
  switch (node.type) {
    case 'name':
      if (!bound.has(node.name)) found.add(node.name);
      return;
    case 'filter':
      visit(node.target, bound, found);
      visit(node.condition, bind(bound, filterNames), found);
      return;
    case 'call':
      if (node.target.type !== 'name') visit(node.target, bound, found);
      for (const argument of node.args) visit(argument, bound, found);
      return;
    case 'context':
      visitContext(node, bound, found);
      return;
    case 'function':
      visit(
        node.body,
        bind(
          bound,
          node.params.map((parameter) => parameter.name),
        ),
        found,
      );
      return;
    case 'for':
    case 'quantified':
      visitIteration(node, bound, found);
      return;
    default:
      for (const part of partsOf(node)) visit(part, bound, found);
  }
}

/** An entry sees those before it (DMN 1.5 §10.3.2.6). */
function visitContext(node: Extract<FeelNode, { type: 'context' }>, bound: Names, found: Set<string>): void {
  let inner = bound;
  for (const { key, value } of node.entries) {
    visit(value, inner, found);
    inner = bind(inner, [key]);
  }
  if (node.result !== undefined) visit(node.result, inner, found);
}

/** An iterator sees those before it. */
function visitIteration(
  node: Extract<FeelNode, { type: 'for' | 'quantified' }>,
  bound: Names,
  found: Set<string>,
): void {
  let inner = bound;
  for (const { name, source, end } of node.iterators) {
    visit(source, inner, found);
    if (end !== null) visit(end, inner, found);
    inner = bind(inner, [name]);
  }
  visit(node.body, node.type === 'for' ? bind(inner, iterationNames) : inner, found);
}

const isNode = (value: unknown): value is FeelNode =>
  typeof value === 'object' && value !== null && typeof (value as FeelNode).type === 'string';

/** The trees directly inside a node that binds no names. */
const partsOf = (node: FeelNode): readonly FeelNode[] =>
  Object.values(node as unknown as Record<string, unknown>).flatMap((value): readonly FeelNode[] => {
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });

/**
 * FEEL text → syntax tree (engine/feel/ast.ts), with the maintained grammar lezer-feel. Runs when a definition is published.
 * Grammar rules are those of DMN 1.5 §10.3.1.2.
 */
import { normalizeContextKey, parser, trackVariables } from 'lezer-feel';
import { limits } from '#engine/limits.ts';
import { convertExpression, convertUnaryTests, FeelSyntaxError, type NameBook, type SyntaxNode } from './feel-tree.ts';
import type { FeelNode, FeelType } from '#engine/feel/ast.ts';

/** Known names with their known entries; a leaf is null. Needed for names that contain keywords or operators (`a-b`, `rock and roll`). */
export type NameShape = { readonly [name: string]: NameShape | null };

export interface ParseOptions {
  readonly names?: readonly string[] | NameShape;
  /** Item definitions, for `instance of` and parameter types. */
  readonly types?: Readonly<Record<string, FeelType>>;
}

export type ParseResult =
  | { readonly ok: true; readonly ast: FeelNode }
  /** `position`: offset in the source, in UTF-16 code units. */
  | { readonly ok: false; readonly message: string; readonly position: number };

/** Built-in functions whose names the grammar would else read as operators. */
const builtinNames: NameShape = { 'get or else': null };
const dialect = 'camunda';

/** Parses an expression (grammar rule 1). */
export const parseExpression = (source: string, options: ParseOptions = {}): ParseResult =>
  parse(source, 'Expression', options);
/** Parses unary tests (grammar rule 15), as in a decision table's input entry. */
export const parseUnaryTests = (source: string, options: ParseOptions = {}): ParseResult =>
  parse(source, 'UnaryTests', options);

function parse(source: string, top: 'Expression' | 'UnaryTests', options: ParseOptions): ParseResult {
  if (source.length > limits.feelSourceLength) {
    return {
      ok: false,
      message: `expression is longer than ${limits.feelSourceLength} characters`,
      position: limits.feelSourceLength,
    };
  }
  if (source.trim() === '') return { ok: false, message: 'expression is empty', position: 0 };
  const names = shapeOf(options.names);
  const { text, ranges } = hideRangeTypes(source);
  try {
    const tree = parser
      .configure({ top, dialect, contextTracker: trackVariables({ ...names, ...builtinNames }) })
      .parse(text);
    const error = firstError(tree.topNode, text);
    if (error !== null) return { ok: false, ...error };
    const book: NameBook = { source: text, known: knownNames(names), types: options.types ?? {}, ranges };
    const ast = top === 'Expression' ? convertExpression(tree.topNode, book) : convertUnaryTests(tree.topNode, book);
    return { ok: true, ast };
  } catch (error) {
    if (error instanceof FeelSyntaxError) return { ok: false, message: error.message, position: error.position };
    // The grammar's parser builds its tree by recursion: how deep it gets before this depends on the stack it is called on.
    if (error instanceof RangeError) return { ok: false, message: 'expression is nested too deeply', position: 0 };
    throw error;
  }
}

function shapeOf(names: ParseOptions['names']): NameShape {
  if (names === undefined) return {};
  if (!Array.isArray(names)) return names as NameShape;
  return Object.fromEntries((names as readonly string[]).map((name) => [name, null]));
}

/** Normalised spelling → declared spelling, at every depth. */
function knownNames(shape: NameShape, found = new Map<string, string>()): Map<string, string> {
  for (const [name, entries] of Object.entries(shape)) {
    found.set(normalizeContextKey(name), name);
    if (entries !== null) knownNames(entries, found);
  }
  return found;
}

/** The grammar knows no `range<T>`: it is read as a list type of the same length, and the positions are remembered. */
function hideRangeTypes(source: string): { text: string; ranges: ReadonlySet<number> } {
  const ranges = new Set<number>();
  if (!source.includes('range<')) return { text: source, ranges };
  const text = source.replaceAll('range<', (match: string, at: number) => {
    const quotes = source.slice(0, at).split('"').length - 1;
    if (quotes % 2 === 1) return match;
    ranges.add(at + 1);
    return ' list<';
  });
  return { text, ranges };
}

function firstError(top: SyntaxNode, text: string): { message: string; position: number } | null {
  const cursor = top.cursor();
  do {
    if (cursor.type.isError) {
      const found = text.slice(cursor.from, cursor.to > cursor.from ? cursor.to : cursor.from + 10).trim();
      return {
        message: found === '' ? 'unexpected end of the expression' : `unexpected '${found}'`,
        position: cursor.from,
      };
    }
  } while (cursor.next());
  return null;
}

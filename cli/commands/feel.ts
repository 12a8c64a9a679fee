/** `alur feel`: the value of a FEEL expression, and how it came about. */
import { Command } from 'commander';
import { parseExpression, parseUnaryTests, type NameShape } from '#bpmn/feel.ts';
import { evaluate, evaluateUnaryTests, type FeelContext, type FeelResult } from '#engine/feel/evaluate.ts';
import { traceFeel, type Trace, type TraceStep } from '#engine/feel/trace.ts';
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { text } from '../texts.ts';

interface Options {
  readonly context: string;
  readonly unary?: true;
  readonly input?: string;
  readonly trace?: true;
  readonly json?: true;
}

export const feelCommand = (): Command =>
  new Command('feel')
    .description(text('feel'))
    .argument('<expression>', text('feelExpression'))
    .option('--context <json>', text('feelContext'), '{}')
    .option('--unary', text('feelUnary'))
    .option('--input <json>', text('feelInput'))
    .option('--trace', text('feelTrace'))
    .option('--json', text('json'))
    .action((expression: string, options: Options) => {
      const variables = variablesOf(options.context);
      const context: FeelContext = {
        lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
        nowMs: Date.now(),
      };
      const node = parsed(expression, options.unary === true, variables);
      const result = resultOf(node, context, options);
      if (!result.ok) throw new Error(text('feelFailed', { message: result.message }));
      const trace = 'trace' in result ? result.trace : null;
      if (options.json === true) {
        const { value, warnings } = result;
        console.log(JSON.stringify(trace === null ? { value, warnings } : { value, warnings, trace }));
        return;
      }
      for (const step of trace ?? []) console.error(lineOf(step, expression));
      for (const warning of result.warnings) console.error(text('feelWarning', { warning }));
      console.log(JSON.stringify(result.value, null, 2));
    });

function resultOf(node: FeelNode, context: FeelContext, { unary, input, trace }: Options): FeelResult | Trace {
  if (unary === true) {
    if (input === undefined) throw new Error(text('feelNoInput'));
    return evaluateUnaryTests(node, parsedJson('--input', input), context);
  }
  return trace === true ? traceFeel(node, context) : evaluate(node, context);
}

function lineOf({ at, value, reason }: TraceStep, expression: string): string {
  const why = reason === undefined ? '' : `  (${reason.code}: ${reason.message})`;
  return `${expression.slice(...at)}  →  ${JSON.stringify(value)}${why}`;
}

function parsed(source: string, unary: boolean, variables: JsonObject): FeelNode {
  const names = shapeOf(variables) ?? {};
  const result = unary ? parseUnaryTests(source, { names }) : parseExpression(source, { names });
  if (result.ok) return result.ast;
  const { message, position } = result;
  throw new Error(
    text('feelSyntax', { message, position, before: source.slice(Math.max(0, position - 40), position) }),
  );
}

function variablesOf(json: string): JsonObject {
  const value = parsedJson('--context', json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(text('feelNoObject'));
  return value as JsonObject;
}
function parsedJson(option: string, json: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(text('feelNoJson', { option, detail }), { cause: error });
  }
}

/** Levels of the context whose names are told to the parser. */
const namedLevels = 20;

/** Names at every depth, so that those with spaces and operators are read as names. */
function shapeOf(value: Json, level = 0): NameShape | null {
  if (typeof value !== 'object' || value === null || level > namedLevels) return null;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shapeOf(entry, level + 1)]));
  const shapes = (value as readonly Json[]).map((item) => shapeOf(item, level + 1)).filter((shape) => shape !== null);
  return shapes.length === 0 ? null : (Object.assign({}, ...shapes) as NameShape);
}

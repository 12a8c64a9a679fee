/**
 * Syntax trees turned into closures: done once per tree and kept beside it, so that an expression that runs ten thousand times is
 * dispatched once. No code is generated; it works where `eval` does not.
 */
import type { FeelNode } from './ast.ts';
import type { Evaluation, Frame, Value } from './value.ts';

export type NodeOf<T extends FeelNode['type']> = FeelNode & { readonly type: T };
/** A compiled expression. */
export type Program = (frame: Frame | null, evaluation: Evaluation) => Value;
/** A compiled unary test: does the input pass; null: undefined. */
export type Test = (input: Value, frame: Frame | null, evaluation: Evaluation) => boolean | null;

/** How the parts of a node are compiled; handed down, because the compilers of nodes and of tests need each other. */
export interface Compiler {
  readonly program: (node: FeelNode) => Program;
  readonly test: (node: FeelNode) => Test;
}
export type Compile<T extends FeelNode['type']> = (node: NodeOf<T>, compiler: Compiler) => Program;

/** Name under which `?` is bound. */
export const inputName = '?';

/** What a transformer and a rule are given, and the ways to report what is wrong. */
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { FlowNode } from '#engine/model.ts';
import { problemOf, type AdmissionProblem, type ProblemCode, type ProblemValues } from './admission.ts';
import type { GraphNode, ProcessGraph } from './graph.ts';
import type { ModdleElement } from './moddle.ts';

/** Collects problems of one file; all are reported at once. */
export class ProblemLog {
  readonly problems: AdmissionProblem[] = [];
  readonly #lines: ReadonlyMap<string, number>;

  constructor(lines: ReadonlyMap<string, number>) {
    this.#lines = lines;
  }
  add(code: ProblemCode, elementId: string | null, values: ProblemValues = {}): void {
    const line = elementId === null ? null : (this.#lines.get(elementId) ?? null);
    this.problems.push(problemOf(code, elementId, values, line));
  }
}

export interface TransformContext {
  readonly graph: ProcessGraph;
  readonly node: GraphNode;
  readonly log: ProblemLog;
}

/** Turns one element into its compiled form. null: refused, with a problem in the log. */
export type Transformer = (element: ModdleElement, context: TransformContext) => FlowNode | null;

export interface RuleContext {
  readonly graph: ProcessGraph;
  readonly nodes: Readonly<Record<string, FlowNode>>;
  readonly log: ProblemLog;
  /** Decisions that are known, by decision id. */
  readonly decisions: Readonly<Record<string, DecisionModel>>;
  /** Those that are published together with the process. */
  readonly boundDecisionIds: ReadonlySet<string>;
}
/** One publish-time check of one process. */
export type Rule = (context: RuleContext) => void;

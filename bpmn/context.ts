/** What a transformer and a rule are given, and the ways to report what is wrong. */
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { FlowNode } from '#engine/model.ts';
import { problemOf, type AdmissionProblem, type ProblemCode, type ProblemValues } from './admission.ts';
import type { GraphNode, ProcessGraph } from './graph.ts';
import type { ModdleElement } from './moddle.ts';

/** Collects problems of one file; all are reported at once. */
export class ProblemLog {
  readonly problems: AdmissionProblem[] = [];
  readonly #reported = new Set<string>();
  readonly #lines: ReadonlyMap<string, number>;

  /** `found`: what reading the file has reported. */
  constructor(lines: ReadonlyMap<string, number>, found: readonly AdmissionProblem[]) {
    this.#lines = lines;
    this.problems.push(...found);
    for (const { code, elementId } of found) this.#reported.add(`${code} ${elementId ?? ''}`);
  }
  has(code: ProblemCode, elementId: string): boolean {
    return this.#reported.has(`${code} ${elementId}`);
  }
  add(code: ProblemCode, elementId: string | null, values: ProblemValues = {}): void {
    const line = elementId === null ? null : (this.#lines.get(elementId) ?? null);
    this.problems.push(problemOf(code, elementId, values, line));
    this.#reported.add(`${code} ${elementId ?? ''}`);
  }
}

/** What is said of an element, or of the process, by its own extension elements. */
export interface ElementContext {
  readonly node: Pick<GraphNode, 'id' | 'type'>;
  readonly log: ProblemLog;
}
export interface TransformContext extends ElementContext {
  readonly graph: ProcessGraph;
  readonly node: GraphNode;
  /** Forms published together with the process: own id → id of exactly that content; null: not known, nothing is checked. */
  readonly boundForms: ReadonlyMap<string, string> | null;
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

/**
 * The compiled form of one decision with everything it requires: what `bpmn/dmn.ts` writes at publish time and
 * `evaluateDecision` reads. Plain JSON, self-contained.
 */
import type { FeelNode, FeelType } from '../feel/ast.ts';

/** An input of the requirements graph, taken from the caller's variables. DMN 1.5 §7.3.2. */
export interface DecisionInput {
  readonly name: string;
  /** null: any JSON value. */
  readonly type: FeelType | null;
  /** Name of the import it comes from: expressions see `qualifier.name`. DMN 1.5 §6.3.3. */
  readonly qualifier?: string;
}
/** What an element requires, as it sees it. */
interface Requiring {
  /** Keys in `DecisionModel.functions`. */
  readonly requiredFunctions: readonly string[];
  /** Key of a required decision or function → name of the import it comes from. */
  readonly qualifiers?: Readonly<Record<string, string>>;
}

/**
 * One decision of the graph. `logic.type` tells its kind: `table` a decision table, `context` a boxed context, `call` an
 * invocation, anything else a literal expression.
 */
export interface DecisionNode extends Requiring {
  readonly id: string;
  readonly name: string | null;
  /** Name under which dependent decisions see the result. */
  readonly variable: string;
  readonly logic: FeelNode;
  /** Declared type of the result; null: any. */
  readonly type: FeelType | null;
  readonly inputs: readonly DecisionInput[];
  /** Ids in `DecisionModel.nodes`, acyclic. */
  readonly requiredDecisions: readonly string[];
}

/** A business knowledge model or decision service: a function by name. */
export type DecisionFunction =
  | (Requiring & {
      readonly kind: 'knowledge';
      readonly name: string;
      /** A `function` node; anything else when the logic is missing. */
      readonly logic: FeelNode;
    })
  | {
      readonly kind: 'service';
      readonly name: string;
      /** Names of the parameters: input data first, then input decisions. */
      readonly params: readonly DecisionInput[];
      readonly outputDecisions: readonly string[];
      /** Ids of decisions given by the caller instead of being evaluated. */
      readonly inputDecisions: readonly string[];
      /** Declared type of the result; null: any. */
      readonly type: FeelType | null;
    };

export interface DecisionModel {
  readonly format: 1;
  readonly id: string;
  readonly name: string | null;
  /** Since when it decides (`alur.validFrom`), ms since the epoch; absent: it replaces what was published before. */
  readonly validFromMs?: number;
  /** zeebe:versionTag; absent: none. */
  readonly versionTag?: string;
  /** This decision and all it requires, by id. */
  readonly nodes: Readonly<Record<string, DecisionNode>>;
  /** Business knowledge models and decision services, by name; those of imported files by namespace and id. */
  readonly functions: Readonly<Record<string, DecisionFunction>>;
}

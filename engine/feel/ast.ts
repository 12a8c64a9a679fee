/**
 * The FEEL syntax tree: what `bpmn/feel.ts` and `bpmn/dmn.ts` write at publish time and `engine/feel` evaluates. Plain JSON.
 * Vocabulary: DMN 1.5 clause 10.3. Boxed expressions of DMN (contexts, invocations, tables …) are nodes of the same tree.
 */

/** Character range [from, to) in the source text; absent where a node has no text of its own. */
export type SourceRange = readonly [from: number, to: number];

interface NodeBase {
  readonly at?: SourceRange;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**';
export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type SimpleTypeName =
  | 'Any'
  | 'Null'
  | 'number'
  | 'string'
  | 'boolean'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'context'
  | 'list'
  | 'function'
  | 'range';

/** A type, with the item definition's allowed values (unary tests) where it has any. DMN 1.5 §7.3.2, §10.3.2.2. */
export type FeelType = (
  | { readonly kind: 'simple'; readonly name: SimpleTypeName }
  | { readonly kind: 'list'; readonly of: FeelType }
  | { readonly kind: 'range'; readonly of: FeelType }
  | { readonly kind: 'context'; readonly fields: Readonly<Record<string, FeelType>> }
  | { readonly kind: 'function'; readonly params: readonly FeelType[]; readonly result: FeelType }
) & { readonly allowed?: FeelNode };

export interface FeelIterator {
  readonly name: string;
  readonly source: FeelNode;
  /** `for i in source..end`; null: `source` is the list. */
  readonly end: FeelNode | null;
}
export interface FeelParameter {
  readonly name: string;
  readonly type: FeelType | null;
}
export interface FeelEntry {
  readonly key: string;
  readonly value: FeelNode;
}

export type HitPolicy = 'U' | 'A' | 'P' | 'F' | 'R' | 'O' | 'C';
/** Aggregation of hit policy C: sum, minimum, maximum, count. */
export type Aggregation = '+' | '<' | '>' | '#';

export interface TableInput {
  /** What people read above the column: its label, else the expression's source. */
  readonly label: string;
  readonly expression: FeelNode;
  readonly type: FeelType | null;
  readonly allowed: FeelNode | null;
}
export interface TableOutput {
  /** null: the only output, the result is its plain value. */
  readonly name: string | null;
  readonly type: FeelType | null;
  /** Unary tests; their order is the priority of hit policies P and O. */
  readonly allowed: FeelNode | null;
  readonly default: FeelNode | null;
}
export interface TableRule {
  /** One unary-tests tree per input. */
  readonly tests: readonly FeelNode[];
  readonly outputs: readonly FeelNode[];
  readonly annotation: string | null;
}
/** DMN 1.5 clause 8. */
export interface DecisionTable {
  readonly hitPolicy: HitPolicy;
  readonly aggregation: Aggregation | null;
  readonly inputs: readonly TableInput[];
  readonly outputs: readonly TableOutput[];
  readonly rules: readonly TableRule[];
}

export type FeelNode = NodeBase &
  (
    | { readonly type: 'null' }
    | { readonly type: 'boolean'; readonly value: boolean }
    /** Text where a double would not keep every digit. */
    | { readonly type: 'number'; readonly value: number | string }
    | { readonly type: 'string'; readonly value: string }
    /** `@"2026-01-31"`. */
    | { readonly type: 'at'; readonly text: string }
    | { readonly type: 'name'; readonly name: string }
    /** `?`, the value under test. */
    | { readonly type: 'input' }
    | { readonly type: 'path'; readonly target: FeelNode; readonly name: string }
    | { readonly type: 'filter'; readonly target: FeelNode; readonly condition: FeelNode }
    /** `names` is null for positional arguments. */
    | {
        readonly type: 'call';
        readonly target: FeelNode;
        readonly names: readonly string[] | null;
        readonly args: readonly FeelNode[];
      }
    | { readonly type: 'list'; readonly items: readonly FeelNode[] }
    /** `result`: a boxed context's result cell, evaluated with all entries in scope; absent: the context itself. */
    | { readonly type: 'context'; readonly entries: readonly FeelEntry[]; readonly result?: FeelNode }
    | {
        readonly type: 'function';
        readonly params: readonly FeelParameter[];
        readonly body: FeelNode;
        readonly result?: FeelType;
      }
    | { readonly type: 'for'; readonly iterators: readonly FeelIterator[]; readonly body: FeelNode }
    | {
        readonly type: 'quantified';
        readonly every: boolean;
        readonly iterators: readonly FeelIterator[];
        readonly body: FeelNode;
      }
    | { readonly type: 'if'; readonly condition: FeelNode; readonly whenTrue: FeelNode; readonly otherwise: FeelNode }
    | { readonly type: 'and' | 'or'; readonly left: FeelNode; readonly right: FeelNode }
    | { readonly type: 'compare'; readonly op: CompareOperator; readonly left: FeelNode; readonly right: FeelNode }
    | { readonly type: 'between'; readonly value: FeelNode; readonly low: FeelNode; readonly high: FeelNode }
    | { readonly type: 'in'; readonly value: FeelNode; readonly tests: readonly FeelNode[] }
    | {
        readonly type: 'arithmetic';
        readonly op: ArithmeticOperator;
        readonly left: FeelNode;
        readonly right: FeelNode;
      }
    | { readonly type: 'negate'; readonly value: FeelNode }
    | {
        readonly type: 'range';
        readonly low: FeelNode;
        readonly high: FeelNode;
        readonly lowClosed: boolean;
        readonly highClosed: boolean;
      }
    /** `< 5`: a unary test, or a range open on one side when read as a value. */
    | { readonly type: 'test'; readonly op: CompareOperator; readonly value: FeelNode }
    | { readonly type: 'instanceOf'; readonly value: FeelNode; readonly of: FeelType }
    /** Unary tests, DMN 1.5 grammar rules 15-17. `-` is the empty list, not negated. */
    | { readonly type: 'unaryTests'; readonly negated: boolean; readonly tests: readonly FeelNode[] }
    /** A unary test that mentions `?`: passes when it is true. */
    | { readonly type: 'predicate'; readonly value: FeelNode }
    /** Implicit conversion to a declared type, DMN 1.5 §10.3.2.9.4; `json`: the value comes from JSON, ISO strings become temporal. */
    | { readonly type: 'convert'; readonly value: FeelNode; readonly to: FeelType; readonly json?: true }
    | { readonly type: 'table'; readonly table: DecisionTable }
    /** What this engine never does, such as an external function: null, and why. */
    | { readonly type: 'unsupported'; readonly reason: string }
  );

/** Evaluates a decision with everything it requires, and says how it came about. DMN 1.5 clause 10.4. */
import type { DecisionFunction, DecisionInput, DecisionModel, DecisionNode } from './model.ts';
import type { DecisionExplanation } from '../fact.ts';
import { createEvaluation } from '../feel/evaluation.ts';
import type { RunningEvaluation } from '../feel/evaluation.ts';
import { guarded, type FeelContext, type FeelOutcome } from '../feel/evaluate.ts';
import { coerce, fromJson } from '../feel/types.ts';
import { BudgetExceeded, EvaluationFailure, FunctionValue, setEntry, toJson, typeName } from '../feel/value.ts';
import type { Frame, TableMatch, Value } from '../feel/value.ts';
import type { FeelType } from '../feel/ast.ts';
import type { Json } from '../json.ts';

export type DecisionResult =
  | {
      readonly ok: true;
      readonly value: Json;
      readonly explanation: DecisionExplanation;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly message: string; readonly explanation?: DecisionExplanation };

/** The decision's value. Not ok: more than one rule of a unique table matched, an input is not allowed, a budget is exceeded. */
export function evaluateDecision(decision: DecisionModel, context: FeelContext): DecisionResult {
  const evaluation = createEvaluation(context);
  const run = new DecisionRun(decision, evaluation);
  try {
    const { value, explanation } = run.decide(decision.id);
    return { ok: true, value: toJson(value, evaluation), explanation, warnings: evaluation.warnings };
  } catch (error) {
    if (!(error instanceof BudgetExceeded) && !(error instanceof EvaluationFailure)) throw error;
    return run.failed === null
      ? { ok: false, message: error.message }
      : { ok: false, message: error.message, explanation: run.failed };
  }
}

/** The same without the way to JSON: dates, functions and all 34 digits included. */
export function evaluateDecisionToValue(decision: DecisionModel, context: FeelContext): FeelOutcome {
  const evaluation = createEvaluation(context);
  const run = new DecisionRun(decision, evaluation);
  return guarded(() => ({ ok: true, value: run.decide(decision.id).value, warnings: evaluation.warnings }));
}

interface Decided {
  readonly value: Value;
  readonly explanation: DecisionExplanation;
}

/** The names one element sees: what it requires, by name, or by import and name. Entries may come after the frame was taken. */
class Scope {
  readonly #entries: Record<string, Value> = {};
  readonly #imports = new Map<string, Record<string, Value>>();

  bind(name: string, value: Value, qualifier = ''): void {
    setEntry(this.#target(qualifier), name, value);
  }
  #target(qualifier: string): Record<string, Value> {
    if (qualifier === '') return this.#entries;
    const known = this.#imports.get(qualifier);
    if (known !== undefined) return known;
    const made: Record<string, Value> = {};
    this.#imports.set(qualifier, made);
    setEntry(this.#entries, qualifier, made);
    return made;
  }
  frame(): Frame {
    return { parent: null, name: null, value: this.#entries };
  }
}

/** One pass over the requirements graph: every decision is evaluated at most once. */
class DecisionRun {
  /** What is known of the decision that failed. */
  failed: DecisionExplanation | null = null;
  readonly #model: DecisionModel;
  readonly #evaluation: RunningEvaluation;
  /** Values a decision service was called with, by name; null: the caller's variables. */
  readonly #given: ReadonlyMap<string, Value> | null;
  readonly #decided: Map<string, Decided>;
  readonly #functions = new Map<string, Value>();

  constructor(
    model: DecisionModel,
    evaluation: RunningEvaluation,
    given: ReadonlyMap<string, Value> | null = null,
    decided = new Map<string, Decided>(),
  ) {
    this.#model = model;
    this.#evaluation = evaluation;
    this.#given = given;
    this.#decided = decided;
  }

  decide(id: string): Decided {
    const known = this.#decided.get(id);
    if (known !== undefined) return known;
    const node = this.#model.nodes[id];
    if (node === undefined) throw new Error(`the decision model ${this.#model.id} has no decision ${id}`);
    this.#evaluation.charge(1);
    const required = node.requiredDecisions.map((requiredId) => this.decide(requiredId).explanation);
    const { frame, inputs } = this.#scopeOf(node);
    const before = this.#evaluation.matches.length;
    let value: Value;
    try {
      value = this.#typed(this.#evaluation.evaluate(node.logic, frame), node.type, `decision '${node.name ?? id}'`);
    } catch (error) {
      this.failed = this.#explain(node, inputs, before, null, required);
      throw error;
    }
    const decided = { value, explanation: this.#explain(node, inputs, before, value, required) };
    this.#decided.set(id, decided);
    return decided;
  }

  #scopeOf(node: DecisionNode): { frame: Frame | null; inputs: Record<string, Value> } {
    const scope = new Scope();
    const inputs: Record<string, Value> = {};
    this.#bindFunctions(node, scope);
    const bind = (name: string, value: Value, qualifier: string | undefined): void => {
      scope.bind(name, value, qualifier);
      setEntry(inputs, name, value);
    };
    for (const input of node.inputs) bind(input.name, this.#inputValue(input), input.qualifier);
    for (const id of node.requiredDecisions)
      bind(this.#model.nodes[id]?.variable ?? id, this.decide(id).value, node.qualifiers?.[id]);
    return { frame: scope.frame(), inputs };
  }

  #bindFunctions(of: Pick<DecisionNode, 'requiredFunctions' | 'qualifiers'>, scope: Scope): void {
    for (const key of of.requiredFunctions) {
      const required = this.#model.functions[key];
      if (required !== undefined) scope.bind(required.name, this.#functionValue(key, required), of.qualifiers?.[key]);
    }
  }

  #inputValue(input: DecisionInput): Value {
    const given = this.#given === null ? this.#evaluation.resolve(input.name, null) : this.#given.get(input.name);
    if (given === undefined)
      return this.#evaluation.warn(`input '${input.name}' is not given`, 'UNKNOWN_VARIABLE', input.name);
    if (input.type === null) return given;
    const typed = this.#given === null && !this.#evaluation.typed ? fromJson(given, input.type) : given;
    return this.#typed(typed, input.type, `input '${input.name}'`);
  }

  #typed(value: Value, type: FeelType | null, what: string): Value {
    return type === null
      ? value
      : coerce(value, type, this.#evaluation, `${what} is ${typeName(value)}, not of its declared type`);
  }

  /** Knowledge models see themselves and may require one another in circles: the value is known before its scope is complete. */
  #functionValue(key: string, of: DecisionFunction): Value {
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    if (of.kind === 'service') {
      const params = of.params.map(({ name, type }) => ({ name, type }));
      const service = new FunctionValue({ kind: 'host', name: of.name, params, run: (args) => this.#serve(of, args) });
      this.#functions.set(key, service);
      return service;
    }
    const scope = new Scope();
    const value = this.#evaluation.evaluate(of.logic, scope.frame());
    this.#functions.set(key, value);
    scope.bind(of.name, value);
    this.#bindFunctions(of, scope);
    return value;
  }

  /** A decision service: its decisions alone, on the values it is given. DMN 1.5 §10.4.3. */
  #serve(service: Extract<DecisionFunction, { kind: 'service' }>, args: readonly Value[]): Value {
    const given = new Map(service.params.map((param, index) => [param.name, args[index] ?? null]));
    const decided = new Map<string, Decided>();
    for (const id of service.inputDecisions) {
      const node = this.#model.nodes[id];
      if (node === undefined) continue;
      const value = given.get(node.variable) ?? null;
      decided.set(id, { value, explanation: this.#explain(node, {}, this.#evaluation.matches.length, value, []) });
    }
    const inner = new DecisionRun(this.#model, this.#evaluation, given, decided);
    const results = service.outputDecisions.map(
      (id) => [this.#model.nodes[id]?.variable ?? id, inner.decide(id).value] as const,
    );
    const [only] = results;
    const value = results.length === 1 && only !== undefined ? only[1] : Object.fromEntries(results);
    return this.#typed(value, service.type, `decision service '${service.name}'`);
  }

  #explain(
    node: DecisionNode,
    inputs: Record<string, Value>,
    before: number,
    value: Value,
    required: readonly DecisionExplanation[],
  ): DecisionExplanation {
    const match = this.#matchOf(node, before);
    const entries =
      match === undefined
        ? Object.entries(inputs)
        : match.table.inputs.map((input, column) => [input.label, match.inputs[column] ?? null] as const);
    return {
      decisionId: node.id,
      decisionName: node.name,
      inputs: Object.fromEntries(entries.map(([name, input]) => [name, toJson(input, this.#evaluation)])),
      matchedRules: (match?.rules ?? []).map((rule) => ({
        rule: rule + 1,
        annotation: match?.table.rules[rule]?.annotation ?? null,
      })),
      output: toJson(value, this.#evaluation),
      required,
    };
  }

  /** The decision's own table, else the last one its logic reached (in a knowledge model, say). */
  #matchOf(node: DecisionNode, before: number): TableMatch | undefined {
    const own = this.#evaluation.matches.slice(before);
    const { logic } = node;
    const table =
      logic.type === 'table'
        ? logic.table
        : logic.type === 'convert' && logic.value.type === 'table'
          ? logic.value.table
          : null;
    return own.find((match) => match.table === table) ?? own.at(-1);
  }
}

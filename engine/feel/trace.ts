/** Evaluation that tells how its value came about: which sub-expression gave which value, why one is null, what was missing. */
import type { FeelNode, SourceRange } from './ast.ts';
import type { FeelContext } from './context.ts';
import { createEvaluation, type Observer } from './evaluation.ts';
import { guarded, type FeelResult } from './evaluate.ts';
import { numberToJson, isNumber } from './number.ts';
import { isoText } from './temporal.ts';
import { FunctionValue, Range, isList, isTemporal, textOf, toJson } from './value.ts';
import type { Environment, Value, WarningCode } from './value.ts';
import type { Json } from '../json.ts';
import { limits } from '../limits.ts';

/** Why a sub-expression is null. */
export interface TraceReason {
  readonly code: WarningCode;
  readonly message: string;
  /** The variable, function or entry that is missing, if that is why. */
  readonly name: string | null;
}
export interface TraceStep {
  /** Where in the source the sub-expression stands: offsets in UTF-16 code units, the end not included. */
  readonly at: SourceRange;
  /** Long texts, long lists and deep values are cut, which `…` shows. */
  readonly value: Json;
  readonly reason?: TraceReason;
}
export type Trace = FeelResult & {
  /** Innermost first, in order of evaluation; at most limits.feelTraceSteps. */
  readonly trace: readonly TraceStep[];
  /** Whether there were more steps than the trace holds. */
  readonly truncated: boolean;
};

/** Like `evaluate`, with its trace. Costs time and memory in proportion to the limits; nothing where it is not called. */
export function traceFeel(node: FeelNode, context: FeelContext): Trace {
  const recorder = new Recorder();
  const evaluation = createEvaluation(context, recorder);
  recorder.environment = evaluation;
  const result: FeelResult = guarded<FeelResult>(() => {
    const value = toJson(evaluation.evaluate(node, null), evaluation);
    return { ok: true, value, warnings: evaluation.warnings };
  });
  return { ...result, trace: recorder.steps, truncated: recorder.truncated };
}

class Recorder implements Observer {
  readonly steps: TraceStep[] = [];
  truncated = false;
  environment: Environment | null = null;
  /** The reason of each node under evaluation, outermost first. */
  readonly #open: (TraceReason | null)[] = [];

  enter(): void {
    this.#open.push(null);
  }
  warn(message: string, code: WarningCode, name: string | null): void {
    const last = this.#open.length - 1;
    if (last >= 0) this.#open[last] ??= { code, message, name };
  }
  leave({ at }: FeelNode, value: Value): void {
    const reason = this.#open.pop() ?? null;
    if (at === undefined) return;
    if (this.steps.length >= limits.feelTraceSteps) {
      this.truncated = true;
      return;
    }
    const shown = this.environment === null ? null : preview(value, this.environment, 0);
    this.steps.push(reason !== null && value === null ? { at, value: shown, reason } : { at, value: shown });
  }
}

/** Items of a list or context that a trace shows, levels of them, and characters of a text. */
const [shownItems, shownLevels, shownCharacters] = [20, 4, 200];

function preview(value: Value, env: Environment, level: number): Json {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length > shownCharacters ? `${value.slice(0, shownCharacters)}…` : value;
  if (isNumber(value)) return numberToJson(value);
  if (isTemporal(value)) return isoText(value);
  if (value instanceof Range) return textOf(value, env);
  if (value instanceof FunctionValue) return 'function';
  if (level >= shownLevels) return '…';
  if (isList(value)) {
    const items = value.slice(0, shownItems).map((item) => preview(item, env, level + 1));
    return value.length > shownItems ? [...items, '…'] : items;
  }
  const keys = Object.keys(value);
  const entries = keys.slice(0, shownItems).map((key) => [key, preview(value[key] ?? null, env, level + 1)] as const);
  return Object.fromEntries(keys.length > shownItems ? [...entries, ['…', '…'] as const] : entries);
}

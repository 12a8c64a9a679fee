/** Which version of a decision decides: rules change on a day, and cases are judged by those of their own. */
import type { Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { DecisionModel } from './dmn/model.ts';
import { evaluateString } from './expression.ts';
import type { Scope } from './expression.ts';
import type { BusinessRuleTask, ProcessModel } from './model.ts';
import { formatDateTime, parseDateTime } from './time.ts';

type DecisionRule = Extract<BusinessRuleTask['rule'], { readonly kind: 'decision' }>;

/** Name of a decision among those bound to a process. */
export const boundDecisionId = (id: string, versionTag: string | undefined): string =>
  versionTag === undefined ? id : `${id}#${versionTag}`;

/** The version in force at a time: of those that have begun, the one that began last; of two of the same day, the one published last. */
export function versionInForce(versions: readonly DecisionModel[], atMs: number): DecisionModel | null {
  let found: DecisionModel | null = null;
  for (const version of versions) {
    const since = version.validFromMs ?? -Infinity;
    if (since <= atMs && since >= (found?.validFromMs ?? -Infinity)) found = version;
  }
  return found;
}

/** The decision that a task asks, under its name among those bound to the process. */
export interface ChosenDecision {
  readonly id: string;
  readonly decision: DecisionModel;
}
export function chooseDecision(
  process: Pick<ProcessModel, 'decisions' | 'decisionVersions'>,
  rule: DecisionRule,
  scope: Scope,
): Result<ChosenDecision> {
  const id = evaluateString(rule.decisionId, scope);
  if (!id.ok) return id;
  const name = boundDecisionId(id.value, rule.versionTag);
  const { decisions, decisionVersions = {} } = process;
  const bound = Object.hasOwn(decisions, name) ? decisions[name] : undefined;
  if (!bound) return fail('CALLED_DECISION_ERROR', `There is no decision '${name}'.`);
  const versions = Object.hasOwn(decisionVersions, name) ? decisionVersions[name] : undefined;
  if (!versions) return ok({ id: name, decision: bound });
  const atMs = dateOf(rule, scope);
  if (!atMs.ok) return atMs;
  const decision = versionInForce(versions, atMs.value);
  if (decision) return ok({ id: name, decision });
  return fail(
    'CALLED_DECISION_ERROR',
    `No version of decision '${name}' is in force at ${formatDateTime(atMs.value)}.`,
  );
}

function dateOf({ decisionDate }: DecisionRule, scope: Scope): Result<number> {
  if (decisionDate === undefined) return ok(scope.nowMs);
  const text = evaluateString(decisionDate, scope);
  if (!text.ok) return text;
  const atMs = parseDateTime(text.value);
  return atMs === null
    ? fail('EXTRACT_VALUE_ERROR', 'The decision date is not a date-time with an offset (2026-11-30T08:00:00+07:00).')
    : ok(atMs);
}

/** What kinds of element mean to a token: whether it waits there, and what may come out besides going on. */
import { literal } from '../expression.ts';
import type { CatchTrigger, ElementId, Expression, FlowNode, SingleResult, EndingResult } from '#engine/model.ts';

/** Stands for a code or name that only shows at run time. */
export const anyCode = '*';

/** What a scope can do to the scope around it, besides completing. */
export interface ScopeSummary {
  /** Some path leads to its end. */
  readonly completes: boolean;
  /** Something in it waits, so that triggers may occur meanwhile. */
  readonly waits: boolean;
  /** A cancel end event is reached. */
  readonly cancels: boolean;
  /** Codes of errors and escalations that leave it. */
  readonly errors: ReadonlySet<string>;
  readonly escalations: ReadonlySet<string>;
}
export type Summaries = ReadonlyMap<ElementId, ScopeSummary>;

type Result = SingleResult | EndingResult;
const resultsOf = (node: FlowNode): readonly Result[] =>
  node.type === 'endEvent' || node.type === 'intermediateThrowEvent' ? node.results : [];

export const codeOf = (code: Expression | null): string => literal(code) ?? anyCode;

/** Names of the signals that an end or throw event broadcasts. */
export const broadcastBy = (node: FlowNode): readonly string[] =>
  resultsOf(node).flatMap((result) => (result.type === 'signal' ? codeOf(result.signal.name) : []));
/** Codes that an end or throw event throws. */
export const thrownErrors = (node: FlowNode): readonly string[] =>
  resultsOf(node).flatMap((result) => (result.type === 'error' ? codeOf(result.error.code) : []));
export const thrownEscalations = (node: FlowNode): readonly string[] =>
  resultsOf(node).flatMap((result) => (result.type === 'escalation' ? codeOf(result.escalation.code) : []));

export type Ending = 'terminate' | 'error' | 'cancel';
/** How an end event ends the whole scope, null: it ends its own token only. */
export function endingOf(node: FlowNode): Ending | null {
  const last = resultsOf(node).at(-1)?.type;
  return last === 'terminate' || last === 'error' || last === 'cancel' ? last : null;
}

/** Whether somebody outside has a part in it, who may also throw any error (jobs, listeners' jobs included, and called processes). */
export function isDoneOutside(node: FlowNode): boolean {
  if (node.listeners.length > 0 || (node.type === 'userTask' && node.taskListeners.length > 0)) return true;
  if (node.type === 'scriptTask') return node.script.kind === 'job';
  if (node.type === 'businessRuleTask') return node.rule.kind === 'job';
  if (node.type === 'sendTask') return node.send.kind === 'job';
  if (resultsOf(node).some((result) => result.type === 'message' && result.send.kind === 'job')) return true;
  return node.type === 'serviceTask' || node.type === 'callActivity';
}

/** Whether the activity may complete without having been done: no instance, no round. */
export const mayBeSkipped = (node: FlowNode): boolean =>
  'multiInstance' in node && (node.multiInstance !== null || node.standardLoop?.testBefore === true);

/** Whether a token may rest at the element, so that time passes and triggers may occur. */
export function isWait(node: FlowNode, summaries: Summaries): boolean {
  const inside = summaries.get(node.id);
  if (inside?.waits === true || isDoneOutside(node)) return true;
  switch (node.type) {
    case 'userTask':
    case 'receiveTask':
    case 'eventBasedGateway':
      return true;
    case 'intermediateCatchEvent':
      return node.trigger.type !== 'link';
    case 'adHocSubProcess':
      return node.activeElements === null;
    default:
      return resultsOf(node).some((result) => result.type === 'compensation' && result.waitForCompletion);
  }
}

/** Whether a catching code takes a thrown one. */
const takes = (caught: Expression | null, thrown: ReadonlySet<string>): boolean =>
  caught === null ? thrown.size > 0 : thrown.has(codeOf(caught)) || thrown.has(anyCode) || codeOf(caught) === anyCode;

/** What may occur around a catch event: while something waits, and what is thrown to it. */
export interface Occurrences extends Omit<ScopeSummary, 'completes'> {
  readonly compensates: boolean;
  /** Names of the signals that the process itself broadcasts. */
  readonly signals: ReadonlySet<string>;
}

/** Whether a boundary event or the start event of an event sub-process can occur at all. */
export function canOccur(trigger: CatchTrigger, around: Occurrences): boolean {
  switch (trigger.type) {
    case 'error':
      return takes(trigger.error.code, around.errors);
    case 'escalation':
      return takes(trigger.escalation.code, around.escalations);
    case 'cancel':
      return around.cancels;
    case 'compensation':
      return around.compensates;
    case 'multiple':
      return trigger.triggers.some((part) => canOccur(part, around));
    case 'parallelMultiple':
      return trigger.triggers.every((part) => canOccur(part, around));
    case 'signal':
      return around.waits || takes(trigger.signal.name, around.signals);
    case 'timer':
    case 'message':
      return around.waits;
    case 'conditional':
      return true;
    case 'link':
      return false;
  }
}

/** The codes of one kind that the triggers leave uncaught. */
export function uncaught(
  codes: ReadonlySet<string>,
  kind: 'error' | 'escalation',
  triggers: readonly CatchTrigger[],
): ReadonlySet<string> {
  const caught = triggers
    .flatMap((trigger) => ('triggers' in trigger ? trigger.triggers : trigger))
    .flatMap((trigger) => {
      if (trigger.type === 'error' && kind === 'error') return [trigger.error.code];
      return trigger.type === 'escalation' && kind === 'escalation' ? [trigger.escalation.code] : [];
    });
  if (caught.includes(null)) return new Set();
  return new Set([...codes].filter((code) => !caught.some((expression) => codeOf(expression) === code)));
}

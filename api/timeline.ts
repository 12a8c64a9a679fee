/** Facts of a case told as its business timeline: what people would tell each other, without the tokens in between. */
import type { TimelineEntry } from '#contract/case.ts';
import type { FactRow, NamedElement } from '#db/queries/cases.ts';
import type { Fact, FactType } from '#engine/fact.ts';
import { keyWithin } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Seq } from '#engine/command.ts';
import { jsonView } from './json-view.ts';

type FactOf<T extends FactType> = Extract<Fact, { readonly type: T }>;

export interface TimelineContext {
  readonly instanceKey: string;
  readonly model: ProcessModel | null;
  /** Elements behind sequence numbers, by key. */
  readonly referred: ReadonlyMap<string, NamedElement>;
}
interface Line {
  readonly kind: TimelineEntry['kind'];
  readonly elementId: string | null;
  readonly detail: TimelineEntry['detail'];
}
const line = (kind: Line['kind'], elementId: string | null, detail: Line['detail'] = {}): Line => ({
  kind,
  elementId,
  detail,
});
const dateOf = (ms: number): string => new Date(ms).toISOString();

class Teller {
  readonly #context: TimelineContext;

  constructor(context: TimelineContext) {
    this.#context = context;
  }
  /** The element behind a sequence number, and what it is about: job type, message or signal name. */
  referred(seq: Seq): NamedElement | undefined {
    return this.#context.referred.get(keyWithin(this.#context.instanceKey, seq));
  }
  what(seq: Seq): string {
    return this.referred(seq)?.what ?? '';
  }
  at(kind: Line['kind'], seq: Seq, detail: Line['detail'] = {}): Line {
    return line(kind, this.referred(seq)?.elementId ?? null, detail);
  }
  /** Events beside the flow watch in the background: worth a line when they happen, not when they begin to watch. */
  awaits(kind: Line['kind'], elementId: string, detail: Line['detail'] = {}): Line | null {
    const type = this.#context.model?.nodes[elementId]?.type;
    return type === 'boundaryEvent' || type === 'startEvent' ? null : line(kind, elementId, detail);
  }
  isEventSubProcess(elementId: string): boolean {
    return this.#context.model?.nodes[elementId]?.type === 'eventSubProcess';
  }
  /** A throw event that sends, undoes or jumps has a line of its own for that; one without an effect is a milestone of the diagram. */
  hasEffect(elementId: string): boolean {
    const node = this.#context.model?.nodes[elementId];
    return node?.type === 'intermediateThrowEvent' && node.results.length > 0;
  }
  nameOf(elementId: string | null): string | null {
    if (elementId === null) return null;
    return (
      this.#context.model?.nodes[elementId]?.name ??
      [...this.#context.referred.values()].find((element) => element.elementId === elementId)?.name ??
      null
    );
  }
}

/** What each fact says to people; null, or not listed: nothing. */
const telling = {
  instanceStarted: () => line('caseStarted', null),
  instanceCompleted: ({ endElements }) =>
    line('caseCompleted', endElements.at(-1) ?? null, { endElements: [...endElements] }),
  instanceTerminated: ({ reason }) => line('caseCanceled', null, { message: reason }),
  instanceErrored: ({ code, message }) => line('caseErrored', null, { code, message }),
  elementCompleted: ({ elementType, elementId }, teller) =>
    elementType === 'manualTask' || (elementType === 'intermediateThrowEvent' && !teller.hasEffect(elementId))
      ? line('milestonePassed', elementId)
      : null,
  userTaskCreated: ({ elementId, assignee, dueMs }) =>
    line('userTaskCreated', elementId, {
      ...(assignee === null ? {} : { assignee }),
      ...(dueMs === null ? {} : { dueDate: dateOf(dueMs) }),
    }),
  userTaskAssigned: ({ task, assignee }, teller) =>
    assignee === null ? teller.at('userTaskUnassigned', task) : teller.at('userTaskAssigned', task, { assignee }),
  userTaskUpdated: ({ type, task }, teller) => teller.at(type, task),
  userTaskChangeRequested: ({ type, task }, teller) => teller.at(type, task),
  userTaskChangeDenied: ({ type, task, reason }, teller) =>
    teller.at(type, task, reason === null ? {} : { message: reason }),
  // With listeners, the one whose answer let it happen is not the one who did the work.
  userTaskCompleted: ({ type, elementId, by }) => line(type, elementId, by === null ? {} : { completedBy: by }),
  userTaskCanceled: ({ type, task }, teller) => teller.at(type, task),
  jobCompleted: ({ type, job }, teller) =>
    teller.at(teller.referred(job)?.isListener === true ? 'listenerCompleted' : type, job, {
      jobType: teller.what(job),
    }),
  jobFailed: ({ type, job, retries, message }, teller) =>
    teller.at(type, job, { jobType: teller.what(job), retries, message }),
  jobErrorThrown: ({ type, job, code, message }, teller) => teller.at(type, job, { code, message }),
  timerSet: ({ type, elementId, dueMs }, teller) => teller.awaits(type, elementId, { dueDate: dateOf(dueMs) }),
  timerFired: ({ type, timer }, teller) => teller.at(type, timer),
  messageSubscriptionOpened: ({ elementId, messageName }, teller) =>
    teller.awaits('messageAwaited', elementId, { messageName }),
  messageCorrelated: ({ subscription }, teller) =>
    teller.at('messageReceived', subscription, { messageName: teller.what(subscription) }),
  messagePublished: ({ element, messageName }, teller) => teller.at('messageSent', element, { messageName }),
  signalSubscriptionOpened: ({ elementId, signalName }, teller) =>
    teller.awaits('signalAwaited', elementId, { signalName }),
  signalReceived: ({ type, subscription }, teller) =>
    teller.at(type, subscription, { signalName: teller.what(subscription) }),
  signalBroadcast: ({ element, signalName }, teller) => teller.at('signalSent', element, { signalName }),
  conditionWatched: ({ elementId }, teller) => teller.awaits('conditionAwaited', elementId),
  conditionChanged: ({ condition, holds }, teller) => (holds ? teller.at('conditionMet', condition) : null),
  escalationThrown: ({ elementId, code, caughtBy }, teller) =>
    line('escalated', elementId, {
      code,
      ...(caughtBy === null ? {} : { caughtBy: { elementId: caughtBy, name: teller.nameOf(caughtBy) } }),
    }),
  compensationStarted: ({ type, element }, teller) => teller.at(type, element),
  // Also when a scope just ends, or a transaction is cancelled, what could begin beside it is closed: then by the scope's own id.
  scopeInterrupted: ({ scope, by }, teller) =>
    teller.isEventSubProcess(by) && by !== teller.referred(scope)?.elementId ? line('flowInterrupted', by) : null,
  adHocElementsChosen: ({ element, elements }, teller) =>
    teller.at('stepsChosen', element, {
      steps: elements.map(({ elementId }) => ({ elementId, name: teller.nameOf(elementId) })),
    }),
  loopStarted: ({ type, element, count }, teller) => teller.at(type, element, { count }),
  stepPaused: ({ type }) => line(type, null),
  childCalled: ({ elementId, processId }) => line('childStarted', elementId, { processDefinitionId: processId }),
  childEnded: ({ type, element, outcome }, teller) => teller.at(type, element, { outcome }),
  decisionEvaluated: ({ type, elementId, explanation }) =>
    line(type, elementId, { decisionId: explanation.decisionId, output: jsonView(explanation.output) }),
  incidentRaised: ({ type, elementId, code, message }) => line(type, elementId, { code, message }),
  incidentResolved: ({ type, incident }, teller) => teller.at(type, incident),
  interventionMade: ({ type, command, reason, before, after }) =>
    line(type, null, { command, reason, before: jsonView(before), after: jsonView(after) }),
} satisfies { readonly [T in FactType]?: (fact: FactOf<T>, teller: Teller) => Line | null };

/** Facts that can become an entry. */
export const toldFacts = Object.keys(telling) as readonly (keyof typeof telling)[];
type Tell = (fact: Fact, teller: Teller) => Line | null;

export function timelineOf(facts: readonly FactRow[], context: TimelineContext): TimelineEntry[] {
  const teller = new Teller(context);
  return facts.flatMap(({ number, at, actor, fact }) => {
    // The table's type ties each teller to its own fact; the compiler cannot follow that through an index.
    const tell = (telling as Partial<Record<FactType, Tell>>)[fact.type];
    const told = tell?.(fact, teller) ?? null;
    return told === null ? [] : [{ number, at, actor, ...told, name: teller.nameOf(told.elementId) }];
  });
}

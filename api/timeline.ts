/** Facts of a case told as its business timeline: what people would tell each other, without the tokens in between. */
import type { TimelineEntry } from '#contract/case.ts';
import type { FactRow, NamedElement } from '#db/queries/cases.ts';
import type { Fact, FactType } from '#engine/fact.ts';
import { keyWithin } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Seq } from '#engine/command.ts';
import { jsonView } from './json-view.ts';

/** Facts that can become an entry. */
export const toldFacts = [
  'instanceStarted',
  'instanceCompleted',
  'instanceTerminated',
  'instanceErrored',
  'elementCompleted',
  'userTaskCreated',
  'userTaskAssigned',
  'userTaskCompleted',
  'userTaskCanceled',
  'jobCompleted',
  'jobFailed',
  'jobErrorThrown',
  'timerSet',
  'timerFired',
  'messageSubscriptionOpened',
  'messageCorrelated',
  'messagePublished',
  'childCalled',
  'childEnded',
  'decisionEvaluated',
  'incidentRaised',
  'incidentResolved',
] as const satisfies readonly FactType[];
type Told = Extract<Fact, { type: (typeof toldFacts)[number] }>;

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

class Teller {
  readonly #context: TimelineContext;

  constructor(context: TimelineContext) {
    this.#context = context;
  }
  #referred(seq: Seq): NamedElement | undefined {
    return this.#context.referred.get(keyWithin(this.#context.instanceKey, seq));
  }
  #at(kind: Line['kind'], seq: Seq, detail: Line['detail'] = {}): Line {
    return { kind, elementId: this.#referred(seq)?.elementId ?? null, detail };
  }
  nameOf(elementId: string | null): string | null {
    if (elementId === null) return null;
    return (
      this.#context.model?.nodes[elementId]?.name ??
      [...this.#context.referred.values()].find((element) => element.elementId === elementId)?.name ??
      null
    );
  }
  /** Boundary events watch in the background: worth a line when they happen, not when they are set. */
  #isBackground(elementId: string): boolean {
    return this.#context.model?.nodes[elementId]?.type === 'boundaryEvent';
  }

  /** null: this fact says nothing to people. */
  tell(fact: Told): Line | null {
    switch (fact.type) {
      case 'instanceStarted':
        return { kind: 'caseStarted', elementId: null, detail: {} };
      case 'instanceCompleted':
        return {
          kind: 'caseCompleted',
          elementId: fact.endElements.at(-1) ?? null,
          detail: { endElements: [...fact.endElements] },
        };
      case 'instanceTerminated':
        return { kind: 'caseCanceled', elementId: null, detail: { message: fact.reason } };
      case 'instanceErrored':
        return { kind: 'caseErrored', elementId: null, detail: { code: fact.code, message: fact.message } };
      case 'elementCompleted':
        // A named throw event without an effect is a milestone of the diagram.
        return fact.elementType === 'intermediateThrowEvent' || fact.elementType === 'manualTask'
          ? { kind: 'milestonePassed', elementId: fact.elementId, detail: {} }
          : null;
      default:
        return this.#tellWork(fact);
    }
  }

  #tellWork(
    fact: Exclude<
      Told,
      { type: 'instanceStarted' | 'instanceCompleted' | 'instanceTerminated' | 'instanceErrored' | 'elementCompleted' }
    >,
  ): Line | null {
    switch (fact.type) {
      case 'userTaskCreated': {
        const { elementId, assignee, dueMs } = fact;
        return {
          kind: 'userTaskCreated',
          elementId,
          detail: {
            ...(assignee === null ? {} : { assignee }),
            ...(dueMs === null ? {} : { dueDate: new Date(dueMs).toISOString() }),
          },
        };
      }
      case 'userTaskAssigned':
        return fact.assignee === null
          ? this.#at('userTaskUnassigned', fact.task)
          : this.#at('userTaskAssigned', fact.task, { assignee: fact.assignee });
      case 'userTaskCompleted':
        return { kind: 'userTaskCompleted', elementId: fact.elementId, detail: {} };
      case 'userTaskCanceled':
        return this.#at('userTaskCanceled', fact.task);
      case 'jobCompleted':
        return this.#at('jobCompleted', fact.job, { jobType: this.#referred(fact.job)?.what ?? '' });
      case 'jobFailed':
        return this.#at('jobFailed', fact.job, {
          jobType: this.#referred(fact.job)?.what ?? '',
          retries: fact.retries,
          message: fact.message,
        });
      case 'jobErrorThrown':
        return this.#at('jobErrorThrown', fact.job, { code: fact.code, message: fact.message });
      case 'incidentRaised':
        return {
          kind: 'incidentRaised',
          elementId: fact.elementId,
          detail: { code: fact.code, message: fact.message },
        };
      case 'incidentResolved':
        return this.#at('incidentResolved', fact.incident);
      case 'decisionEvaluated':
        return {
          kind: 'decisionEvaluated',
          elementId: fact.elementId,
          detail: { decisionId: fact.explanation.decisionId, output: jsonView(fact.explanation.output) },
        };
      default:
        return this.#tellEvent(fact);
    }
  }

  #tellEvent(
    fact: Extract<
      Told,
      {
        type:
          | 'timerSet'
          | 'timerFired'
          | 'messageSubscriptionOpened'
          | 'messageCorrelated'
          | 'messagePublished'
          | 'childCalled'
          | 'childEnded';
      }
    >,
  ): Line | null {
    switch (fact.type) {
      case 'timerSet':
        return this.#isBackground(fact.elementId)
          ? null
          : { kind: 'timerSet', elementId: fact.elementId, detail: { dueDate: new Date(fact.dueMs).toISOString() } };
      case 'timerFired':
        return this.#at('timerFired', fact.timer);
      case 'messageSubscriptionOpened':
        return this.#isBackground(fact.elementId)
          ? null
          : { kind: 'messageAwaited', elementId: fact.elementId, detail: { messageName: fact.messageName } };
      case 'messageCorrelated':
        return this.#at('messageReceived', fact.subscription, {
          messageName: this.#referred(fact.subscription)?.what ?? '',
        });
      case 'messagePublished':
        return this.#at('messageSent', fact.element, { messageName: fact.messageName });
      case 'childCalled':
        return { kind: 'childStarted', elementId: fact.elementId, detail: { processDefinitionId: fact.processId } };
      case 'childEnded':
        return this.#at('childEnded', fact.element, { outcome: fact.outcome });
    }
  }
}
const isTold = (fact: Fact): fact is Told => (toldFacts as readonly FactType[]).includes(fact.type);

export function timelineOf(facts: readonly FactRow[], context: TimelineContext): TimelineEntry[] {
  const teller = new Teller(context);
  return facts.flatMap(({ number, at, actor, fact }) => {
    const line = isTold(fact) ? teller.tell(fact) : null;
    return line === null ? [] : [{ number, at, actor, ...line, name: teller.nameOf(line.elementId) }];
  });
}

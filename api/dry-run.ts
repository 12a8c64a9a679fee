/** Facts that a command would make, told as a list of what would happen. */
import type { DryRunLine } from '#contract/operation.ts';
import type { NamedElement } from '#db/queries/cases.ts';
import type { Seq } from '#engine/command.ts';
import type { Fact, FactType } from '#engine/fact.ts';
import type { Json } from '#engine/json.ts';
import { keyWithin } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import { jsonView } from './json-view.ts';

export interface DryRunContext {
  readonly instanceKey: string;
  readonly model: ProcessModel | null;
  /** Elements behind sequence numbers, by key. */
  readonly referred: ReadonlyMap<string, NamedElement>;
  /** Values as they are, by scope key and name; undefined: not set. */
  readonly valueOf: (scopeKey: string, name: string) => Json | undefined;
}
type FactOf<T extends FactType> = Extract<Fact, { readonly type: T }>;
type Line = Pick<DryRunLine, 'kind' | 'elementId' | 'detail'>;
type Told = Line | readonly Line[] | null;

const line = (kind: Line['kind'], elementId: string | null, detail: Line['detail'] = {}): Line => ({
  kind,
  elementId,
  detail,
});
const dateOf = (ms: number): string => new Date(ms).toISOString();

/** What the facts so far have made known beside the read model. */
class Reader {
  readonly #context: DryRunContext;
  readonly #elements = new Map<Seq, string>();
  readonly #jobTypes = new Map<Seq, string>();
  readonly #values = new Map<string, Json>();

  constructor(context: DryRunContext) {
    this.#context = context;
  }
  key(seq: Seq): string {
    return keyWithin(this.#context.instanceKey, seq);
  }
  learn(seq: Seq, elementId: string, jobType?: string): void {
    this.#elements.set(seq, elementId);
    if (jobType !== undefined) this.#jobTypes.set(seq, jobType);
  }
  elementOf(seq: Seq): string | null {
    return this.#elements.get(seq) ?? this.#context.referred.get(this.key(seq))?.elementId ?? null;
  }
  jobType(seq: Seq): string {
    return this.#jobTypes.get(seq) ?? this.#context.referred.get(this.key(seq))?.what ?? '';
  }
  nameOf(elementId: string | null): string | null {
    if (elementId === null) return null;
    const { model, referred } = this.#context;
    const named = model?.nodes[elementId]?.name;
    return named ?? [...referred.values()].find((element) => element.elementId === elementId)?.name ?? null;
  }
  at(kind: Line['kind'], seq: Seq, detail: Line['detail'] = {}): Line {
    return line(kind, this.elementOf(seq), detail);
  }
  set(scope: Seq, name: string, after: Json): Line {
    const scopeKey = this.key(scope);
    const place = `${scopeKey}/${name}`;
    const before = this.#values.get(place) ?? this.#context.valueOf(scopeKey, name);
    this.#values.set(place, after);
    const was = before === undefined ? {} : { before: jsonView(before) };
    return this.at('variableSet', scope, { variable: name, scopeKey, ...was, after: jsonView(after) });
  }
}

/** What each fact would be to a person; not listed: how it comes about, nothing of its own. */
const telling = {
  instanceCompleted: () => line('caseCompleted', null),
  instanceTerminated: () => line('caseCanceled', null),
  instanceErrored: ({ code, message }) => line('caseErrored', null, { code, message }),
  instanceSuspended: () => line('caseSuspended', null),
  instanceResumed: () => line('caseResumed', null),
  instanceMigrated: () => line('caseMigrated', null),
  elementActivated: ({ element, elementId, elementType }, reader) => {
    reader.learn(element, elementId);
    return elementType === 'process' ? null : line('elementStarted', elementId);
  },
  elementCompleted: ({ elementId, elementType }) =>
    elementType === 'process' ? null : line('elementCompleted', elementId),
  elementTerminated: ({ elementId, elementType }) =>
    elementType === 'process' ? null : line('elementWithdrawn', elementId),
  elementMigrated: ({ elementId }) => line('elementMigrated', elementId),
  variablesSet: ({ scope, variables }, reader) =>
    Object.entries(variables).map(([name, value]) => reader.set(scope, name, value)),
  userTaskCreated: ({ elementId, dueMs }) =>
    line('taskCreated', elementId, dueMs === null ? {} : { dueDate: dateOf(dueMs) }),
  userTaskCompleted: ({ elementId }) => line('taskCompleted', elementId),
  userTaskCanceled: ({ task }, reader) => reader.at('taskWithdrawn', task),
  userTaskUpdated: ({ task }, reader) => reader.at('taskChanged', task),
  jobCreated: ({ job, elementId, jobType, retries }, reader) => {
    reader.learn(job, elementId, jobType);
    return line('jobCreated', elementId, { jobType, retries });
  },
  jobCompleted: ({ job }, reader) => reader.at('jobCompleted', job, { jobType: reader.jobType(job) }),
  jobFailed: ({ job, retries, message }, reader) => reader.at('jobFailed', job, { retries, message }),
  jobRetried: ({ job, retries }, reader) => reader.at('jobRetried', job, { jobType: reader.jobType(job), retries }),
  jobRescheduled: ({ job, retryAtMs }, reader) =>
    reader.at('jobRetried', job, { jobType: reader.jobType(job), dueDate: dateOf(retryAtMs) }),
  jobRetriesChanged: ({ job, retries }, reader) =>
    reader.at('jobRetried', job, { jobType: reader.jobType(job), retries }),
  jobCanceled: ({ job }, reader) => reader.at('jobWithdrawn', job, { jobType: reader.jobType(job) }),
  timerSet: ({ timer, elementId, dueMs }, reader) => {
    reader.learn(timer, elementId);
    return line('timerSet', elementId, { dueDate: dateOf(dueMs) });
  },
  timerRescheduled: ({ timer, dueMs }, reader) => reader.at('timerMoved', timer, { dueDate: dateOf(dueMs) }),
  timerFired: ({ timer }, reader) => reader.at('timerFired', timer),
  timerCanceled: ({ timer }, reader) => reader.at('timerWithdrawn', timer),
  messageSubscriptionOpened: ({ subscription, elementId, messageName }, reader) => {
    reader.learn(subscription, elementId);
    return line('messageAwaited', elementId, { messageName });
  },
  messageSubscriptionClosed: ({ subscription, messageName }, reader) =>
    reader.at('messageWithdrawn', subscription, { messageName }),
  messagePublished: ({ element, messageName }, reader) => reader.at('messageSent', element, { messageName }),
  signalBroadcast: ({ element, signalName }, reader) => reader.at('signalSent', element, { messageName: signalName }),
  childCalled: ({ elementId, processId }) => line('calledCaseStarted', elementId, { processDefinitionId: processId }),
  childCanceled: ({ element }, reader) => reader.at('calledCaseCanceled', element),
  compensationStarted: ({ element }, reader) => reader.at('compensationStarted', element),
  decisionEvaluated: ({ elementId }) => line('decisionEvaluated', elementId),
  incidentRaised: ({ incident, elementId, code, message }, reader) => {
    reader.learn(incident, elementId);
    return line('incidentRaised', elementId, { code, message });
  },
  incidentResolved: ({ incident }, reader) => reader.at('incidentResolved', incident),
  commandKept: () => line('answerKept', null),
} satisfies { readonly [T in FactType]?: (fact: FactOf<T>, reader: Reader) => Told };
type Tell = (fact: Fact, reader: Reader) => Told;

export function dryRunLines(facts: readonly Fact[], context: DryRunContext): DryRunLine[] {
  const reader = new Reader(context);
  return facts.flatMap((fact) => {
    // The table's type ties each teller to its own fact; the compiler cannot follow that through an index.
    const tell = (telling as Partial<Record<FactType, Tell>>)[fact.type];
    const told = tell?.(fact, reader) ?? [];
    const lines = Array.isArray(told) ? (told as readonly Line[]) : [told as Line];
    return lines.map(({ elementId, ...rest }) => ({
      ...rest,
      processInstanceKey: context.instanceKey,
      elementId,
      name: reader.nameOf(elementId),
    }));
  });
}

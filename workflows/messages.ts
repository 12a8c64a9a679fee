/**
 * The message API of the workflows, on one screen. Declarations only: shared by the workflows, which handle them, and by api/ and
 * activities/, which send them. Update ids are idempotency keys.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Command, EndChild, MigrateInstance, Rejection, Seq, StartInstance } from '#engine/command.ts';
import type { Fact, RecordedFact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Variables } from '#engine/json.ts';

/** One task queue: all workers are alike. */
export const taskQueue = 'alur';

/** Commands that people and activities may send; the rest come from the shell itself. */
export type InstanceCommand =
  | Exclude<Command, { readonly type: 'startInstance' | 'fireDue' | 'continue' | 'migrateInstance' }>
  | Omit<MigrateInstance, 'target' | 'modelSha256'>;

export interface CommandMessage {
  /** Of `migrateInstance`: the model to follow, a reference as in `InstanceInput`; the first field (db/payload-codec.ts). */
  readonly model?: ProcessModel;
  readonly modelSha256?: string;
  /** Idempotency key, equal to the update id; remembered across continue-as-new. */
  readonly key: string;
  /** Account name, or `system`. */
  readonly actor: string;
  /** Of a change by hand: why. */
  readonly reason?: string;
  readonly command: InstanceCommand;
}
/** Answer of a command. A repeated key gets the first answer again. */
export type CommandAnswer =
  | {
      readonly accepted: true;
      /** Number of the last fact of this command: the read model is at least this far. */ readonly factNumber: number;
    }
  | { readonly accepted: false; readonly rejection: Rejection };

/** Applied and projected before it answers. A refusal by the validator leaves no trace: ApplicationFailure of type `Rejection`, details [Rejection]. */
export const commandUpdate = defineUpdate<CommandAnswer, [CommandMessage]>('command');
/** Several commands at once, each with its own key and answer: one does not wait for, nor fail with, another. */
export const commandsUpdate = defineUpdate<readonly CommandAnswer[], [readonly CommandMessage[]]>('commands');
/** What a command would do: a dry run on a copy, nothing changes. */
export type Preview =
  | { readonly accepted: true; readonly facts: readonly Fact[] }
  | { readonly accepted: false; readonly rejection: Rejection };
export const previewQuery = defineQuery<Preview, [CommandMessage]>('preview');
export const stateQuery = defineQuery<InstanceState>('state');
/**
 * Whether the command of that key has been carried out for good. Facts can be in PostgreSQL before Temporal has the task that made them
 * (ADR 0008): what they say of a command is true only when its workflow says so too. `factNumber`: of its last fact.
 */
export const isSettledQuery = defineQuery<boolean, [{ readonly key: string; readonly factNumber: number }]>(
  'isSettled',
);
/** Number of the last fact. */
export const factNumberQuery = defineQuery<number>('factNumber');
/** A fact as the instance has made it. */
export type InstanceFact = RecordedFact & { readonly commandKey: string | null };
/** The facts of this run after a number, as many as fit an answer: what the read model must be equal to. */
export const factsQuery = defineQuery<readonly InstanceFact[], [after: number]>('facts');

/** Argument of the workflow of a process instance; its type is the BPMN process id, its id `workflowIdOf(processId, instanceKey)`. */
export interface InstanceInput {
  /** Travels as a reference (claim check), never in history. */
  readonly model: ProcessModel;
  /** Name of the model, put in by the codec when it resolves the reference. */
  readonly modelSha256?: string;
  readonly start: Omit<StartInstance, 'type'> & { readonly actor: string };
  /** Correlation key of the message that started it, when it has one: the instance is the only active one of its process for that key. */
  readonly startLock?: string;
  /** On test stacks: how far the engine's time is ahead of the clock (docs of `setClockUpdate`). */
  readonly clockOffsetMs?: number;
  /** For tests: continue as new once the history has so many events, not only when the server suggests it. */
  readonly continueAfterEvents?: number;
  /** Present after continue-as-new. */
  readonly resume?: ResumedInstance;
}
const modelReference = (modelSha256: string): ProcessModel => ({ modelSha256 }) as unknown as ProcessModel;
/** Argument of a migration: the codec puts the model in place. */
export const migrationMessage = (modelSha256: string, message: CommandMessage): CommandMessage => ({
  model: modelReference(modelSha256),
  ...message,
});
/** Argument of a start: the codec puts the model in place. `model` must come first (db/payload-codec.ts). */
export const startArguments = (
  modelSha256: string,
  start: InstanceInput['start'],
  more: Omit<InstanceInput, 'model' | 'modelSha256' | 'start'> = {},
): [InstanceInput] => [{ model: modelReference(modelSha256), start, ...more }];
export interface ResumedInstance {
  readonly state: InstanceState;
  readonly ledger: readonly { readonly key: string; readonly answer: CommandAnswer }[];
  /** Facts whose effects are still to be performed. */
  readonly effects: readonly Fact[];
  readonly children: readonly CalledInstance[];
  /** true: the parent's run that called this instance is over, so the outcome goes to it as a command. */
  readonly detached: boolean;
}
/** An instance that a call activity called. */
export interface CalledInstance {
  readonly element: Seq;
  readonly instanceKey: string;
  readonly workflowId: string;
}
/** Result of the workflow of a process instance. */
export type InstanceOutcome = EndChild['outcome'];
/** A parent that continues as new asks its children to report their end as a command. */
export const detachSignal = defineSignal('detach');

/** A job that was put aside because its type was on hold is done now; nothing, when it is being done already. */
export const releaseJobSignal = defineSignal<[Seq]>('releaseJob');

export const workflowIdOf = (processId: string, instanceKey: string): string => `${processId}/${instanceKey}`;

/** Message entity workflow: type `alur.message`, one per name and correlation key. */
export const messageWorkflowType = 'alur.message';
export const messageWorkflowId = (name: string, correlationKey: string): string =>
  `message/${encodeURIComponent(name)}/${encodeURIComponent(correlationKey)}`;

/** What a message entity is told, with the time of whoever tells it; see `setClockUpdate`. */
interface Timed {
  readonly clockOffsetMs?: number;
}
export interface PublishedMessage extends Timed {
  /** Public key of the message; delivery to an instance is de-duplicated by it. */
  readonly messageKey: string;
  readonly name: string;
  readonly correlationKey: string;
  /** The same id is accepted once while it is remembered (its time to live). */
  readonly messageId: string | null;
  readonly timeToLiveMs: number;
  readonly variables: Variables;
}
export interface OpenSubscription extends Timed {
  readonly instanceKey: string;
  readonly processId: string;
  /** Element sequence number of the subscription in that instance. */
  readonly subscription: number;
  readonly closesOnCorrelation: boolean;
}
/** Answer of a publication: whether the message id was known already. */
export interface Publication {
  readonly messageKey: string;
  readonly duplicate: boolean;
}
export const publishUpdate = defineUpdate<Publication, [PublishedMessage]>('publish');
/** Correlate now or not at all: the instance's key, or null when nobody waits. */
export const correlateUpdate = defineUpdate<
  { readonly messageKey: string; readonly instanceKey: string | null },
  [PublishedMessage]
>('correlate');
export const publishSignal = defineSignal<[PublishedMessage]>('publishFromInstance');
/** Who waits for the messages of an entity. */
export const subscriptionsQuery = defineQuery<readonly OpenSubscription[]>('subscriptions');
export const subscribeSignal = defineSignal<[OpenSubscription]>('subscribe');
/** An instance that a message of this key started has ended. */
export const startReleasedSignal = defineSignal('startReleased');
export const unsubscribeSignal = defineSignal<[Pick<OpenSubscription, 'instanceKey' | 'subscription'>]>('unsubscribe');

/**
 * A timer that starts instances, of the newest version of a process: waits, starts one instance per due time, ends after the last one or
 * when a newer version has taken over. One per trigger.
 */
export const timerStartWorkflowType = 'alur.timer-start';
export const timerStartWorkflowId = ({ definitionKey, startElement, startPart }: TimerStartId): string =>
  `timer/${definitionKey}/${startElement}/${startPart}`;
export interface TimerStartId {
  readonly definitionKey: string;
  readonly startElement: string;
  /** Place among the triggers of a multiple start event; 0 for the only one. */
  readonly startPart: number;
}
/** How the sources of the instances that a timer starts begin; the due time follows. */
export const timerSources = ({ definitionKey, startElement, startPart }: TimerStartId): string =>
  `timer/${definitionKey}/${startElement}/${startPart}/`;
export interface TimerStart extends TimerStartId {
  readonly processId: string;
  readonly dueMs: number;
  /** Repetitions left after this one; null: unlimited. */
  readonly repetitions: number | null;
  /** ISO 8601 duration or cron; null: no repetition. */
  readonly interval: string | null;
  readonly clockOffsetMs?: number;
}

/** Starts the instances of a timer's times in the past (backfill). One per request; a time that started an instance before starts none. */
export const backfillWorkflowType = 'alur.backfill';
export const backfillWorkflowId = (key: string): string => `backfill/${key}`;
export interface Backfill extends TimerStartId {
  readonly processId: string;
  /** In order. */
  readonly dueMs: readonly number[];
  /** `skip`: nothing is started while an instance that this timer started is active. */
  readonly overlap: 'allow' | 'skip';
}

/** Holds the workflow id of an instance whose start was given up, so that a start which is still on its way comes to nothing. Never run. */
export const fenceWorkflowType = 'alur.fence';
export const idleTaskQueue = 'alur-idle';

/** Gives the jobs of a type that was on hold back to their instances. */
export const releaseJobsWorkflowType = 'alur.release-jobs';
export const releaseJobsWorkflowId = (jobType: string): string => `release-jobs/${encodeURIComponent(jobType)}`;

/** Delivers one broadcast to everybody it reaches, who is written down in PostgreSQL; see db/signals.ts. */
export const signalWorkflowType = 'alur.signal';
export const signalWorkflowId = (signalKey: string): string => `signal/${signalKey}`;
export interface SignalBroadcast {
  readonly signalKey: string;
  readonly name: string;
  readonly variables: Variables;
}

/**
 * Test stacks only: moves the engine's time of an instance, a timer start or a message entity to this far ahead of the clock, lets happen
 * what is due by then, and answers when it has come to rest. A message entity learns it from whoever speaks to it as well.
 */
export const setClockUpdate = defineUpdate<void, [number]>('setClock');

/** Walks the items of a batch operation, which are in PostgreSQL. One per batch; woken when it is resumed or canceled. */
export const batchWorkflowType = 'alur.batch';
export const batchWorkflowId = (batchKey: string): string => `batch/${batchKey}`;
export const wakeBatchSignal = defineSignal('wakeBatch');
/** Idempotency key of what a batch does to one of its items. */
export const batchCommandKey = (batchKey: string, item: number): string => `batch/${batchKey}/${item}`;

/** Compares what the two stores say, and with the outside anchor of the audit; its findings are in PostgreSQL. One per verification. */
export const verificationWorkflowType = 'alur.verification';
export const verificationWorkflowId = (key: string): string => `verification/${key}`;
/** Puts differences right that a verification has found. */
export const repairWorkflowType = 'alur.repair';
export const repairWorkflowId = (key: string, id: string): string => `verification/${key}/repair/${id}`;
export interface RepairOrder {
  /** Of the verification. */
  readonly key: string;
  /** Numbers of differences; null: all that have a repair. */
  readonly numbers: readonly number[] | null;
}

/** The API's only way to Temporal: commands, starts, messages. Failures become refusals the caller can act on. */
import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import {
  ApplicationFailure,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/common';
import type { UpdateDefinition } from '@temporalio/common';
import type { ProblemCode } from '#contract/problem.ts';
import type { Rejection } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import { HandOut } from '#activities/hand-out.ts';
import { isSettled, NotAtRestError, queryAtRest } from '#activities/ask-workflow.ts';
import {
  backfillWorkflowId,
  batchWorkflowId,
  batchWorkflowType,
  backfillWorkflowType,
  commandUpdate,
  commandsUpdate,
  correlateUpdate,
  fenceWorkflowType,
  idleTaskQueue,
  messageWorkflowId,
  messageWorkflowType,
  migrationMessage,
  previewQuery,
  publishUpdate,
  releaseJobsWorkflowId,
  releaseJobsWorkflowType,
  repairWorkflowId,
  repairWorkflowType,
  signalWorkflowId,
  signalWorkflowType,
  startArguments,
  startReleasedSignal,
  taskQueue,
  verificationWorkflowId,
  verificationWorkflowType,
  wakeBatchSignal,
  workflowIdOf,
} from '#workflows/messages.ts';
import type {
  Backfill,
  CommandAnswer,
  CommandMessage,
  InstanceCommand,
  InstanceInput,
  Publication,
  PublishedMessage,
  RepairOrder,
  SignalBroadcast,
} from '#workflows/messages.ts';
import { CommandLines, tooBusy } from './command-lines.ts';
import { Refusal } from './refusal.ts';
import type { Reason } from './texts.ts';

/** How long a caller waits for the worker; then 503, and the same Idempotency-Key may be sent again. */
const commandTimeoutMs = 15_000;
const retryAfterSeconds = 2;
/** How long a workflow task may wait for a worker before it is handed out anew: less than a caller waits. */
const handOutSeconds = 10;
/** How long a caller waits for everybody to get a signal; it reaches the others anyway. */
const broadcastTimeoutMs = 5_000;

export interface CommandOrder {
  readonly processId: string;
  readonly instanceKey: string;
  /** Idempotency key; the engine remembers it. */
  readonly key: string;
  readonly actor: string;
  /** Of a change by hand: why. */
  readonly reason?: string;
  /** Of a migration: hex SHA-256 of the model to follow. */
  readonly modelSha256?: string;
  readonly command: InstanceCommand;
}
export interface StartOrder {
  readonly processId: string;
  /** Hex SHA-256 of the compiled model. */
  readonly modelSha256: string;
  readonly start: InstanceInput['start'];
}
export interface Temporal {
  /** Applies a command and returns the number of its last fact, which is in the read model. @throws Refusal */
  readonly command: (order: CommandOrder) => Promise<number>;
  /** The facts a command would make; nothing changes. @throws Refusal when it would be refused */
  readonly preview: (order: CommandOrder) => Promise<readonly Fact[]>;
  /** Whether a command whose facts are in the read model has been carried out for good. @throws Refusal */
  readonly isSettled: (
    target: Pick<CommandOrder, 'processId' | 'instanceKey' | 'key'>,
    factNumber: number,
  ) => Promise<boolean>;
  /** Has a batch operation worked on that is written down; repeating it changes nothing. @throws Refusal */
  readonly runBatch: (batchKey: string) => Promise<void>;
  /** Starts the workflow of an instance; one that runs or ran already under this key is left alone. @throws Refusal */
  readonly start: (order: StartOrder) => Promise<void>;
  /** Why the workflow of an instance failed to start; null: it did not fail. */
  readonly startFailure: (processId: string, instanceKey: string) => Promise<string | null>;
  /** @throws Refusal */
  readonly publish: (key: string, message: PublishedMessage) => Promise<Publication>;
  /** The instance that got the message; null: nobody waits. @throws Refusal */
  readonly correlate: (key: string, message: PublishedMessage) => Promise<string | null>;
  /** Delivers a broadcast whose receivers are written down; answers when all have got it, or after a while. @throws Refusal */
  readonly broadcast: (broadcast: SignalBroadcast) => Promise<void>;
  /** Starts the instances of a timer's missed times; repeating it under the same key changes nothing. @throws Refusal */
  readonly backfill: (key: string, order: Backfill) => Promise<void>;
  /** Has the jobs of a type done that were put aside. @throws Refusal */
  readonly releaseJobs: (jobType: string) => Promise<void>;
  /** Begins a verification that is written down; repeating it changes nothing. @throws Refusal */
  readonly verify: (key: string) => Promise<void>;
  /** Begins the repair of what a verification has found. @throws Refusal */
  readonly repair: (id: string, order: RepairOrder) => Promise<void>;
  /** Has start events asked again by the messages of these names that wait for them. @throws Refusal */
  readonly releaseMessages: (names: readonly string[]) => Promise<void>;
  /** Takes the place of an instance that does not run, so that it never will; false: it runs or ran. @throws Refusal */
  readonly fence: (processId: string, instanceKey: string) => Promise<boolean>;
  /** Throws when Temporal does not answer. */
  readonly ping: () => Promise<void>;
  readonly client: Client;
}

const rejections: Readonly<Record<Rejection['code'], readonly [ProblemCode, Reason]>> = {
  alreadyStarted: ['alreadyExists', 'engine'],
  notActive: ['wrongState', 'caseEnded'],
  unknownTask: ['wrongState', 'taskEnded'],
  taskBusy: ['wrongState', 'engine'],
  invalidChange: ['invalidRequest', 'engine'],
  unknownJob: ['wrongState', 'jobGone'],
  unknownSubscription: ['wrongState', 'notActive'],
  unknownElement: ['wrongState', 'notActive'],
  notActivatable: ['wrongState', 'engine'],
  unknownIncident: ['wrongState', 'incidentResolved'],
  unknownScope: ['wrongState', 'notActive'],
  alreadyAssigned: ['alreadyAssigned', 'takeFirst'],
  fourEyes: ['fourEyes', 'fourEyes'],
  noStartEvent: ['noStartEvent', 'engine'],
  tooLarge: ['tooLarge', 'engine'],
  suspended: ['wrongState', 'suspended'],
  notSuspended: ['wrongState', 'notSuspended'],
  unknownTimer: ['wrongState', 'timerGone'],
  invalidModification: ['invalidRequest', 'engine'],
  invalidMigration: ['invalidRequest', 'engine'],
};
function refusalOf(rejection: Rejection): Refusal {
  const [code, reason] = rejections[rejection.code];
  return new Refusal(code, reason, { values: { message: rejection.message } });
}
function messageOf({ key, actor, reason, modelSha256, command }: CommandOrder): CommandMessage {
  const message = { key, actor, ...(reason === undefined ? {} : { reason }), command };
  return modelSha256 === undefined ? message : migrationMessage(modelSha256, message);
}
const tryLater = (): Refusal => new Refusal('unavailable', 'tryLater', { retryAfterSeconds });
/** Temporal has too many commands of this instance under way, or too much to do altogether. */
const busy = new Set([8]);

/** The engine's refusal inside an Update failure; undefined: it failed for another cause. */
function rejectionIn(error: WorkflowUpdateFailedError): Rejection | undefined {
  const { cause } = error;
  return cause instanceof ApplicationFailure && cause.type === 'Rejection'
    ? (cause.details?.[0] as Rejection | undefined)
    : undefined;
}
/** The worker answered a task without this Update, which came in meanwhile: it was not applied. */
const wasLeftOut = ({ cause }: WorkflowUpdateFailedError): boolean =>
  cause instanceof ApplicationFailure && cause.type === 'UnprocessedUpdate';
/** gRPC codes of a server that is down, overloaded or slow. */
// 9: Temporal undid the task that took an Update in, because another event raced it; the Update was not applied.
const passing = new Set([1, 4, 9, 10, 14]);

function translate(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    const rejection = rejectionIn(error);
    if (rejection !== undefined) return refusalOf(rejection);
    return wasLeftOut(error) ? tooBusy() : error;
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || error instanceof NotAtRestError) return tryLater();
  if (error instanceof WorkflowNotFoundError) return new Refusal('wrongState', 'caseEnded');
  // Temporal wraps gRPC failures: look along the causes.
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (!isGrpcServiceError(cause)) continue;
    if (passing.has(cause.code)) return tryLater();
    if (busy.has(cause.code)) return tooBusy();
  }
  return error;
}

/**
 * Commands to one instance: one alone as an Update of its own, so that a refusal leaves no trace in history; several as one Update. A
 * migration goes alone, as its model travels in the first field of an argument.
 */
async function sendTogether(client: Client, orders: readonly CommandOrder[]): Promise<readonly CommandAnswer[]> {
  const [first] = orders;
  if (first === undefined) return [];
  const handle = client.workflow.getHandle(workflowIdOf(first.processId, first.instanceKey));
  const alone = orders.length === 1 ? orders : orders.filter(({ modelSha256 }) => modelSha256 !== undefined);
  const together = orders.filter((order) => !alone.includes(order));
  const answers = new Map<CommandOrder, CommandAnswer>();
  for (const order of alone)
    answers.set(order, await handle.executeUpdate(commandUpdate, { args: [messageOf(order)], updateId: order.key }));
  if (together.length > 0) {
    const given = await handle.executeUpdate(commandsUpdate, { args: [together.map(messageOf)] });
    for (const [index, order] of together.entries()) {
      const answer = given[index];
      if (answer !== undefined) answers.set(order, answer);
    }
  }
  return orders.flatMap((order) => answers.get(order) ?? []);
}

/** Starts the workflow of a broadcast, and waits a while for its end. */
async function broadcast(client: Client, signal: SignalBroadcast): Promise<void> {
  const workflowId = signalWorkflowId(signal.signalKey);
  const order = {
    workflowId,
    taskQueue,
    args: [signal],
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  };
  const begun = await client.workflow.start(signalWorkflowType, order).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return client.workflow.getHandle(workflowId);
  });
  // Not over yet: it is on its way all the same.
  await client.withDeadline(Date.now() + broadcastTimeoutMs, () => begun.result()).catch(() => undefined);
}

type Within = <T>(work: () => Promise<T>) => Promise<T>;

async function startUnlessStarted(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** What goes on beside the instances. */
function housekeeping(
  client: Client,
  within: Within,
): Pick<Temporal, 'verify' | 'repair' | 'backfill' | 'releaseJobs' | 'releaseMessages' | 'fence' | 'ping'> {
  const { REJECT_DUPLICATE } = WorkflowIdReusePolicy;
  return {
    backfill: async (key, order) => {
      const options = { workflowId: backfillWorkflowId(key), taskQueue, args: [order] };
      const begin = () =>
        client.workflow.start(backfillWorkflowType, { ...options, workflowIdReusePolicy: REJECT_DUPLICATE });
      await within(() => startUnlessStarted(begin));
    },
    verify: async (key) => {
      const options = { workflowId: verificationWorkflowId(key), taskQueue, args: [{ key }] };
      const begin = () =>
        client.workflow.start(verificationWorkflowType, { ...options, workflowIdReusePolicy: REJECT_DUPLICATE });
      await within(() => startUnlessStarted(begin));
    },
    repair: async (id, order) => {
      const options = { workflowId: repairWorkflowId(order.key, id), taskQueue, args: [order] };
      const begin = () =>
        client.workflow.start(repairWorkflowType, { ...options, workflowIdReusePolicy: REJECT_DUPLICATE });
      await within(() => startUnlessStarted(begin));
    },
    releaseJobs: async (jobType) => {
      await within(() =>
        client.workflow.start(releaseJobsWorkflowType, {
          workflowId: releaseJobsWorkflowId(jobType),
          taskQueue,
          args: [jobType],
          // One that is just ending may have looked before the last job was put aside.
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING,
        }),
      );
    },
    releaseMessages: async (names) => {
      for (const name of names) {
        const prefix = messageWorkflowId(name, '').replaceAll("'", "''");
        const query = `WorkflowType = '${messageWorkflowType}' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${prefix}'`;
        for await (const { workflowId } of client.workflow.list({ query })) {
          await within(() => client.workflow.getHandle(workflowId).signal(startReleasedSignal)).catch(
            (error: unknown) => {
              // It has nothing to deliver any more.
              if (!(error instanceof Refusal && error.code === 'wrongState')) throw error;
            },
          );
        }
      }
    },
    ping: async () => {
      await client.withDeadline(Date.now() + 2_000, () =>
        client.workflowService.describeNamespace({ namespace: client.options.namespace }),
      );
    },
    fence: (processId, instanceKey) =>
      within(async () => {
        const workflowId = workflowIdOf(processId, instanceKey);
        const begin = () =>
          client.workflow.start(fenceWorkflowType, {
            workflowId,
            taskQueue: idleTaskQueue,
            workflowIdReusePolicy: REJECT_DUPLICATE,
          });
        if (!(await startUnlessStarted(begin))) return false;
        await client.workflow.getHandle(workflowId).terminate('its start was given up');
        return true;
      }),
  };
}

function commandLines(client: Client, within: Within): CommandLines<CommandOrder, CommandAnswer> {
  const handOut = new HandOut(client);
  return new CommandLines(async (orders) => {
    try {
      return await within(() => sendTogether(client, orders));
    } catch (error) {
      const [first] = orders;
      const isUnanswered = error instanceof Refusal && error.code === 'unavailable';
      // It may stand behind a task that Temporal does not hand out; the caller's next attempt finds out how that went.
      if (first !== undefined && isUnanswered)
        void handOut.again(workflowIdOf(first.processId, first.instanceKey), handOutSeconds).catch(() => undefined);
      throw error;
    }
  });
}

/**
 * @param client with the payload codec; its namespace is the installation's
 * @param clockOffsetMs how far the engine's time is ahead of the machine's
 */
export function createTemporal(client: Client, clockOffsetMs: () => Promise<number>): Temporal {
  /** As a field of an argument: absent unless the time was moved. */
  const moved = async (): Promise<{ readonly clockOffsetMs?: number }> => {
    const offsetMs = await clockOffsetMs();
    return offsetMs === 0 ? {} : { clockOffsetMs: offsetMs };
  };
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + commandTimeoutMs, work);
    } catch (error) {
      throw translate(error);
    }
  };
  const lines = commandLines(client, within);
  /** One entity workflow per message name and correlation key; it is started by its first message. */
  const toEntity = async <R>(
    update: UpdateDefinition<R, [PublishedMessage]>,
    key: string,
    message: PublishedMessage,
  ): Promise<R> => {
    const timed = { ...message, ...(await moved()) };
    return within(() =>
      client.workflow.executeUpdateWithStart(update, {
        args: [timed],
        updateId: key,
        startWorkflowOperation: new WithStartWorkflowOperation(messageWorkflowType, {
          workflowId: messageWorkflowId(message.name, message.correlationKey),
          taskQueue,
          args: [],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        }),
      }),
    );
  };
  return {
    client,
    command: async (order) => {
      const answer = await lines.pass(order.instanceKey, order);
      if (!answer.accepted) throw refusalOf(answer.rejection);
      return answer.factNumber;
    },
    preview: async (order) => {
      const handle = client.workflow.getHandle(workflowIdOf(order.processId, order.instanceKey));
      const preview = await within(() => queryAtRest(handle, () => handle.query(previewQuery, messageOf(order))));
      if (!preview.accepted) throw refusalOf(preview.rejection);
      return preview.facts;
    },
    isSettled: (target, factNumber) => within(() => isSettled(client, target, factNumber)),
    runBatch: async (batchKey) => {
      await within(() =>
        client.workflow.signalWithStart(batchWorkflowType, {
          workflowId: batchWorkflowId(batchKey),
          taskQueue,
          args: [batchKey],
          signal: wakeBatchSignal,
        }),
      );
    },
    start: async ({ processId, modelSha256, start }) => {
      const more = await moved();
      const begin = () =>
        client.workflow.start(processId, {
          workflowId: workflowIdOf(processId, start.instanceKey),
          taskQueue,
          args: startArguments(modelSha256, start, more),
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        });
      try {
        await within(begin);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    startFailure: async (processId, instanceKey) => {
      const description = await within(() =>
        client.workflow.getHandle(workflowIdOf(processId, instanceKey)).describe(),
      );
      return ['FAILED', 'TERMINATED', 'TIMED_OUT'].includes(description.status.name) ? description.status.name : null;
    },
    publish: (key, message) => toEntity(publishUpdate, key, message),
    correlate: async (key, message) => (await toEntity(correlateUpdate, key, message)).instanceKey,
    broadcast: (signal) => within(() => broadcast(client, signal)),
    ...housekeeping(client, within),
  };
}

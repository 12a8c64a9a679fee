/**
 * All messages and open subscriptions of one (name, correlation key). As in Zeebe a message is correlated at most once per process id, to
 * the subscription that has waited longest, and otherwise kept for its time to live. Ends itself when there is nothing to keep.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Rejection } from '#engine/command.ts';
import { jsonBytes } from '#engine/size.ts';
import { WorkflowClock } from './clock.ts';
import { limits } from './limits.ts';
import {
  correlateUpdate,
  publishSignal,
  publishUpdate,
  setClockUpdate,
  startReleasedSignal,
  subscribeSignal,
  subscriptionsQuery,
  unsubscribeSignal,
} from './messages.ts';
import type { OpenSubscription, Publication, PublishedMessage } from './messages.ts';
import { remote } from './shell-activities.ts';

interface BufferedMessage {
  readonly message: PublishedMessage;
  /** JSON bytes of its variables; absent: taken in by an earlier release. */
  readonly bytes?: number;
  readonly expiresAtMs: number;
  /** Processes it was correlated to. */
  readonly processIds: readonly string[];
  /** Whether start events have been asked. */
  readonly hasStarted: boolean;
  /** One of them waits for the end of another instance. */
  readonly isBlocked: boolean;
}
interface RememberedMessage {
  readonly messageKey: string;
  readonly messageId: string | null;
  readonly idUntilMs: number;
  readonly untilMs: number;
}
export interface MessageInput {
  readonly buffer: readonly BufferedMessage[];
  readonly subscriptions: readonly OpenSubscription[];
  readonly remembered: readonly RememberedMessage[];
  readonly clockOffsetMs?: number;
}
type Correlation = { readonly messageKey: string; readonly instanceKey: string | null };

class MessageEntity {
  readonly #clock: WorkflowClock;
  #buffer: readonly BufferedMessage[];
  #subscriptions: readonly OpenSubscription[];
  #remembered: readonly RememberedMessage[];
  /** Who asked to correlate now or never, by message key. */
  readonly #waiting = new Map<string, (correlation: Correlation) => void>();
  readonly #alarms: number[] = [];
  #rings = false;
  /** How often an instance has ended that kept messages from starting another. */
  #releases = 0;

  constructor(input: MessageInput | undefined) {
    this.#clock = new WorkflowClock(input?.clockOffsetMs);
    this.#buffer = input?.buffer ?? [];
    this.#subscriptions = input?.subscriptions ?? [];
    this.#remembered = input?.remembered ?? [];
  }

  /** Whoever speaks to the entity tells it the time; what is over by then is forgotten first. */
  #hear({ clockOffsetMs = 0 }: { readonly clockOffsetMs?: number }): void {
    if (clockOffsetMs === this.#clock.offsetMs) return;
    this.#clock.offsetMs = clockOffsetMs;
    this.#expire();
  }

  setClock(offsetMs: number): void {
    this.#clock.offsetMs = offsetMs;
    this.#rings = true;
  }

  /** Throws when no more messages are taken in. */
  validate({ name }: PublishedMessage): void {
    const total = this.#buffer.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    if (this.#buffer.length < limits.bufferedMessages && total < limits.bufferedBytes) return;
    const rejection: Rejection = {
      code: 'tooLarge',
      message: `More than ${limits.bufferedMessages} messages, or ${limits.bufferedBytes} bytes of them, wait for '${name}' with this key.`,
    };
    throw ApplicationFailure.create({
      type: 'Rejection',
      nonRetryable: true,
      message: rejection.message,
      details: [rejection],
    });
  }

  publish(message: PublishedMessage): Publication {
    this.#hear(message);
    const nowMs = this.#clock.nowMs();
    const { messageKey, messageId, timeToLiveMs } = message;
    const known = this.#remembered.find(
      (other) =>
        other.messageKey === messageKey ||
        (messageId !== null && other.messageId === messageId && other.idUntilMs > nowMs),
    );
    if (known !== undefined) return { messageKey: known.messageKey, duplicate: known.messageKey !== messageKey };
    const idUntilMs = nowMs + timeToLiveMs;
    const untilMs = Math.max(idUntilMs, nowMs + limits.messageKeyMs);
    this.#remembered = [...this.#remembered, { messageKey, messageId, idUntilMs, untilMs }].slice(
      -limits.rememberedMessages,
    );
    this.#buffer = [
      ...this.#buffer,
      {
        message,
        bytes: jsonBytes(message.variables),
        expiresAtMs: idUntilMs,
        processIds: [],
        hasStarted: false,
        isBlocked: false,
      },
    ];
    return { messageKey, duplicate: false };
  }
  correlate(message: PublishedMessage): Promise<Correlation> {
    const { messageKey, duplicate } = this.publish({ ...message, timeToLiveMs: 0 });
    if (duplicate || !this.#buffer.some((entry) => entry.message.messageKey === messageKey)) {
      return Promise.resolve({ messageKey, instanceKey: null });
    }
    return new Promise((resolve) => this.#waiting.set(messageKey, resolve));
  }
  subscribe(subscription: OpenSubscription): void {
    this.#hear(subscription);
    if (this.#subscriptions.some((other) => isSame(other, subscription))) return;
    this.#subscriptions = [...this.#subscriptions, subscription].slice(-limits.openSubscriptions);
  }
  unsubscribe(subscription: Pick<OpenSubscription, 'instanceKey' | 'subscription'>): void {
    this.#subscriptions = this.#subscriptions.filter((other) => !isSame(other, subscription));
  }

  readonly subscriptions = (): readonly OpenSubscription[] => this.#subscriptions;

  /** Start events are asked again. */
  release(): void {
    this.#releases += 1;
    this.#buffer = this.#buffer.map((entry) =>
      entry.isBlocked ? { ...entry, hasStarted: false, isBlocked: false } : entry,
    );
  }

  async run(): Promise<void> {
    for (;;) {
      const entry = this.#buffer.find((buffered) => this.#isCorrelatable(buffered));
      if (entry !== undefined) {
        await this.#deliver(entry);
        continue;
      }
      this.#expire();
      const isEmpty = this.#buffer.length + this.#subscriptions.length + this.#remembered.length === 0;
      if (isEmpty && allHandlersFinished()) return;
      if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) {
        const input: MessageInput = {
          buffer: this.#buffer,
          subscriptions: this.#subscriptions,
          remembered: this.#remembered,
          ...this.#clock.moved,
        };
        await continueAsNew<(input: MessageInput) => Promise<void>>(input);
      }
      this.#setAlarm();
      const { length } = this.#subscriptions;
      await condition(
        () =>
          this.#rings ||
          this.#subscriptions.length !== length ||
          this.#buffer.some((buffered) => this.#isCorrelatable(buffered)) ||
          (isEmpty && allHandlersFinished()),
      );
    }
  }

  #isCorrelatable(entry: BufferedMessage): boolean {
    return !entry.hasStarted || this.#candidatesOf(entry).length > 0;
  }
  #candidatesOf({ processIds }: BufferedMessage): readonly OpenSubscription[] {
    return this.#subscriptions.filter(({ processId }) => !processIds.includes(processId));
  }

  async #deliver(entry: BufferedMessage): Promise<void> {
    const { message, processIds } = entry;
    const releases = this.#releases;
    const { correlated, gone, isBlocked } = await remote['alur.deliverMessage']({
      message,
      subscriptions: this.#candidatesOf(entry),
      processIds,
      startsInstances: !entry.hasStarted,
    });
    const ended = (subscription: OpenSubscription): boolean =>
      gone.some((other) => isSame(other, subscription)) ||
      (subscription.closesOnCorrelation &&
        correlated.some(
          (other) =>
            other.subscription !== null && isSame({ ...other, subscription: other.subscription }, subscription),
        ));
    this.#subscriptions = this.#subscriptions.filter((subscription) => !ended(subscription));
    const waits = entry.hasStarted ? entry.isBlocked : isBlocked;
    const done = {
      ...entry,
      // Released while it was asked: it is asked again.
      hasStarted: !waits || this.#releases === releases,
      isBlocked: waits,
      processIds: [...processIds, ...correlated.map(({ processId }) => processId)],
    };
    this.#buffer = this.#buffer.map((other) => (other.message === message ? done : other));
    const waiting = this.#waiting.get(message.messageKey);
    this.#waiting.delete(message.messageKey);
    waiting?.({ messageKey: message.messageKey, instanceKey: correlated[0]?.instanceKey ?? null });
  }

  #expire(): void {
    this.#rings = false;
    const nowMs = this.#clock.nowMs();
    this.#buffer = this.#buffer.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    this.#remembered = this.#remembered.filter(({ untilMs }) => untilMs > nowMs);
  }
  /** One timer for whatever expires first; see process-instance.ts. */
  #setAlarm(): void {
    const times = [
      ...this.#buffer.map(({ expiresAtMs }) => expiresAtMs),
      ...this.#remembered.map(({ untilMs }) => untilMs),
    ];
    if (times.length === 0) return;
    const nowMs = Date.now();
    const ringMs = Math.min(Math.max(Math.min(...times) - this.#clock.offsetMs, nowMs + 1), nowMs + limits.alarmMs);
    if (this.#alarms.some((alarmMs) => alarmMs <= ringMs)) return;
    this.#alarms.push(ringMs);
    void sleep(ringMs - nowMs).then(() => {
      this.#alarms.splice(this.#alarms.indexOf(ringMs), 1);
      this.#rings = true;
      return undefined;
    });
  }
}

type Place = Pick<OpenSubscription, 'instanceKey' | 'subscription'>;
const isSame = (a: Place, b: Place): boolean => a.instanceKey === b.instanceKey && a.subscription === b.subscription;

export function message(input: MessageInput | undefined): Promise<void> {
  const entity = new MessageEntity(input);
  const validator = (published: PublishedMessage): void => entity.validate(published);
  setHandler(publishUpdate, (published) => entity.publish(published), { validator });
  setHandler(correlateUpdate, (published) => entity.correlate(published), { validator });
  setHandler(publishSignal, (published) => void entity.publish(published));
  setHandler(setClockUpdate, (offsetMs) => entity.setClock(offsetMs));
  setHandler(subscriptionsQuery, entity.subscriptions);
  setHandler(subscribeSignal, (subscription) => entity.subscribe(subscription));
  setHandler(startReleasedSignal, () => entity.release());
  setHandler(unsubscribeSignal, (subscription) => entity.unsubscribe(subscription));
  return entity.run();
}

/** Messages in memory: each goes to exactly one waiting instance or start event, or waits its time to live for one. */
import type { Seq } from './command.ts';
import type { Variables } from './json.ts';

export interface MemoryMessage {
  readonly messageKey: string;
  readonly name: string;
  readonly correlationKey: string;
  /** The same id is accepted once while the first is remembered; null: no such check. */
  readonly messageId: string | null;
  readonly expiresMs: number;
  readonly variables: Variables;
}
export interface WaitingSubscription {
  readonly instanceKey: string;
  readonly subscription: Seq;
  readonly closesOnCorrelation: boolean;
}

const placeOf = (name: string, correlationKey: string): string => JSON.stringify([name, correlationKey]);

export class MessageStore {
  /** By name and correlation key, oldest first. */
  readonly #subscriptions = new Map<string, WaitingSubscription[]>();
  readonly #buffered: MemoryMessage[] = [];
  /** Message id, with name and key, to when it is forgotten. */
  readonly #ids = new Map<string, number>();

  open(name: string, correlationKey: string, subscription: WaitingSubscription): void {
    const place = placeOf(name, correlationKey);
    this.#subscriptions.set(place, [...(this.#subscriptions.get(place) ?? []), subscription]);
  }

  close(name: string, correlationKey: string, instanceKey: string, subscription: Seq): void {
    const place = placeOf(name, correlationKey);
    const others = (this.#subscriptions.get(place) ?? []).filter(
      (waiting) => waiting.instanceKey !== instanceKey || waiting.subscription !== subscription,
    );
    if (others.length > 0) this.#subscriptions.set(place, others);
    else this.#subscriptions.delete(place);
  }

  /** Who waits longest; a subscription that closes is taken. */
  take(name: string, correlationKey: string): WaitingSubscription | null {
    const [first] = this.#subscriptions.get(placeOf(name, correlationKey)) ?? [];
    if (!first) return null;
    if (first.closesOnCorrelation) this.close(name, correlationKey, first.instanceKey, first.subscription);
    return first;
  }

  /** false: a message with this id, name and key is still remembered. */
  remember(message: MemoryMessage, nowMs: number): boolean {
    if (message.messageId === null) return true;
    const place = JSON.stringify([message.name, message.correlationKey, message.messageId]);
    if ((this.#ids.get(place) ?? -Infinity) > nowMs) return false;
    this.#ids.set(place, message.expiresMs);
    return true;
  }

  buffer(message: MemoryMessage): void {
    this.#buffered.push(message);
  }

  /** The oldest buffered message that has not expired and that `fits`, taken out. */
  takeBuffered(nowMs: number, fits: (message: MemoryMessage) => boolean): MemoryMessage | null {
    this.#forgetExpired(nowMs);
    const index = this.#buffered.findIndex(fits);
    const [message] = index < 0 ? [] : this.#buffered.splice(index, 1);
    return message ?? null;
  }

  #forgetExpired(nowMs: number): void {
    const left = this.#buffered.filter(({ expiresMs }) => expiresMs > nowMs);
    this.#buffered.splice(0, this.#buffered.length, ...left);
    for (const [place, expiresMs] of this.#ids) if (expiresMs <= nowMs) this.#ids.delete(place);
  }
}

/**
 * A TCP proxy that stands on one link of the installation and makes its weather: latency, connections that are reset, connections whose
 * other half is gone, and replies that never arrive although the request was executed.
 */
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Random } from '../random.ts';

export interface Weather {
  /** Added to each piece of data in each direction, with up to `jitterMs` more, in milliseconds. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** How likely it is that the reply to this piece of a request is cut; null: never. */
  readonly cut: ((request: Buffer) => number) | null;
}
export const fairWeather: Weather = { latencyMs: 0, jitterMs: 0, cut: null };

export interface LinkOptions {
  readonly name: string;
  /** Ports of 127.0.0.1 behind it, the one to try first in front. Read at each connection. */
  readonly upstream: () => readonly number[];
  readonly random: Random;
  /** Requests of a connection that are never cut: signing in is no call. */
  readonly graceTurns?: number;
}

interface Counters {
  connections: number;
  cuts: number;
  resets: number;
  halves: number;
}

export class Link {
  readonly name: string;
  weather: Weather = fairWeather;
  /** Told of each reply that is cut. */
  onCut: (() => void) | null = null;
  readonly counters: Counters = { connections: 0, cuts: 0, resets: 0, halves: 0 };
  readonly #options: LinkOptions;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();

  private constructor(options: LinkOptions) {
    this.name = options.name;
    this.#options = options;
    this.#server = createServer((socket) => void this.#accept(socket));
  }

  static async open(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    await new Promise<void>((resolve, reject) => {
      link.#server.once('error', reject);
      link.#server.listen(0, '127.0.0.1', resolve);
    });
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection without a word. */
  reset(): void {
    for (const pair of this.#pairs) {
      this.counters.resets += 1;
      pair.destroy();
    }
  }

  /** The far half of every connection is gone; the near one is not told and waits for ever. */
  halve(): void {
    for (const pair of this.#pairs) if (pair.loseFarHalf()) this.counters.halves += 1;
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #accept(near: Socket): Promise<void> {
    near.on('error', () => undefined);
    const far = await connectFirst(this.#options.upstream());
    // The link between the two is cut short as a dead server would: the connection is refused.
    if (far === null || near.destroyed) {
      near.destroy();
      far?.destroy();
      return;
    }
    this.counters.connections += 1;
    const pair: Pair = new Pair(near, far, {
      weather: () => this.weather,
      random: this.#options.random,
      graceTurns: this.#options.graceTurns ?? 0,
      onCut: () => {
        this.counters.cuts += 1;
        this.onCut?.();
      },
      onEnd: () => void this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
  }
}

/** The first of these ports that takes a connection; null: none does. */
async function connectFirst(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const socket = await new Promise<Socket | null>((resolve) => {
      const attempt = createConnection({ port, host: '127.0.0.1', noDelay: true });
      attempt.once('connect', () => resolve(attempt));
      attempt.once('error', () => resolve(null));
    });
    if (socket !== null) return socket;
  }
  return null;
}

interface PairOptions {
  readonly weather: () => Weather;
  readonly random: Random;
  readonly graceTurns: number;
  readonly onCut: () => void;
  readonly onEnd: () => void;
}

/** One connection through the proxy: its half on this side and its half on the far side. */
class Pair {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #options: PairOptions;
  #lost = false;
  /** A turn is what the near side sends until the far side replies. */
  #turns = 0;
  #isAsking = false;
  #isCutting = false;

  constructor(near: Socket, far: Socket, options: PairOptions) {
    this.#near = near;
    this.#far = far;
    this.#options = options;
    near.setNoDelay(true);
    const toFar = new Lane(far, options);
    const toNear = new Lane(near, options);
    near.on('data', (data: Buffer) => {
      if (this.#lost) return;
      this.#ask(data);
      toFar.carry(data, near);
    });
    far.on('data', (data: Buffer) => {
      this.#isAsking = false;
      if (this.#lost) return;
      if (this.#isCutting) this.#cut();
      else toNear.carry(data, far);
    });
    near.on('end', () => toFar.end());
    far.on('end', () => {
      if (!this.#lost) toNear.end();
    });
    near.on('close', () => this.destroy());
    far.on('close', () => {
      if (!this.#lost) toNear.close();
    });
    far.on('error', () => undefined);
  }

  #ask(data: Buffer): void {
    if (!this.#isAsking) this.#turns += 1;
    this.#isAsking = true;
    const { cut } = this.#options.weather();
    if (cut === null || this.#turns <= this.#options.graceTurns || this.#isCutting) return;
    this.#isCutting = this.#options.random() < cut(data);
  }

  #cut(): void {
    this.#options.onCut();
    this.destroy();
  }

  /** false: it was lost before. */
  loseFarHalf(): boolean {
    if (this.#lost) return false;
    this.#lost = true;
    this.#far.destroy();
    return true;
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
    this.#options.onEnd();
  }
}

/** One direction of a connection: data arrives late, but in order. */
class Lane {
  readonly #target: Socket;
  readonly #options: Pick<PairOptions, 'weather' | 'random'>;
  readonly #queue: { readonly dueMs: number; readonly work: () => void }[] = [];
  #lastMs = 0;

  constructor(target: Socket, options: Pick<PairOptions, 'weather' | 'random'>) {
    this.#target = target;
    this.#options = options;
  }

  carry(data: Buffer, source: Socket): void {
    this.#later(() => {
      if (this.#target.destroyed || this.#target.write(data)) return;
      source.pause();
      this.#target.once('drain', () => source.resume());
    });
  }

  end(): void {
    this.#later(() => this.#target.end());
  }

  close(): void {
    this.#later(() => this.#target.destroy());
  }

  #later(work: () => void): void {
    const { latencyMs, jitterMs } = this.#options.weather();
    const nowMs = Date.now();
    const dueMs = Math.max(this.#lastMs, nowMs + latencyMs + this.#options.random() * jitterMs);
    if (dueMs <= nowMs && this.#queue.length === 0) {
      work();
      return;
    }
    this.#lastMs = dueMs;
    this.#queue.push({ dueMs, work });
    if (this.#queue.length === 1) setTimeout(() => this.#deliver(), dueMs - nowMs);
  }

  #deliver(): void {
    const nowMs = Date.now();
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      if (first.dueMs > nowMs) {
        setTimeout(() => this.#deliver(), first.dueMs - nowMs);
        return;
      }
      this.#queue.shift();
      first.work();
    }
  }
}

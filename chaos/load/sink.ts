/**
 * Where the side effects of all cases arrive: the outside systems of the run. It counts by idempotency key, so an effect that is tried
 * again is one effect, and one that is done anew under another key shows as a second. It speaks the protocol of the message gateway.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '../random.ts';

export interface Effect {
  readonly key: string;
  readonly ref: string;
  readonly element: string;
}

/** So many of a hundred answers are a failure although the effect has happened: whoever asked tries again. */
const failedAnswers = 0.03;
const addressedTo = /^grup:([^@]+)@/;
/** What the template of a message without a name of its own begins with. */
const about = /^Usulan (\S+):/;

export class Sink {
  readonly effects = new Map<string, Effect>();
  repeats = 0;
  readonly #file: string;
  readonly #random: Random;
  readonly #server: Server;

  constructor(file: string, random: Random) {
    this.#file = file;
    this.#random = random;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  record(effect: Effect): void {
    if (this.effects.has(effect.key)) this.repeats += 1;
    else this.effects.set(effect.key, effect);
    appendFileSync(this.#file, `${JSON.stringify(effect)}\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { tujuan = '', teks = '' } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
      const element = addressedTo.exec(tujuan)?.[1];
      const ref = about.exec(teks)?.[1];
      const key = request.headers['idempotency-key'];
      if (element === undefined || ref === undefined || typeof key !== 'string') {
        response.writeHead(400).end();
        return;
      }
      this.record({ key, ref, element });
      if (this.#random() < failedAnswers) {
        response.writeHead(503).end();
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ nomor: key }));
    } catch {
      response.destroy();
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

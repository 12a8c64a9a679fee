/** Every command the server has acknowledged, in memory and, when wanted, in a file of JSON lines. */
import { createWriteStream, type WriteStream } from 'node:fs';

export interface Acknowledged {
  readonly at: string;
  readonly command: 'completeUserTask' | 'publishMessage' | 'createProcessInstance';
  /** Key of the task, message or instance. */
  readonly key: string;
  readonly idempotencyKey: string;
  readonly account: string;
  readonly elementId: string | null;
  readonly processInstanceKey: string | null;
}

export class Ledger {
  readonly #entries: Acknowledged[] = [];
  readonly #stream: WriteStream | null;

  constructor(file: string | null) {
    // Appended: a demo that is started again goes on in the same ledger.
    this.#stream = file === null ? null : createWriteStream(file, { flags: 'a', mode: 0o600 });
  }
  add(entry: Omit<Acknowledged, 'at'>): void {
    const full = { at: new Date().toISOString(), ...entry };
    this.#entries.push(full);
    this.#stream?.write(`${JSON.stringify(full)}\n`);
  }
  get entries(): readonly Acknowledged[] {
    return this.#entries;
  }
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream === null) resolve();
      else this.#stream.end(() => resolve());
    });
  }
}

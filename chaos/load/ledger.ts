/** The client's own memory of a run: what it sent, and what was acknowledged. An append-only file that no fault touches. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { Json } from '#engine/json.ts';

/** What must be true of a case once it is at rest. */
export interface Expectation {
  /** How many effects each element has in the sink, by element id. */
  readonly effects?: Readonly<Record<string, number>>;
  /** Messages correlated to it. */
  readonly messages?: number;
  /** User tasks completed in it. */
  readonly tasks?: number;
  /** Final values of variables of the root; lists are compared whatever their order. */
  readonly variables?: Readonly<Record<string, Json>>;
  /** It ends by being canceled. */
  readonly isCanceled?: boolean;
}

/** `task`, `job` … are commands to an instance that runs; `start` answers the instance's key. */
export type CommandKind = 'start' | 'task' | 'assign' | 'job' | 'jobFailure' | 'message' | 'cancel';

export type LedgerEntry =
  | {
      readonly type: 'case';
      readonly ref: string;
      readonly kind: string;
      readonly experiment: string;
      readonly expects: Expectation;
    }
  | {
      readonly type: 'sent';
      readonly key: string;
      readonly ref: string;
      readonly kind: CommandKind;
      readonly atMs: number;
    }
  | {
      readonly type: 'acked';
      readonly key: string;
      readonly ref: string;
      readonly kind: CommandKind;
      readonly atMs: number;
      readonly tries: number;
      /** The instance it went to or made; null for messages. */
      readonly instanceKey: string | null;
    }
  | {
      readonly type: 'refused';
      readonly key: string;
      readonly ref: string;
      readonly kind: CommandKind;
      readonly atMs: number;
      readonly reason: string;
    };

export class Ledger {
  readonly file: string;
  #acknowledged = 0;

  constructor(file: string) {
    this.file = file;
    writeFileSync(file, '', { flag: 'a' });
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  write(entry: LedgerEntry): void {
    if (entry.type === 'acked') this.#acknowledged += 1;
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}

export const readLedger = (file: string): LedgerEntry[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEntry);

/** Instances whose facts this worker cannot record just now. Kept in memory: the database may be what is in trouble. */
export interface RecordTrouble {
  readonly instanceKey: string;
  readonly processId: string;
  readonly sinceMs: number;
  /** When it last failed. */
  readonly lastMs: number;
  /** What the database says last. */
  readonly message: string;
  /** It waited for a row that somebody else holds. */
  readonly isBlocked: boolean;
}

/** Not tried for so long: another worker has the instance now, or it was an attempt that nobody waits for. */
const forgottenMs = 60_000;
const waited = new Set(['57014', '55P03', '40P01']);

export class RecordTroubles {
  readonly #troubles = new Map<string, RecordTrouble>();

  failed(
    { instanceKey, processId }: { readonly instanceKey: string; readonly processId: string },
    error: unknown,
  ): void {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    const lastMs = Date.now();
    const sinceMs = this.#troubles.get(instanceKey)?.sinceMs ?? lastMs;
    const isBlocked = typeof code === 'string' && waited.has(code);
    this.#troubles.set(instanceKey, { instanceKey, processId, sinceMs, lastMs, message, isBlocked });
  }
  recorded(instanceKey: string): void {
    this.#troubles.delete(instanceKey);
  }
  /** Those that have lasted so long, and still do. */
  lasting(ms: number): readonly RecordTrouble[] {
    const nowMs = Date.now();
    for (const [key, { lastMs }] of this.#troubles) if (lastMs < nowMs - forgottenMs) this.#troubles.delete(key);
    // One that failed a single time may be nobody's any more.
    return [...this.#troubles.values()].filter(({ sinceMs, lastMs }) => sinceMs <= nowMs - ms && lastMs > sinceMs);
  }
}

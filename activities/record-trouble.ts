/** Instances whose facts this worker cannot record just now. Kept in memory: the database may be what is in trouble. */
export interface RecordTrouble {
  readonly instanceKey: string;
  readonly processId: string;
  readonly sinceMs: number;
  /** What the database says last. */
  readonly message: string;
  /** It waited for a row that somebody else holds. */
  readonly isBlocked: boolean;
}

const waited = new Set(['57014', '55P03', '40P01']);

export class RecordTroubles {
  readonly #troubles = new Map<string, RecordTrouble>();

  failed(
    { instanceKey, processId }: { readonly instanceKey: string; readonly processId: string },
    error: unknown,
  ): void {
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    const sinceMs = this.#troubles.get(instanceKey)?.sinceMs ?? Date.now();
    const isBlocked = typeof code === 'string' && waited.has(code);
    this.#troubles.set(instanceKey, { instanceKey, processId, sinceMs, message, isBlocked });
  }
  recorded(instanceKey: string): void {
    this.#troubles.delete(instanceKey);
  }
  /** Those that have lasted so long. */
  lasting(ms: number): readonly RecordTrouble[] {
    return [...this.#troubles.values()].filter(({ sinceMs }) => sinceMs <= Date.now() - ms);
  }
}

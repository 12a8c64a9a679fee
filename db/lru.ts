/** A cache with a limit: the entry that was not used for longest leaves first. */
export class LruCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly cost: number }>();
  readonly #limit: number;
  #cost = 0;

  /** `limit`: most cost of all entries together. */
  constructor(limit: number) {
    this.#limit = limit;
  }
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }
  set(key: string, value: V, cost = 1): void {
    this.delete(key);
    if (cost > this.#limit) return;
    this.#entries.set(key, { value, cost });
    this.#cost += cost;
    for (const [oldest, entry] of this.#entries) {
      if (this.#cost <= this.#limit) return;
      this.#entries.delete(oldest);
      this.#cost -= entry.cost;
    }
  }
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
  }
}

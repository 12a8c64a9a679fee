/** Tells drivers of cases what their cases wait for now. One query for all of them, past the links: looking is no part of the load. */
import type { Pool } from 'pg';
import type { Owed } from './owed.ts';

const everyMs = 200;

export interface OpenTask {
  readonly key: string;
  readonly elementId: string;
}
interface Seen {
  readonly tasks: readonly OpenTask[];
  readonly timers: number;
  /** null: it runs. */
  readonly end: string | null;
}
interface Waiter {
  readonly instanceKey: string;
  /** undefined: not yet. */
  readonly look: (seen: Seen) => (() => void) | undefined;
}

export class Watcher {
  readonly #pool: Pool;
  readonly #owed: Owed;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | null = null;
  #isBusy = false;

  constructor(pool: Pool, owed: Owed) {
    this.#pool = pool;
    this.#owed = owed;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#round(), everyMs);
  }
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** An open task that was not given out before. Throws when none comes in time, or the instance has ended. */
  async task(instanceKey: string, known: Set<string>, limitMs: number): Promise<OpenTask> {
    const task = await this.#await(instanceKey, limitMs, 'a task', ({ tasks, end }) => {
      const next = tasks.find(({ key }) => !known.has(key));
      // Given out in the same breath: another driver of this case may be looking too.
      if (next !== undefined) known.add(next.key);
      return next ?? (end === null ? undefined : null);
    });
    if (task === null) throw new Error(`${instanceKey} ended before its task`);
    return task;
  }
  /** As many open tasks at once. */
  tasks(instanceKey: string, count: number, limitMs: number): Promise<readonly OpenTask[]> {
    return this.#await(instanceKey, limitMs, `${String(count)} tasks`, ({ tasks }) =>
      tasks.length >= count ? tasks : undefined,
    );
  }
  async timed(instanceKey: string, limitMs: number): Promise<void> {
    await this.#await(instanceKey, limitMs, 'a timer', ({ timers, end }) =>
      timers > 0 || end !== null ? true : undefined,
    );
  }
  /** The state it ended in. */
  ended(instanceKey: string, limitMs: number): Promise<string> {
    return this.#await(instanceKey, limitMs, 'the end', ({ end }) => end ?? undefined);
  }

  #await<T>(instanceKey: string, limitMs: number, what: string, look: (seen: Seen) => T | undefined): Promise<T> {
    const settle = this.#owed.begin();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        instanceKey,
        look: (seen) => {
          const found = look(seen);
          if (found === undefined) return undefined;
          return () => {
            clearTimeout(patience);
            settle();
            resolve(found);
          };
        },
      };
      const patience = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`${instanceKey}: ${what} did not come within ${String(limitMs / 1_000)} s`));
      }, limitMs);
      this.#waiters.add(waiter);
    });
  }

  async #round(): Promise<void> {
    if (this.#isBusy || this.#waiters.size === 0) return;
    this.#isBusy = true;
    try {
      const seen = await this.#look([...new Set([...this.#waiters].map(({ instanceKey }) => instanceKey))]);
      for (const waiter of this.#waiters) {
        const about = seen.get(waiter.instanceKey);
        const done = about === undefined ? undefined : waiter.look(about);
        if (done === undefined) continue;
        this.#waiters.delete(waiter);
        done();
      }
    } catch {
      // PostgreSQL is away: the next round sees.
    } finally {
      this.#isBusy = false;
    }
  }

  async #look(keys: readonly string[]): Promise<Map<string, Seen>> {
    const [instances, tasks, timers] = await Promise.all([
      this.#pool.query<{ key: string; state: string }>('select key, state from instance where key = any($1)', [keys]),
      this.#pool.query<{ key: string; instance: string; element: string }>(
        `select key, instance_key as instance, element_id as element from user_task where state = 'CREATED' and instance_key = any($1) order by key`,
        [keys],
      ),
      this.#pool.query<{ instance: string; count: string }>(
        `select instance_key as instance, count(*) from timer where state = 'ACTIVE' and instance_key = any($1) group by 1`,
        [keys],
      ),
    ]);
    const open = new Map<string, OpenTask[]>();
    for (const { key, instance, element } of tasks.rows) {
      const list = open.get(instance) ?? [];
      list.push({ key, elementId: element });
      open.set(instance, list);
    }
    const waiting = new Map(timers.rows.map(({ instance, count }) => [instance, Number(count)]));
    return new Map(
      instances.rows.map(({ key, state }) => [
        key,
        {
          tasks: open.get(key) ?? [],
          timers: waiting.get(key) ?? 0,
          end: state === 'ACTIVE' ? null : state,
        },
      ]),
    );
  }
}

/** Clients in a closed loop: each drives one case after another from its start to its end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from './processes.ts';
import { workList } from './sides.ts';
import type { OpenTask, Side, StartedCase } from './sides.ts';

export interface Load {
  readonly seconds: number;
  readonly instances: number;
  readonly completions: number;
  /** Completions that were refused or failed. */
  readonly conflicts: number;
  /** From the call to the first open task. */
  readonly startMs: readonly number[];
  /** The call alone. */
  readonly completeMs: readonly number[];
  /** From the call to the next open task. */
  readonly nextMs: readonly number[];
  readonly cases: readonly StartedCase[];
}

const watch = { everyMs: 15, giveUpMs: 120_000 } as const;
/** Its open tasks, by element; `isOver`: it has ended. */
type IsReached = (open: readonly OpenTask[], isOver: boolean) => boolean;
interface Waiting {
  readonly started: StartedCase;
  readonly isReached: IsReached;
  readonly resolve: (open: readonly OpenTask[]) => void;
  readonly reject: (error: Error) => void;
  readonly sinceMs: number;
}

/** Looks at the work list for all clients of a side at once, so that looking costs the servers little. */
class Watch {
  readonly #side: Side;
  readonly #waiting = new Map<string, Waiting>();
  #isLooking = false;

  constructor(side: Side) {
    this.#side = side;
  }
  until(started: StartedCase, isReached: IsReached): Promise<readonly OpenTask[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(started.instanceKey, { started, isReached, resolve, reject, sinceMs: Date.now() });
      if (!this.#isLooking) void this.#look();
    });
  }
  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.size > 0) {
      await delay(watch.everyMs);
      const { open, over } = await workList(this.#side, [...this.#waiting.keys()]);
      for (const [key, { isReached, resolve, reject, sinceMs }] of this.#waiting) {
        const own = open.filter(({ instanceKey }) => instanceKey === key);
        const isLate = Date.now() - sinceMs > watch.giveUpMs;
        if (!isLate && !isReached(own, over.has(key))) continue;
        this.#waiting.delete(key);
        if (isLate) reject(new Error(`${this.#side.name}: nothing came of ${key}`));
        else resolve(own);
      }
    }
    this.#isLooking = false;
  }
}
const watches = new WeakMap<Side, Watch>();
function watchOf(side: Side): Watch {
  const known = watches.get(side) ?? new Watch(side);
  watches.set(side, known);
  return known;
}

export async function untilOpen(
  side: Side,
  started: StartedCase,
  element: string,
  tasks: number,
): Promise<readonly OpenTask[]> {
  const of = (open: readonly OpenTask[]): readonly OpenTask[] => open.filter((task) => task.element === element);
  return of(await watchOf(side).until(started, (open) => of(open).length >= tasks));
}

type Measured = { -readonly [P in 'startMs' | 'completeMs' | 'nextMs']: number[] } & { conflicts: number };

/** Runs `work` for each number below `count`, `clients` at once. */
export async function atOnce(clients: number, count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

export async function runLoad(side: Side, process: BenchProcess, clients: number, instances: number): Promise<Load> {
  const measured: Measured = { startMs: [], completeMs: [], nextMs: [], conflicts: 0 };
  const cases: StartedCase[] = [];
  const begin = performance.now();
  await atOnce(clients, instances, async () => {
    cases.push(await drive(side, process, measured));
  });
  const seconds = (performance.now() - begin) / 1_000;
  return { ...measured, seconds, instances, completions: measured.completeMs.length, cases };
}

async function drive(side: Side, process: BenchProcess, measured: Measured): Promise<StartedCase> {
  let since = performance.now();
  const started = await side.start(process);
  for (const [index, { element, tasks }] of process.waits.entries()) {
    const open = await untilOpen(side, started, element, tasks);
    (index === 0 ? measured.startMs : measured.nextMs).push(performance.now() - since);
    since = performance.now();
    await Promise.all(open.map((task) => complete(side, started, task, measured)));
  }
  await watchOf(side).until(started, (_, isOver) => isOver);
  return started;
}

async function complete(side: Side, started: StartedCase, task: OpenTask, measured: Measured): Promise<void> {
  const begin = performance.now();
  try {
    await side.complete(started, task, {});
  } catch (error) {
    measured.conflicts += 1;
    throw error;
  }
  measured.completeMs.push(performance.now() - begin);
}

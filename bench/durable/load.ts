/** Clients in a closed loop: each drives one case after another from its start to its end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from './processes.ts';
import { openTasks } from './sides.ts';
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

const poll = { firstMs: 10, factor: 1.5, longestMs: 150, giveUpMs: 120_000 } as const;

export async function untilOpen(
  side: Side,
  started: StartedCase,
  element: string,
  tasks: number,
): Promise<readonly OpenTask[]> {
  const begin = Date.now();
  for (let waitMs: number = poll.firstMs; ; waitMs = Math.min(waitMs * poll.factor, poll.longestMs)) {
    const open = (await openTasks(side, started)).filter((task) => task.element === element);
    if (open.length >= tasks) return open;
    if (Date.now() - begin > poll.giveUpMs) throw new Error(`${side.name}: ${started.workflowId} has no ${element}`);
    await delay(waitMs);
  }
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
  await side.client.workflow.getHandle(started.workflowId).result();
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

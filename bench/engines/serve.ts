/** The loop of an engine's process that runs in Node.js: answers the benchmark's requests one after another (protocol.ts). */
import { createInterface } from 'node:readline';
import type { Answer, Request, Sample, Weight } from '../protocol.ts';

type RequestOf<T extends Request['do']> = Extract<Request, { readonly do: T }>;
export type Served = { readonly [T in Request['do']]: (request: RequestOf<T>) => Promise<Answer<T>> };

export async function serve(served: Served): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    const handler = served[request.do] as (request: Request) => Promise<object>;
    process.stdout.write(`${JSON.stringify(await handler(request))}\n`);
  }
}

/** Runs `instance` so many times, one after another. */
export async function measured(instances: number, instance: () => void | Promise<void>): Promise<Sample> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  for (let index = 0; index < instances; index++) {
    const running = instance();
    // an engine without promises is not made to pay for one
    if (running) await running;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 };
}

/** What so many held instances weigh, and the state of one of them as JSON. */
export async function weighed<T>(
  instances: number,
  start: () => T | Promise<T>,
  stateOf: (held: T) => object,
): Promise<Weight> {
  // the first ones fill caches that all share
  for (let index = 0; index < 100; index++) await start();
  const before = liveBytes();
  const held: T[] = [];
  for (let index = 0; index < instances; index++) held.push(await start());
  const bytes = (liveBytes() - before) / instances;
  const [first] = held;
  return { bytes, stateBytes: first === undefined ? 0 : Buffer.byteLength(JSON.stringify(stateOf(first))) };
}

function liveBytes(): number {
  // twice: the first collection may leave what finalizers held
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

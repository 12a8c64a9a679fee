/**
 * The thread of the workflow sandbox without the SDK's per-promise stack traces and per-call watchdogs (sandbox-thread.cjs; what they cost
 * and why they may go: docs/adr/0014). One look every few seconds takes the watchdogs' place: a thread that no longer comes to its turn is
 * reported, and the process is ended and started again by its supervisor.
 */
import path from 'node:path';
// The exports object itself: the SDK looks `Worker` up in it when it starts the thread.
import threads from 'node:worker_threads';

const preload = path.join(import.meta.dirname, 'sandbox-thread.cjs');
const sandboxThread = /[\\/]workflow-worker-thread(?:\.js)?$/;
const beatMs = 1_000;
const lookMs = 5_000;
/** Longer than any activation on the most starved machine: the engine's own limits end every loop. */
const stuckMs = 60_000;

/** Calls `create`, which starts the SDK's worker; `onStuck`: its sandbox has not come to its turn for a minute. */
export async function withLeanSandbox<T>(create: () => Promise<T>, onStuck: () => void): Promise<T> {
  const { Worker } = threads;
  class SandboxThread extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      const isSandbox = sandboxThread.test(String(file));
      const beats = new SharedArrayBuffer(4);
      // The thread runs plain JavaScript: it needs none of this process's loaders, only its profiler when there is one.
      const flags = process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'));
      const lean = { execArgv: [...flags, '--require', preload], workerData: { beats, beatMs } };
      super(file, isSandbox ? { ...options, ...lean } : options);
      if (isSandbox) watch(this, new Int32Array(beats), onStuck);
    }
  }
  threads.Worker = SandboxThread;
  try {
    return await create();
  } finally {
    threads.Worker = Worker;
  }
}

function watch(thread: threads.Worker, beats: Int32Array, onStuck: () => void): void {
  let last = -1;
  let stillMs = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(beats, 0);
    stillMs = now === last ? stillMs + lookMs : 0;
    last = now;
    if (stillMs >= stuckMs) onStuck();
  }, lookMs);
  timer.unref();
  thread.once('exit', () => clearInterval(timer));
}

/** Prints in a thread: a list of 2,000 names takes seconds of computing, during which the process has others to answer. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PrintOrder } from './paper.ts';

export type Printer = (order: PrintOrder) => Promise<Uint8Array>;
type Printed = { readonly pdf: Uint8Array } | { readonly failure: string };

const limits = { megabytes: 1_024, ms: 120_000 } as const;
const startThread = (): Worker =>
  new Worker(new URL('print-thread.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: limits.megabytes },
  });

/** Throws when the thread ends or takes too long: it is of no use then. */
async function printIn(thread: Worker, order: PrintOrder): Promise<Printed> {
  const over = new AbortController();
  const late = setTimeout(() => void thread.terminate(), limits.ms);
  try {
    thread.postMessage(order, []);
    const answer = once(thread, 'message', { signal: over.signal });
    const end = once(thread, 'exit', { signal: over.signal }).then(() => {
      throw new Error('the printing thread ended without a paper');
    });
    const [printed] = await Promise.race([answer, end]);
    return printed as Printed;
  } finally {
    clearTimeout(late);
    over.abort();
  }
}

/** One paper at a time; the others wait in line. The thread starts with the first, and does not keep the process from ending. */
export function createPrinter(): Printer {
  let thread: Worker | null = null;
  const print = async (order: PrintOrder): Promise<Uint8Array> => {
    const used = (thread ??= startThread());
    used.ref();
    const printed = await printIn(used, order).catch((error: unknown) => {
      thread = null;
      void used.terminate();
      throw error;
    });
    used.unref();
    if ('failure' in printed) throw new Error(`the paper cannot be printed: ${printed.failure}`);
    return printed.pdf;
  };
  let last: Promise<unknown> = Promise.resolve();
  return (order) => {
    const printed = last.then(() => print(order));
    last = printed.catch(() => undefined);
    return printed;
  };
}

/** The real stack that cases run on: one started for them, or one that runs already. */
import { openSession } from '../../client.ts';
import { StackClock } from './clock.ts';
import { DurableEngine } from './engine.ts';
import type { Installation } from './engine.ts';
import { durableLimits } from './limits.ts';
import { Staff } from './staff.ts';
import { ThrowAwayStack } from './throw-away-stack.ts';

export interface DurableOptions {
  /** Of a stack that runs; absent: one is started and taken away again. */
  readonly url?: string;
  readonly account: string;
  readonly password: string;
}
export interface DurableRun {
  /** A fresh engine on the stack. */
  readonly open: () => Promise<DurableEngine>;
  readonly close: () => Promise<void>;
}

export async function openDurable({ url, account, password }: DurableOptions): Promise<DurableRun> {
  const stack = url === undefined ? await ThrowAwayStack.start() : null;
  const close = async (): Promise<void> => stack?.remove();
  const baseUrl = url ?? stack?.url ?? '';
  const client = openSession({ baseUrl, name: account, password, patienceMs: durableLimits.callMs });
  const installation: Installation = { client, staff: new Staff(client, baseUrl), clock: new StackClock(client) };
  return { open: () => DurableEngine.open(installation), close };
}

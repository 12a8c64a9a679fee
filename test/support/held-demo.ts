/** The demo on the real product: it plays every role, and can be held in the middle of what it does. */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openSession, searchAll } from '#cli/client.ts';
import { demoPassword } from '#cli/options.ts';
import type { Client } from '#contract/client.ts';
import { routes } from '#contract/routes.ts';
import { eventually } from './eventually.ts';
import { Product } from './product.ts';

export const pageSize = 1_000;
export const pageAfter = (after: string | null) => (after === null ? { limit: pageSize } : { limit: pageSize, after });
export const runningProposals = { processDefinitionId: 'usulan-dtks', state: 'ACTIVE' } as const;
const stillMs = 4_000;

/** Active elements of each running proposal, by its key. */
export type Standing = ReadonlyMap<string, ReadonlySet<string>>;
const told = (cases: Standing): string =>
  [...cases]
    .map(([key, active]) => `${key}: ${[...active].toSorted().join(' ')}`)
    .toSorted()
    .join('\n');

/** @throws with all that was said when the demo ended without a summary */
function summaryIn(output: string): Record<string, unknown> {
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`the demo has no summary:\n${output}`);
  return JSON.parse(last);
}

export class HeldDemo {
  readonly stack: Product;
  /** The proposals, with their truth beside them. */
  readonly file: string;
  /** The demo's last line. */
  readonly summary: Promise<Record<string, unknown>>;
  readonly admin: Client;
  /** A process of its own, so that it can be stopped. */
  readonly #process: ChildProcess;

  private constructor(stack: Product, file: string) {
    this.stack = stack;
    this.file = file;
    const begun = stack.begin(['cli/main.ts', 'demo', '--file', file, '--json', '--url', stack.url]);
    this.#process = begun.process;
    this.summary = begun.result.then(({ output }) => summaryIn(output));
    this.admin = this.as('admin');
  }
  /** An installation of its own, and the demo begun. @throws with what was said when there is no file to play */
  static async begin(size: { readonly proposals: number; readonly seed: number }): Promise<HeldDemo> {
    const stack = await Product.create();
    await stack.start(['--empty']);
    const file = path.join(stack.home, 'usulan.csv');
    const wanted = ['--proposals', String(size.proposals), '--seed', String(size.seed)];
    const { code, output } = await stack.alur('generate', ...wanted, '--out', file);
    if (code !== 0) throw new Error(output);
    return new HeldDemo(stack, file);
  }
  as(name: string): Client {
    return openSession({ baseUrl: this.stack.url, name, password: demoPassword, patienceMs: 60_000 });
  }

  async standing(): Promise<Standing> {
    const items = await searchAll(
      (after) =>
        this.admin(routes.searchElementInstances, { body: { filter: runningProposals, page: pageAfter(after) } }),
      pageSize,
    );
    const found = new Map<string, Set<string>>();
    for (const { processInstanceKey, elementId } of items) {
      const active = found.get(processInstanceKey) ?? new Set();
      found.set(processInstanceKey, active.add(elementId));
    }
    return found;
  }
  /** What happens without the demo, such as answers of systems outside, comes to its end. */
  async hold(): Promise<Standing> {
    this.#process.kill('SIGSTOP');
    for (let before = await this.standing(); ;) {
      await delay(stillMs);
      const now = await this.standing();
      if (told(now) === told(before)) return now;
      before = now;
    }
  }
  /** The deadlines that cases carry, by key of the case. */
  async deadlines(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const items = await searchAll(
      (after) =>
        this.admin(routes.searchVariables, {
          query: { truncateValues: 'false' },
          body: { filter: { name: 'tenggat' }, page: pageAfter(after) },
        }),
      pageSize,
    );
    const ofCase = items.filter(({ scopeKey, processInstanceKey }) => scopeKey === processInstanceKey);
    return new Map(ofCase.map(({ processInstanceKey, value }) => [processInstanceKey, JSON.parse(value)]));
  }
  running() {
    return searchAll(
      (after) =>
        this.admin(routes.searchProcessInstances, { body: { filter: { state: 'ACTIVE' }, page: pageAfter(after) } }),
      pageSize,
    );
  }
  /** Held, and cases of stories in which nobody does anything have expired: nothing moves by itself any more. */
  async standStill(): Promise<Standing> {
    await this.hold();
    await eventually(async () => {
      const carried = await this.deadlines();
      return (await this.running()).every(
        ({ processInstanceKey }) => !(carried.get(processInstanceKey)?.['kedaluwarsa'] ?? '').startsWith('PT'),
      );
    }, 300_000);
    return this.hold();
  }
  goOn(): void {
    this.#process.kill('SIGCONT');
  }
  async remove(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.stack.remove();
  }
}

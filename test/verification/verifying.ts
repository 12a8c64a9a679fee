/** Cases of several kinds, and verifications of them. */
import {
  repairWorkflowId,
  repairWorkflowType,
  taskQueue,
  verificationWorkflowId,
  verificationWorkflowType,
} from '#workflows/messages.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { findVerification, insertVerification, listDifferences } from '#db/verification/store.ts';
import type { NumberedDifference, VerificationOptions } from '#db/verification/store.ts';
import type { ProcessModel } from '#engine/model.ts';
import { eventually } from '../support/eventually.ts';
import {
  boundaryTimer,
  call,
  end,
  messageCatch,
  processOf,
  serviceTask,
  start,
  userTask,
  variable,
} from '../support/models.ts';
import type { Published, StartedCase, TestStack } from '../support/stack.ts';

export const kinds = ['task', 'outside', 'message', 'call', 'done'] as const;
export type Kind = (typeof kinds)[number];
const models: Readonly<Record<Kind | 'called', ProcessModel>> = {
  task: processOf(
    'periksa',
    [
      start('mulai'),
      serviceTask('sapa', 'salam'),
      userTask('tugas'),
      boundaryTimer('batas', 'tugas', 'P1D'),
      end('selesai'),
      end('lewat'),
    ],
    ['mulai>sapa', 'sapa>tugas', 'tugas>selesai', 'batas>lewat'],
  ),
  outside: processOf('luar', [start('a'), serviceTask('b', 'cetak'), end('c')], ['a>b', 'b>c']),
  message: processOf('surat', [start('a'), messageCatch('b', 'balasan', variable('nomor')), end('c')], ['a>b', 'b>c']),
  call: processOf('induk', [start('a'), call('b', 'anak'), end('c')], ['a>b', 'b>c']),
  called: processOf('anak', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c']),
  done: processOf('cepat', [start('a'), serviceTask('b', 'salam'), end('c')], ['a>b', 'b>c']),
};
export const handlers = {
  salam: () => Promise.resolve({ outcome: 'completed' as const, variables: { salam: 'Halo' } }),
};

export class Verifying {
  readonly #stack: TestStack;
  readonly #published = new Map<string, Published>();
  #cases = 0;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }
  async publish(): Promise<void> {
    for (const [kind, model] of Object.entries(models)) this.#published.set(kind, await this.#stack.publish(model));
  }

  async start(kind: Kind): Promise<StartedCase> {
    const published = this.#published.get(kind);
    if (published === undefined) throw new Error(`nothing is published as ${kind}`);
    this.#cases += 1;
    return this.#stack.start(published, { nomor: `N-${this.#cases}`, daftar: [1, 2, 3], catatan: 'ada' });
  }
  /** Waits until a case stands where its kind stands still. */
  async settled(started: StartedCase, kind: Kind, timeoutMs = 180_000): Promise<StartedCase> {
    const table = {
      task: 'user_task',
      outside: 'parked_job',
      message: 'message_subscription',
      call: 'instance',
      done: '',
    }[kind];
    if (table === '') await this.#stack.ended(started, timeoutMs);
    else
      await eventually(async () => {
        const column = kind === 'call' ? 'parent_key' : 'instance_key';
        const { rowCount } = await this.#stack.pool.query(`select from ${table} where ${column} = $1`, [
          started.instanceKey,
        ]);
        return rowCount !== 0;
      }, timeoutMs);
    return started;
  }
  /** So many cases of all kinds, some at a time. */
  async many(count: number): Promise<void> {
    let next = 0;
    const run = async (): Promise<void> => {
      while (next < count) {
        const kind = kinds[next++ % kinds.length] ?? 'task';
        await this.settled(await this.start(kind), kind);
      }
    };
    await Promise.all(Array.from({ length: 12 }, run));
  }

  async verify(options: Partial<VerificationOptions> = {}): Promise<readonly NumberedDifference[]> {
    return this.differences(await this.run(options));
  }
  async run(options: Partial<VerificationOptions> = {}): Promise<string> {
    const { pool, client } = this.#stack;
    const key = await nextKey(pool);
    await insertVerification(pool, key, { scope: 'all', sample: null, restored: false, ...options }, 'penguji');
    await client.workflow.execute(verificationWorkflowType, {
      workflowId: verificationWorkflowId(key),
      taskQueue,
      args: [{ key }],
    });
    const found = await findVerification(pool, key);
    if (found?.state !== 'COMPLETED') throw new Error(found?.message ?? 'the verification did not end');
    return key;
  }
  differences(key: string): Promise<readonly NumberedDifference[]> {
    return listDifferences(this.#stack.pool, key, 0, 10_000);
  }
  async repair(key: string): Promise<void> {
    await this.#stack.client.workflow.execute(repairWorkflowType, {
      workflowId: repairWorkflowId(key, 'satu'),
      taskQueue,
      args: [{ key, numbers: null }],
    });
  }
}

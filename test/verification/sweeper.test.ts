/** Thirteen kinds of stuck cases are seen by people within 120 s, as incidents that go by themselves; healthy cases never are (R23). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordTroubles } from '#activities/record-trouble.ts';
import { ensureAccounts } from '#db/accounts.ts';
import { noteJobPoll } from '#db/stuck-cases.ts';
import { startSweeper } from '#worker/sweeper.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { RunningWorker, StartedCase } from '../support/stack.ts';
import { account, handlers, stuckKinds } from './stuck-kinds.ts';
import type { StuckKind } from './stuck-kinds.ts';
import { Verifying } from './verifying.ts';

const barMs = 120_000;
const silent = { info: () => undefined, warn: () => undefined };
const unfit = stuckKinds.filter(({ name }) => name === 'a build that does not fit');
const others = stuckKinds.filter((kind) => !unfit.includes(kind));

let stack: TestStack;
let worker: RunningWorker;
let verifying: Verifying;
const troubles = new RecordTroubles();
let stopSweeper: () => void = () => undefined;
let polling: NodeJS.Timeout;
const cases = new Map<StuckKind, StartedCase>();
/** How long it took until people saw it, in ms, by instance. */
const seen = new Map<string, { readonly afterMs: number; readonly codes: readonly string[] }>();
let begunMs = 0;

const shown = async (instanceKey: string): Promise<readonly string[]> => {
  const { rows } = await stack.owner.query<{ code: string }>(
    `select code from visible_incident where instance_key = $1 and state = 'ACTIVE' order by code`,
    [instanceKey],
  );
  return rows.map(({ code }) => code);
};
async function look(kind: StuckKind): Promise<void> {
  const { instanceKey } = cases.get(kind) ?? { instanceKey: '0' };
  const codes = await eventually(async () => {
    const found = await shown(instanceKey);
    return found.some((code) => (kind.shows as readonly string[]).includes(code)) && found;
  }, 2 * barMs).catch(() => shown(instanceKey));
  seen.set(instanceKey, { afterMs: Date.now() - begunMs, codes });
}
async function begin(kind: StuckKind): Promise<void> {
  const usual = async (): Promise<StartedCase> => stack.start(await stack.publish(kind.model), { tidak: false });
  cases.set(kind, await (kind.begin ?? ((_, start) => start()))(stack, usual));
}

beforeAll(async () => {
  stack = await TestStack.start();
  worker = await stack.startWorker({ handlers, troubles });
  await ensureAccounts(stack.owner, [account('ani', 'operator-desa', '*')]);
  verifying = new Verifying(stack);
  await verifying.publish();
  await verifying.many(25);
  polling = setInterval(() => void noteJobPoll(stack.pool, 'cetak', 'luar').catch(() => undefined), 10_000);
  const masterKey = Buffer.from(stack.environment['ALUR_MASTER_KEY'] ?? '', 'base64');
  const { pool, client, home } = stack;
  stopSweeper = startSweeper({ pool, client, masterKey, home, logger: silent, troubles });
  await Promise.all(others.map(begin));
  begunMs = Date.now();
  await Promise.all(others.map(look));
}, 420_000);
afterAll(async () => {
  stopSweeper();
  clearInterval(polling);
  await stack.stop();
}, 90_000);

const expectSeen = (kind: StuckKind): void => {
  const { instanceKey } = cases.get(kind) ?? { instanceKey: '0' };
  const { afterMs, codes } = seen.get(instanceKey) ?? { afterMs: Infinity, codes: [] };
  expect(codes.filter((code) => (kind.shows as readonly string[]).includes(code))).not.toEqual([]);
  expect(afterMs).toBeLessThanOrEqual(barMs);
};

describe('a case that stands still', () => {
  it.each(others)('because of $name is shown within 120 s', expectSeen);

  it('is no longer shown once the cause is gone', async () => {
    const healing = others.filter(({ heal }) => heal !== undefined);
    for (const kind of healing) await kind.heal?.(stack, cases.get(kind) ?? { instanceKey: '0', workflowId: '' });
    for (const kind of healing) {
      const { instanceKey } = cases.get(kind) ?? { instanceKey: '0' };
      await eventually(async () => (await shown(instanceKey)).length === 0, 150_000);
    }
  }, 300_000);

  it('is not a healthy one', async () => {
    const stuck = [...cases.values()].map(({ instanceKey }) => instanceKey);
    const { rows } = await stack.owner.query(
      'select instance_key, cause, detail from stuck_case where not instance_key = any($1::bigint[])',
      [stuck],
    );
    expect(rows).toEqual([]);
  });

  it.each(unfit)(
    'because of $name is shown within 120 s',
    async (kind) => {
      await begin(kind);
      const started = cases.get(kind) ?? { instanceKey: '0', workflowId: '' };
      const task = await stack.taskOf(started, 'b');
      await worker.stop();
      worker = await stack.startWorker({
        handlers,
        troubles,
        maxCachedWorkflows: 0,
        rebuilt: (code) => code.replaceAll('alur.recordFacts', 'alur.noteFacts'),
      });
      begunMs = Date.now();
      stack.command(started, { type: 'completeUserTask', task, variables: {} }).catch(() => undefined);
      await look(kind);
      expectSeen(kind);
      await worker.stop();
      worker = await stack.startWorker({ handlers, troubles });
      await eventually(async () => (await shown(started.instanceKey)).length === 0, 150_000);
    },
    420_000,
  );
});

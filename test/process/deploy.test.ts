/**
 * Deploy, ramp, roll back with open cases (reliability.md R24): real workers of three builds on one Temporal. The second build is the
 * same code under another id, the third cannot replay what the first has begun.
 */
import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { unfitBuilds } from '#db/queries/health.ts';
import { copySources } from '../../chaos/stack/builds.ts';
import { end, path as through, processOf, start, user } from '../engine/model-builder.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { WorkerProcess } from '../support/worker-process.ts';

const run = promisify(execFile);
const projectDir = path.resolve(__dirname, '../..');
const cases = 21;
let stack: TestStack;
const children = new Set<ChildProcess>();
const folders: string[] = [];
beforeAll(async () => {
  stack = await TestStack.start();
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}, 60_000);

/** A tree like this one with a change in a file of its workflows. */
async function changedTree(file: string, right: string, wrong: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-build-'));
  folders.push(folder);
  await copySources(folder);
  const target = path.join(folder, 'workflows', file);
  const source = await readFile(target, 'utf8');
  if (source.split(right).length !== 2) throw new Error(`${file} has not exactly one place with: ${right}`);
  await writeFile(
    target,
    source.replace(right, () => wrong),
  );
  return folder;
}

/** Runs, and is known to Temporal, but has no tasks unless it makes itself current. Returns its build id. */
async function startBuild(folder: string, env: NodeJS.ProcessEnv = {}): Promise<{ worker: WorkerProcess; id: string }> {
  const worker = startWorkerProcess(stack, { folder, env: { ALUR_VERSIONING: 'auto-upgrade', ...env } });
  children.add(worker.child);
  const id = await eventually(async () => {
    const { rows } = await stack.pool.query<{ build_id: string }>(
      'select build_id from worker_heartbeat where identity like $1',
      [`${worker.child.pid}@%`],
    );
    return rows[0]?.build_id;
  }, 120_000).catch((error: unknown) => {
    throw new Error(`the worker does not poll:\n${worker.output()}`, { cause: error });
  });
  return { worker, id };
}
async function deploy(...args: readonly string[]): Promise<string> {
  const command = ['--import', 'tsx', 'worker/deploy.ts', ...args];
  const { stdout } = await run(process.execPath, command, { cwd: projectDir, env: stack.environment });
  return stdout;
}
/** As the API does it: sent again under the same key until it is answered. */
async function complete(started: StartedCase, elementId: string): Promise<void> {
  const task = await stack.taskOf(started, elementId, 60_000);
  const command = { type: 'completeUserTask', task, variables: {} } as const;
  await eventually(
    () =>
      stack.command(started, command, { key: elementId }).then(
        ({ accepted }) => accepted,
        () => false,
      ),
    120_000,
  );
}
const all = (some: readonly StartedCase[], elementId: string): Promise<void[]> =>
  Promise.all(some.map((started) => complete(started, elementId)));

async function failedTasks(): Promise<number> {
  let failed = 0;
  for await (const { workflowId, runId } of stack.client.workflow.list()) {
    const { events } = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
    failed += (events ?? []).filter(({ workflowTaskFailedEventAttributes: failure }) => failure != null).length;
  }
  return failed;
}

it('a deployment and its rollback cost open cases no task, and a build that cannot go on is seen and left', async () => {
  const one = await startBuild(projectDir, { ALUR_MAKE_CURRENT: 'true' });
  const model = processOf([start('a'), user('b'), user('c'), user('d'), end('z')], [through('a', 'b', 'c', 'd', 'z')]);
  const published = await stack.publish({ ...model, processId: 'terbuka' });
  const open = await Promise.all(Array.from({ length: cases }, () => stack.start(published)));
  await Promise.all(open.map((started) => stack.taskOf(started, 'b', 120_000)));

  const two = await startBuild(await changedTree('limits.ts', 'pauseMs: 1,', 'pauseMs: 2,'));
  expect(two.id).not.toBe(one.id);
  expect(await deploy('ramp', two.id, '30')).toContain(`${two.id}  ramping 30 %`);
  await all(open.slice(0, 7), 'b');
  expect(await deploy('current', two.id)).toContain(`${two.id}  current`);
  await all(open.slice(7), 'b');
  expect(await deploy('rollback')).toContain(`${one.id}  current`);
  await all(open.slice(0, 7), 'c');
  expect(await failedTasks()).toBe(0);

  const sleeping = '    const recorded = facts.at(-1)?.number ?? this.#recorded;\n';
  const folder = await changedTree('process-instance.ts', sleeping, `    await sleep(1);\n${sleeping}`);
  const three = await startBuild(folder);
  await deploy('current', three.id);
  const deployedMs = Date.now();
  const rest = all(open.slice(7), 'c');
  await eventually(
    async () => (await unfitBuilds(stack.pool, 120)).some(({ buildId }) => buildId === three.id),
    60_000,
  ).catch((error: unknown) => {
    throw new Error(`nobody said so:\n${three.worker.output().slice(-3_000)}`, { cause: error });
  });
  process.stdout.write(`seen after ${Date.now() - deployedMs} ms\n`);
  await deploy('rollback');
  const backMs = Date.now();
  await rest;
  process.stdout.write(`recovered after ${Date.now() - backMs} ms\n`);
  await all(open, 'd');
  for (const started of open) {
    expect(await stack.ended(started, 60_000)).toBe('COMPLETED');
    const facts = await stack.facts(started);
    expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
  }
  expect(await deploy('status')).toContain(`${one.id}  current`);
}, 480_000);

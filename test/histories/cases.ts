/** What histories are recorded of: random processes under random work, and the shapes that chance seldom draws. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { JobHandler } from '#activities/job-handler.ts';
import { startTimers } from '#api/timer-starts.ts';
import { createTemporal } from '#api/temporal.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import { openBroadcast } from '#db/signals.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import {
  commandUpdate,
  messageWorkflowId,
  messageWorkflowType,
  migrationMessage,
  publishUpdate,
  setClockUpdate,
  taskQueue,
  workflowIdOf,
} from '#workflows/messages.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { modelOf } from '../engine/block-process-model.ts';
import { drawProcess } from '../engine/block-process-random.ts';
import {
  adHoc,
  boundary,
  call,
  compare,
  end,
  escalates,
  escalation,
  forEach,
  pass,
  path,
  processOf,
  rounds,
  service,
  signal,
  start,
  sub,
  throwing,
  throwsError,
  timer,
  undoes,
  user,
  value,
} from '../engine/model-builder.ts';
import { Chance } from '../engine/seeded.ts';
import { eventually } from '../support/eventually.ts';
import type { TestStack, StartedCase } from '../support/stack.ts';

const commandsOfACase = 14;
/** Job types of drawn processes are the ids of their elements. */
const drawnJobTypes = Array.from({ length: 60 }, (_, index) => `n${index + 1}`);
const errorCodes = Array.from({ length: 12 }, (_, index) => `E${index + 1}`);

/** A third of the drawn job types completes, a third does anything, the rest is left to outside workers. */
export function handlersOf(chance: Chance): Record<string, JobHandler> {
  const done = { outcome: 'completed', variables: {} } as const;
  const anything: JobHandler = () =>
    Promise.resolve(
      chance.weighted([
        [4, { ...done, variables: { hasil: chance.below(3) } }],
        [2, { outcome: 'failed', message: 'gagal', retryAfterMs: 20 }],
        [1, { outcome: 'failed', message: 'tidak bisa', retries: 0 }],
        [1, { outcome: 'error', code: chance.of(errorCodes), message: 'salah' }],
      ] as const),
    );
  const names = ['bayar', 'kembalikan', 'kirim', 'tarik'];
  return {
    ...Object.fromEntries(names.map((name) => [name, () => Promise.resolve(done)])),
    ...Object.fromEntries(
      drawnJobTypes.flatMap((name, index): (readonly [string, JobHandler])[] =>
        index % 3 === 2 ? [] : [[name, index % 3 === 0 ? () => Promise.resolve(done) : anything]],
      ),
    ),
  };
}

const named = (processId: string, ...parts: Parameters<typeof processOf>): ProcessModel => ({
  ...processOf(...parts),
  processId,
});

/** What the call activities of drawn processes call; a newer one takes over now and then. */
const called: readonly ProcessModel[] = [
  named('called', [start('a'), service('bayar'), end('z')], [path('a', 'bayar', 'z')]),
  named('called', [start('a'), user('t'), end('z')], [path('a', 't', 'z')]),
  named(
    'called',
    [start('a'), throwing('e', { results: [escalates('X')] }), user('t'), end('z')],
    [path('a', 'e', 't', 'z')],
  ),
  named('called', [start('a'), user('t'), end('z', { results: [throwsError('E1')] })], [path('a', 't', 'z')]),
];

/** So many random processes, some of which continue as new early, each worked on for a while. */
export async function recordDrawn(stack: TestStack, seed: number, count: number): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      if (index % 8 === 0) await stack.publish(called[(index / 8) % called.length] ?? called[0]!);
      await recordOne(stack, new Chance(seed, index), index);
    }
  };
  await stack.publish(called[0]!);
  await Promise.all([lane(), lane(), lane()]);
}

async function recordOne(stack: TestStack, chance: Chance, index: number): Promise<void> {
  const { model, variables } = modelOf(drawProcess(chance));
  const published = await stack.publish({ ...model, processId: `acak-${index}` });
  const flags = [...new Set([...JSON.stringify(model).matchAll(/"source":"(\w+) = 1"/g)].map(([, name = '']) => name))];
  const chosen = Object.fromEntries(flags.map((flag) => [flag, chance.below(2)]));
  const early = chance.once(3) ? { continueAfterEvents: chance.between(12, 40) } : {};
  const started = await stack.start(published, { ...variables, ...chosen }, early);
  await workOn(stack, started, { chance, flags, left: commandsOfACase });
}

interface Work {
  readonly chance: Chance;
  readonly flags: readonly string[];
  left: number;
}

/** Until it has ended, or so many commands were sent. Called instances are worked on as well. */
async function workOn(stack: TestStack, started: StartedCase, work: Work): Promise<void> {
  for (let idle = 0; work.left > 0 && idle < 6;) {
    // A run that ends just now cannot be asked.
    const state = await stack.state(started).catch(() => null);
    if (state === null) {
      idle += 1;
      await sleep(100);
      continue;
    }
    if (state.status !== 'active') return;
    for (const child of await childrenOf(stack, started)) await workOn(stack, child, work);
    const draw = drawFor(state, work);
    if (draw === null) {
      idle += 1;
      await sleep(100);
      continue;
    }
    work.left -= 1;
    await draw(stack, started).catch(() => undefined);
    await sleep(20);
  }
}

async function childrenOf(stack: TestStack, { instanceKey }: StartedCase): Promise<StartedCase[]> {
  const { rows } = await stack.pool.query<{ key: string; process_id: string }>(
    "select key, process_id from instance where parent_key = $1 and state = 'ACTIVE'",
    [instanceKey],
  );
  return rows.map(({ key, process_id }) => ({ instanceKey: key, workflowId: workflowIdOf(process_id, key) }));
}

type Deed = (stack: TestStack, started: StartedCase) => Promise<unknown>;
const by =
  (command: InstanceCommand): Deed =>
  (stack, started) =>
    stack.command(started, command);

/** By hand, with a reason. */
const repaired =
  (command: InstanceCommand): Deed =>
  (stack, { workflowId }) => {
    const key = randomUUID();
    const message = { key, actor: 'ani', reason: 'perbaikan', command };
    return stack.client.workflow.getHandle(workflowId).executeUpdate(commandUpdate, { updateId: key, args: [message] });
  };
/** A repair of something that is open. */
function drawRepair(state: InstanceState, chance: Chance): Deed {
  const timers = Object.keys(state.timers).map(Number);
  const jobs = Object.keys(state.jobs).map(Number);
  const active = Object.values(state.elements).filter(({ seq }) => seq !== 0);
  const choices: readonly (readonly [number, () => InstanceCommand])[] = [
    [2, () => ({ type: 'suspendInstance' })],
    [timers.length > 0 ? 3 : 0, () => ({ type: 'fireTimer', timer: chance.of(timers) })],
    [timers.length > 0 ? 2 : 0, () => ({ type: 'updateTimer', timer: chance.of(timers), dueMs: Date.now() + 60_000 })],
    [jobs.length > 0 ? 2 : 0, () => ({ type: 'retryJob', job: chance.of(jobs), retries: 2 })],
    [active.length > 0 ? 2 : 0, () => ({ type: 'sendBack', to: chance.of(active).elementId, from: null })],
  ];
  return repaired(chance.weighted(choices)());
}

function drawFor(state: InstanceState, { chance, flags }: Work): Deed | null {
  if (state.suspendedAtMs !== null && chance.once(2)) return repaired({ type: 'resumeInstance' });
  if (chance.once(12)) return drawRepair(state, chance);
  const tasks = Object.keys(state.userTasks).map(Number);
  const jobs = Object.entries(state.jobs).filter(([, job]) => job.retries > 0 && job.retryAtMs === null);
  const parked = jobs.map(([seq, { jobType }]) => [Number(seq), drawnJobTypes.indexOf(jobType)] as const);
  const ours = parked.filter(([, index]) => index % 3 === 2).map(([seq]) => seq);
  const messages = Object.values(state.subscriptions);
  const signals = Object.entries(state.signalSubscriptions);
  const incidents = Object.keys(state.incidents).map(Number);
  const adHocs = Object.values(state.elements).filter(({ type }) => type === 'adHocSubProcess');
  const dueMs = earliestDueMs(state);
  const waits = tasks.length + ours.length + messages.length + signals.length + incidents.length + (dueMs ?? 0);
  if (waits === 0 && Object.keys(state.conditions).length === 0) return null;
  const choices: readonly (readonly [number, () => Deed])[] = [
    [tasks.length > 0 ? 8 : 0, () => completeOrClaim(chance, chance.of(tasks))],
    [ours.length > 0 ? 8 : 0, () => answerJob(chance, chance.of(ours))],
    [messages.length > 0 ? 5 : 0, () => publishTo(chance.of(messages))],
    [signals.length > 0 ? 4 : 0, () => signalTo(chance, chance.of(signals))],
    [incidents.length > 0 ? 3 : 0, () => by({ type: 'resolveIncident', incident: chance.of(incidents), retries: 1 })],
    [dueMs === null ? 0 : 4, () => moveClock(dueMs ?? 0)],
    [flags.length > 0 ? 2 : 0, () => setFlag(chance, flags)],
    [
      adHocs.length > 0 ? 2 : 0,
      () => by({ type: 'setVariables', scope: chance.of(adHocs).seq, variables: { catatan: 1 }, local: true }),
    ],
    [chance.once(20) ? 1 : 0, () => by({ type: 'cancelInstance', reason: 'cukup' })],
  ];
  return chance.weighted(choices.some(([weight]) => weight > 0) ? choices : [[1, () => moveClock(Date.now())]])();
}

const setFlag = (chance: Chance, flags: readonly string[]): Deed =>
  by({ type: 'setVariables', scope: 0, variables: { [chance.of(flags)]: chance.below(2) }, local: true });
const completeOrClaim = (chance: Chance, task: number): Deed =>
  chance.once(5)
    ? by({ type: 'assignUserTask', task, assignee: 'budi', allowOverride: true })
    : by({ type: 'completeUserTask', task, variables: { nilai: chance.below(10) } });
const answerJob = (chance: Chance, job: number): Deed =>
  chance.weighted([
    [6, by({ type: 'completeJob', job, variables: { hasil: chance.below(3) } })],
    [2, by({ type: 'failJob', job, retries: chance.below(2), message: 'gagal', retryAfterMs: 50 })],
    [1, by({ type: 'throwJobError', job, code: chance.of(errorCodes), message: 'salah', variables: {} })],
  ] as const);
const moveClock =
  (dueMs: number): Deed =>
  (stack, { workflowId }) =>
    stack.client.workflow
      .getHandle(workflowId)
      .executeUpdate(setClockUpdate, { args: [Math.max(0, dueMs - Date.now()) + 1_000] });

function publishTo({ messageName, correlationKey }: InstanceState['subscriptions'][number]): Deed {
  return (stack) => publish(stack, messageName, correlationKey, { pesan: 1 });
}
async function publish(stack: TestStack, name: string, correlationKey: string, variables: Variables): Promise<void> {
  const messageKey = await newInstanceKey(stack.pool);
  await stack.client.workflow.executeUpdateWithStart(publishUpdate, {
    args: [{ messageKey, name, correlationKey, messageId: null, timeToLiveMs: 30_000, variables }],
    startWorkflowOperation: new WithStartWorkflowOperation(messageWorkflowType, {
      workflowId: messageWorkflowId(name, correlationKey),
      taskQueue,
      args: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}
function signalTo(chance: Chance, [seq, { signalName }]: readonly [string, { readonly signalName: string }]): Deed {
  const signalKey = keyOfNumber(BigInt(chance.below(1_000_000)));
  return chance.once(3)
    ? (stack) => broadcast(stack, signalName)
    : by({ type: 'receiveSignal', subscription: Number(seq), signalKey, variables: {} });
}
async function broadcast(stack: TestStack, name: string): Promise<void> {
  const signalKey = await newInstanceKey(stack.pool);
  await openBroadcast(stack.pool, { signalKey, signalName: name, startsInstances: true });
  await createTemporal(stack.client, () => Promise.resolve(0)).broadcast({ signalKey, name, variables: {} });
}

async function complete(stack: TestStack, started: StartedCase, elementId: string): Promise<void> {
  const task = await stack.taskOf(started, elementId, 60_000);
  await stack.command(started, { type: 'completeUserTask', task, variables: {} });
}
/** Commands that change little, until the instance has gone on to another run. */
async function age(stack: TestStack, started: StartedCase): Promise<void> {
  const first = (await stack.client.workflow.getHandle(started.workflowId).describe()).runId;
  await eventually(async () => {
    await stack.command(started, { type: 'setVariables', scope: 0, variables: { n: 1 }, local: true });
    return (await stack.client.workflow.getHandle(started.workflowId).describe()).runId !== first;
  }, 60_000);
}

type Shape = (stack: TestStack) => Promise<void>;
/** One after the other. */
export const shapes: Readonly<Record<string, Shape>> = {
  async 'a caller that continues as new while its called instance works'(stack) {
    await stack.publish(named('anak', [start('a'), user('t'), end('z')], [path('a', 't', 'z')]));
    const parent = named('induk', [start('a'), call('c', 'anak'), user('u'), end('z')], [path('a', 'c', 'u', 'z')]);
    const started = await stack.start(await stack.publish(parent), {}, { continueAfterEvents: 12 });
    const [child] = await eventually(async () => {
      const found = await childrenOf(stack, started);
      return found.length > 0 && found;
    });
    await age(stack, started);
    if (child !== undefined) await complete(stack, child, 't');
    await complete(stack, started, 'u');
    await stack.ended(started);
  },
  async 'a called instance that is cancelled with its caller, and one that escalates'(stack) {
    await stack.publish(
      named(
        'anak-lapor',
        [start('a'), throwing('e', { results: [escalates('TELAT')] }), user('t'), end('z')],
        [path('a', 'e', 't', 'z')],
      ),
    );
    const caught = boundary('telat', 'c', escalation('TELAT'), { interrupting: false });
    const published = await stack.publish(
      named(
        'induk-lapor',
        [start('a'), call('c', 'anak-lapor'), caught, user('urus'), end('z')],
        [path('a', 'c', 'z'), path('telat', 'urus', 'z')],
      ),
    );
    const started = await stack.start(published);
    await complete(stack, started, 'urus');
    await stack.command(started, { type: 'cancelInstance', reason: 'salah' });
    await stack.ended(started);
  },
  async 'a call that is not published'(stack) {
    const lonely = named('sendiri', [start('a'), call('c', 'belum-ada'), end('z')], [path('a', 'c', 'z')]);
    const started = await stack.start(await stack.publish(lonely));
    await eventually(async () => Object.keys((await stack.state(started)).incidents).length > 0);
    await stack.publish(named('belum-ada', [start('a'), end('z')], [path('a', 'z')]));
    const [incident = 0] = Object.keys((await stack.state(started)).incidents).map(Number);
    await stack.command(started, { type: 'resolveIncident', incident, retries: null });
    await stack.ended(started);
  },
  async 'undoing after continue-as-new'(stack) {
    const trip = named(
      'perjalanan',
      [
        start('a'),
        service('bayar'),
        boundary('cb', 'bayar', { type: 'compensation' }, { handler: 'kembalikan' }),
        service('kembalikan', { isForCompensation: true }),
        sub('s'),
        start('sa', { parent: 's' }),
        service('kirim', { parent: 's' }),
        boundary('ck', 'kirim', { type: 'compensation' }, { handler: 'tarik', parent: 's' }),
        service('tarik', { parent: 's', isForCompensation: true }),
        end('sz', { parent: 's' }),
        user('t'),
        throwing('batal', { results: [undoes(null)] }),
        end('z'),
      ],
      [path('a', 'bayar', 's', 't', 'batal', 'z'), path('sa', 'kirim', 'sz')],
    );
    const started = await stack.start(await stack.publish(trip), {}, { continueAfterEvents: 30 });
    await stack.taskOf(started, 't');
    await age(stack, started);
    await complete(stack, started, 't');
    await stack.ended(started);
  },
  async 'five votes at once'(stack) {
    const meeting = named(
      'musyawarah',
      [
        start('a'),
        user('suara', {}, forEach({ inputCollection: null, inputElement: null, cardinality: value(5) })),
        end('z'),
      ],
      [path('a', 'suara', 'z')],
    );
    const started = await stack.start(await stack.publish(meeting));
    const tasks = await eventually(async () => {
      const open = Object.keys((await stack.state(started)).userTasks).map(Number);
      return open.length === 5 && open;
    });
    await Promise.all(tasks.map((task) => stack.command(started, { type: 'completeUserTask', task, variables: {} })));
    await stack.ended(started);
  },
  async 'more jobs than run at once'(stack) {
    const many = { inputCollection: null, inputElement: null, cardinality: value(45) };
    const busy = named('ramai', [start('a'), service('bayar', forEach(many)), end('z')], [path('a', 'bayar', 'z')]);
    await stack.ended(await stack.start(await stack.publish(busy)), 60_000);
  },
  async 'a step that pauses'(stack) {
    const loop = rounds({ condition: compare('loopCounter', '<', 3_000) });
    const long = named('panjang', [start('a'), pass('p', loop), user('t'), end('z')], [path('a', 'p', 't', 'z')]);
    await complete(stack, await stack.start(await stack.publish(long)), 't');
  },
  async 'elements of an ad-hoc sub-process, begun by command'(stack) {
    const free = named(
      'bebas',
      [start('a'), adHoc('ah'), user('x', {}, { parent: 'ah' }), user('y', {}, { parent: 'ah' }), end('z')],
      [path('a', 'ah', 'z')],
    );
    const started = await stack.start(await stack.publish(free));
    const element = await eventually(async () =>
      Object.values((await stack.state(started)).elements).find(({ type }) => type === 'adHocSubProcess'),
    );
    const elements = ['x', 'y'].map((elementId) => ({ elementId, variables: {} }));
    await stack.command(started, {
      type: 'activateAdHocElements',
      element: element.seq,
      elements,
      cancelRemainingInstances: false,
    });
    await complete(stack, started, 'x');
    await complete(stack, started, 'y');
    await stack.ended(started);
  },
  async 'messages that start one instance per key, and an entity that ends'(stack) {
    const begin = start('m', {
      trigger: { type: 'message', message: { name: value('daftar'), correlationKey: null } },
    });
    await stack.publish(named('pendaftaran', [begin, user('t'), end('z')], [path('m', 't', 'z')]));
    for (const key of ['satu', 'satu', 'dua']) await publish(stack, 'daftar', key, { key });
    const begun = () =>
      stack.pool.query<{ key: string }>(
        "select key from instance where process_id = 'pendaftaran' and state = 'ACTIVE' order by key",
      );
    const { rows } = await eventually(async () => {
      const found = await begun();
      return found.rows.length === 2 && found;
    });
    for (const { key } of rows) await complete(stack, { instanceKey: key, workflowId: `pendaftaran/${key}` }, 't');
    await eventually(async () => (await begun()).rows.length === 1);
  },
  async 'a cycle that starts instances'(stack) {
    const begin = start('m', { trigger: timer('R3/PT1S', 'cycle') });
    const model = named('berkala', [begin, end('z')], [path('m', 'z')]);
    const { processId, definitionKey } = await stack.publish(model);
    await startTimers(stack.client, { processId, definitionKey, model }, { sinceMs: Date.now(), clockOffsetMs: 0 });
    await sleep(4_500);
  },
  async 'a case that follows another version in the middle, and goes back a step'(stack) {
    const older = named('berubah', [start('a'), user('t'), user('u'), end('z')], [path('a', 't', 'u', 'z')]);
    const newer = named(
      'berubah',
      [start('a'), user('t'), user('u'), service('bayar'), user('v'), end('z')],
      [path('a', 't', 'u', 'bayar', 'v', 'z')],
    );
    const started = await stack.start(await stack.publish(older), {}, { continueAfterEvents: 25 });
    await complete(stack, started, 't');
    await stack.taskOf(started, 'u');
    const { definitionKey, modelSha256 } = await stack.publish(newer);
    const command = { type: 'migrateInstance', definitionKey, version: 2, mapping: [], timers: {} } as const;
    const message = migrationMessage(modelSha256, { key: 'pindah', actor: 'ani', reason: 'versi baru', command });
    await stack.client.workflow
      .getHandle(started.workflowId)
      .executeUpdate(commandUpdate, { updateId: 'pindah', args: [message] });
    await complete(stack, started, 'u');
    await stack.taskOf(started, 'v', 60_000);
    await repaired({ type: 'sendBack', to: 't', from: null })(stack, started);
    await age(stack, started);
    for (const elementId of ['t', 'u', 'v']) await complete(stack, started, elementId);
    await stack.ended(started);
  },
  async 'a broadcast that reaches everybody'(stack) {
    const model = named(
      'siaga',
      [start('a'), user('t'), boundary('s', 't', signal('bencana')), user('lari'), end('z')],
      [path('a', 't', 'z'), path('s', 'lari', 'z')],
    );
    const published = await stack.publish(model);
    const cases = await Promise.all([1, 2, 3].map(() => stack.start(published)));
    for (const started of cases) await stack.taskOf(started, 't');
    await broadcast(stack, 'bencana');
    for (const started of cases) await complete(stack, started, 'lari');
  },
};

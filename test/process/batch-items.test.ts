/**
 * A district's sign-off with thousands of proposals on Temporal and PostgreSQL: the real definition, tables, jobs and worker. Each waiting case is
 * answered once, whatever happens to the worker meanwhile, and the batch itself stays small.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { JsonObject } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import { end, messageCatch, processOf, start, variable } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { WorkerProcess } from '../support/worker-process.ts';

/** `ALUR_ITEMS=10000` for the full count. */
const items = Number(process.env['ALUR_ITEMS'] ?? 300);
const perVillage = 25;
/** One in so many has a finding. */
const flaggedEach = 20;
const startsAtOnce = 25;
const minutesMs = 20 * 60_000;

const folder = join(__dirname, '../../definitions/dtks');
const file = (name: string) => ({ name, content: readFileSync(join(folder, name), 'utf8') });
const waiting: ProcessModel = {
  ...processOf(
    'menunggu-pengesahan',
    [start('a'), messageCatch('b', 'dtks.hasil-pengesahan', variable('nomor')), end('z')],
    ['a>b', 'b>z'],
  ),
  region: variable('kodeDesa'),
};

let stack: TestStack;
let batch: ProcessModel;
let worker: WorkerProcess;
beforeAll(async () => {
  stack = await TestStack.start();
  const deployment = await compileDeployment(
    ['verifikasi-pengesahan-kabkota.bpmn', 'temuan_pengesahan.dmn', 'tumpang_tindih.dmn'].map(file),
    { decisions: {} },
  );
  if (!deployment.ok) throw new Error(JSON.stringify(deployment.report));
  const [process] = deployment.processes;
  if (process === undefined) throw new Error('no process');
  batch = process.model;
  for (const [index, { model }] of deployment.decisions.entries()) await publishDecision(index, model);
  for (const [name, setting] of [
    ['dtks.tenggat', 'tenggat.json'],
    ['dtks.kalender', 'kalender.json'],
    ['dtks.kop', 'kop.json'],
  ] as const)
    await stack.owner.query('insert into setting (name, value) values ($1, $2)', [name, file(setting).content]);
  worker = startWorkerProcess(stack);
}, 180_000);
afterAll(async () => {
  worker.child.kill('SIGKILL');
  await stack.stop();
}, 60_000);

async function publishDecision(index: number, model: DecisionModel): Promise<void> {
  const key = keyOfNumber(BigInt(2_000_000 + index));
  await stack.owner.query('insert into deployment (key, created_by) values ($1, $2)', [key, 'test']);
  await stack.owner.query(
    `insert into decision_definition (key, deployment_key, decision_id, version, resource_name, xml, source_sha256, model)
     values ($1, $1, $2, 1, 'test.dmn', '', '', $3)`,
    [key, model.id, JSON.stringify(model)],
  );
}

const villageOf = (index: number): string => `32.15.01.${2_001 + Math.floor(index / perVillage)}`;
const numberOf = (index: number): string => `3215012001-202611-${String(index).padStart(6, '0')}`;
const isFlagged = (index: number): boolean => index % flaggedEach === 0;
const facts = (index: number): JsonObject => ({
  nomor: numberOf(index),
  kodeDesa: villageOf(index),
  usulan: { program: 'PKH', periode: '2026-11' },
  musyawarah: { beritaAcara: 'BA/1' },
  berkas: isFlagged(index) ? null : { hasil: 'LENGKAP' },
  hasilNik: { status: 'PADAN' },
  kelayakan: { saran: 'LAYAK', skor: 4, alasan: ['kriteria_a'] },
});

async function startWaiting(): Promise<void> {
  const published = await stack.publish(waiting);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next; index < items; index = next) {
      next += 1;
      await stack.start(published, facts(index));
    }
  };
  await Promise.all(Array.from({ length: startsAtOnce }, work));
  await eventually(async () => {
    const { rows } = await stack.pool.query("select 1 from message_subscription where state = 'OPEN'");
    return rows.length === items;
  }, minutesMs);
}

interface OpenTask {
  readonly seq: number;
  readonly elementId: string;
  /** Its own variables. */
  readonly variables: { readonly putusan?: readonly { readonly nomor: string }[] };
}
async function openTasks({ instanceKey }: StartedCase): Promise<readonly OpenTask[]> {
  const { rows } = await stack.pool.query<OpenTask>(
    `select (t.key & ((1 << 20) - 1))::integer as seq, t.element_id as "elementId",
            (select jsonb_object_agg(name, value) from variable v where v.instance_key = t.instance_key and v.scope_key = t.key) as variables
       from user_task t where t.instance_key = $1 and t.state = 'CREATED' order by t.key`,
    [instanceKey],
  );
  return rows;
}
/** The people of the district: samples are as surveyed, every flagged proposal goes back for its papers. */
const answers: Readonly<Record<string, (task: OpenTask) => JsonObject>> = {
  'cek-lapangan': () => ({ contoh: [] }),
  'verifikasi-desa': ({ variables }) => ({
    setujuiBersih: true,
    putusan: (variables.putusan ?? []).map(({ nomor }) => ({
      nomor,
      hasil: 'KEMBALI',
      langkah: 'BA',
      alasan: 'berkas belum lengkap',
    })),
  }),
  'persetujuan-kepala': () => ({ setuju: true }),
  pengesahan: () => ({ tindakan: 'SAHKAN', nomorSurat: '460/123/2026', tanggalSurat: '2026-11-17' }),
};
async function workUntilSignedOff(started: StartedCase): Promise<void> {
  await eventually(async () => {
    for (const task of await openTasks(started)) {
      const variables = answers[task.elementId]?.(task) ?? {};
      await stack.command(started, { type: 'completeUserTask', task: task.seq, variables }, { actor: task.elementId });
      if (task.elementId === 'pengesahan') return true;
    }
    return false;
  }, minutesMs);
}
const announced = async ({ instanceKey }: StartedCase): Promise<number> => {
  const { rows } = await stack.pool.query<{ items: number }>(
    'select count(*)::integer as items from collected_item where instance_key = $1 and cardinality(announced) > 0',
    [instanceKey],
  );
  return rows[0]?.items ?? 0;
};

it(
  `answers ${items} waiting cases once each, though the worker is killed in between`,
  async () => {
    await startWaiting();
    const started = await stack.start(await stack.publish(batch), { kodeKab: '32.15', periode: '2026-11' });
    await workUntilSignedOff(started);
    await eventually(async () => (await announced(started)) > items / 4, minutesMs);
    worker.child.kill('SIGKILL');
    await worker.ended;
    expect(await announced(started)).toBeLessThan(items);
    worker = startWorkerProcess(stack);

    await eventually(async () => {
      const { rows } = await stack.pool.query(
        "select 1 from instance where process_id = 'menunggu-pengesahan' and state <> 'COMPLETED' limit 1",
      );
      return rows.length === 0;
    }, minutesMs).catch((error: unknown) => {
      throw new Error(worker.output().slice(-2_000), { cause: error });
    });
    const { rows: answered } = await stack.pool.query(
      `select value ->> 'hasil' as hasil, value ->> 'langkah' as langkah, value ->> 'nomorSurat' as surat, count(*)::integer as cases
       from variable where name = 'pengesahan' group by 1, 2, 3 order by 1`,
    );
    const returned = items / flaggedEach;
    expect(answered).toEqual([
      { hasil: 'KEMBALI', langkah: 'BA', surat: '460/123/2026', cases: returned },
      { hasil: 'SAH', langkah: null, surat: '460/123/2026', cases: items - returned },
    ]);
    const { rows: twice } = await stack.pool.query(
      "select instance_key from fact where type = 'messageCorrelated' group by 1 having count(*) > 1",
    );
    expect(twice).toEqual([]);
    const { rows: largest } = await stack.pool.query<{ bytes: number }>(
      'select max(octet_length(value::text)) as bytes from variable where instance_key = $1',
      [started.instanceKey],
    );
    expect(largest[0]?.bytes).toBeLessThan(16 * 1024);
  },
  60 * 60_000,
);

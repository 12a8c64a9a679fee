/** What the processes of delivery, and visits, owe beside their stories: separation of duties, and no outcome that nobody takes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { modelReader } from '#cli/case/files.ts';
import { readCase } from '#cli/case/format.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runCase } from '#cli/case/run-case.ts';
import type { ProcessModel } from '#engine/model.ts';
import { compile, folder, read } from './dtks.ts';

const files = [
  'penyaluran-konfirmasi.bpmn',
  'pemetaan-pos.bpmn',
  'konflik-penyaluran.bpmn',
  'tutup-penyaluran.bpmn',
  'validasi-lapangan.bpmn',
  'survei-susulan.bpmn',
];
let models: readonly ProcessModel[] = [];
beforeAll(async () => {
  const decisions = ['hasil_salur.dmn', 'alamat_layak_kirim.dmn', 'metode_salur.dmn', 'kuota_prioritas.dmn'];
  const content = [...files, ...decisions].map((name) => ({ name, content: read(name) }));
  const deployment = await compile(content, { decisions: {} });
  if (!deployment.ok) throw new Error(JSON.stringify(deployment.report));
  models = deployment.processes.map(({ model }) => model);
});

/** Runs a story until a task waits, and lets somebody try to complete it. */
async function refusal(story: string, elementId: string, variables: object, actor: string): Promise<string | null> {
  const path = `cases/${story}.json`;
  const whole = readCase(read(path));
  const until = whole.steps.findIndex((step) => step.type === 'completeTask' && step.elementId === elementId);
  const engine = new MemoryEngine(compile);
  const begun = { ...whole, steps: whole.steps.slice(0, until), expect: {} };
  expect(await runCase(begun, engine, modelReader(`${folder}/${path}`))).toEqual([]);
  const task = engine.host.userTasks().find((open) => open.elementId === elementId);
  return engine.host.completeUserTask(task?.key ?? '', { ...variables }, actor)?.code ?? null;
}

test.each([
  ['salur-wajah-ditinjau', 'tinjau-bukti', 'serahkan', { keputusan: 'TERBAYAR', alasan: 'orang yang sama' }],
  ['susulan-pengembalian-berjalan', 'setujui-koreksi', 'putuskan-konflik', { setuju: true, alasan: 'bukti lengkap' }],
  ['tutup-selisih-satu-rupiah', 'setujui-koreksi-jumlah', 'telusuri-selisih', { setuju: true, alasan: 'sesuai' }],
  ['tutup-tertunda-selesai', 'sahkan-penutupan', 'ikuti-tertunda', { nomorBa: 'BA/1', tanggalBa: '2026-12-01' }],
])('%s: %s is for somebody else than who did %s', async (story, elementId, earlier, variables) => {
  expect(await refusal(story, elementId, variables, `person.${earlier}`)).toBe('fourEyes');
  expect(await refusal(story, elementId, variables, 'person.another')).toBeNull();
});

test.each([
  ['susulan-pengembalian-berjalan', 'putuskan-konflik', { terbayar: true, alasan: 'bukti diperiksa' }, 'jurubayar'],
  ['survei-susulan-tidak-dipakai', 'putuskan-survei', { pakai: true, alasan: 'keluarga membenarkan' }, 'psm'],
])('%s: %s is not for who recorded the late outcome', async (story, elementId, decision, actor) => {
  expect(await refusal(story, elementId, decision, actor)).toBe('fourEyes');
});

describe('late outcomes', () => {
  const nodes = () => models.flatMap((model) => Object.values(model.nodes));

  test('every task of the paymaster and every visit keeps one', () => {
    const handovers = nodes().filter(
      (node) =>
        node.type === 'userTask' && ['serah-terima', 'serah-ahli-waris', 'survei'].includes(node.task.formId ?? ''),
    );
    const late = handovers.map(({ id, properties }) => [id, properties['alur.lateMessage']]);
    expect(Object.fromEntries(late)).toEqual({
      serahkan: 'dtks.hasil-susulan',
      'ambil-di-kantor': 'dtks.hasil-susulan',
      'bayar-ahli-waris': 'dtks.hasil-susulan',
      kunjungan: 'dtks.survei-susulan',
    });
  });
  test('each begins a process', () => {
    const started = nodes().flatMap((node) =>
      node.type === 'startEvent' && node.trigger?.type === 'message' ? [JSON.stringify(node.trigger.message.name)] : [],
    );
    const late = new Set(nodes().flatMap(({ properties }) => properties['alur.lateMessage'] ?? []));
    expect([...late].filter((name) => !started.some((text) => text.includes(name)))).toEqual([]);
  });
});

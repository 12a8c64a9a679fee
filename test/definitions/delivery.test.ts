/** What the processes of delivery owe beside their stories: separation of duties, and no outcome that nobody takes. */
import { beforeAll, expect, test } from '@jest/globals';
import { modelReader } from '#cli/case/files.ts';
import { readCase } from '#cli/case/format.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runCase } from '#cli/case/run-case.ts';
import type { ProcessModel } from '#engine/model.ts';
import { compile, folder, read } from './dtks.ts';

const files = ['penyaluran-konfirmasi.bpmn', 'pemetaan-pos.bpmn', 'konflik-penyaluran.bpmn', 'tutup-penyaluran.bpmn'];
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

test('who recorded a late outcome does not decide on it', async () => {
  const decision = { terbayar: true, alasan: 'bukti diperiksa' };
  expect(await refusal('susulan-pengembalian-berjalan', 'putuskan-konflik', decision, 'jurubayar')).toBe('fourEyes');
});

test('every task of the paymaster keeps a late outcome, by a message that starts a process', () => {
  const nodes = models.flatMap((model) => Object.values(model.nodes));
  const started = nodes.flatMap((node) =>
    node.type === 'startEvent' && node.trigger?.type === 'message' ? [node.trigger.message.name] : [],
  );
  const handovers = nodes.filter(
    (node) => node.type === 'userTask' && ['serah-terima', 'serah-ahli-waris'].includes(node.task.formId ?? ''),
  );
  expect(handovers.map(({ id }) => id).toSorted()).toEqual(['ambil-di-kantor', 'bayar-ahli-waris', 'serahkan']);
  const late = handovers.map(({ properties }) => properties['alur.lateMessage']);
  expect(late).toEqual(handovers.map(() => 'dtks.hasil-susulan'));
  expect(JSON.stringify(started)).toContain('dtks.hasil-susulan');
});

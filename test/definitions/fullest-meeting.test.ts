/** The fullest agenda of a village meeting, discussed to the end: within the limits of the engine, and every item gets its one result. */
import { expect, test } from '@jest/globals';
import { rankedMost } from '#activities/connectors/priority.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import type { Variables } from '#engine/json.ts';
import { compile, read } from './dtks.ts';

const items = rankedMost;
const quota = 120;
const objected = 20;
const numberOf = (index: number): string => `3215012001-202611-${String(index).padStart(6, '0')}`;
/** All alike: what takes the most comparisons, and leaves the most to vote on. */
const item = (index: number): Variables => ({
  nomor: numberOf(index),
  jenis: 'USULAN',
  tanggal: '2026-11',
  tanpaTempatTinggal: false,
  desil: null,
  skor: 4,
  lansiaTunggal: false,
  disabilitasBerat: false,
  balitaHamil: false,
  janda: false,
  program: 'SEMBAKO',
  anggota: 4,
  lapangan: 'SELESAI',
  saran: 'LAYAK',
  alasan: ['kriteria_a', 'kriteria_b', 'kriteria_c'],
});

/** A meeting with the fullest agenda, opened. */
async function opened(): Promise<MemoryEngine> {
  const engine = new MemoryEngine(compile);
  await engine.deploy(['musyawarah-desa.bpmn', 'kuota_prioritas.dmn'].map((name) => ({ name, content: read(name) })));
  await engine.createInstance('musyawarah-desa', { kodeDesa: '32.15.01.2001', periode: '2026-11' });
  const deadlines = JSON.parse(read('tenggat.json')) as Record<string, Variables>;
  const answers: Readonly<Record<string, Variables>> = {
    'dtks.aturan': { tenggat: deadlines['baku'] ?? {}, kebijakan: { kuotaDesa: { '32.15.01.2001': quota } } },
    'dtks.gerbang': { gerbang: '2026-01-15T00:00:00+07:00' },
    'dtks.kumpulkan-agenda': { agenda: Array.from({ length: items }, (_, index) => item(index)) },
  };
  for (const [type, variables] of Object.entries(answers)) {
    const job = (await engine.jobs()).find((one) => one.type === type);
    await engine.completeJob(job?.key ?? '', variables);
  }
  await act(engine, 'undang', { unsur: ['BPD'], jumlahUndangan: 30 });
  await engine.advanceTime('P3D');
  await act(engine, 'daftar-hadir', { hadir: 30 });
  return engine;
}
async function act(engine: MemoryEngine, elementId: string, variables: Variables): Promise<void> {
  const task = (await engine.userTasks()).find((one) => one.elementId === elementId);
  expect([elementId, task?.elementId]).toEqual([elementId, elementId]);
  await engine.completeTask(task?.key ?? '', variables);
}

test('equals beyond the quota are voted on, some are discussed again, all are answered', async () => {
  const engine = await opened();
  const agreed = { cara: 'MUFAKAT', hasil: 'TERIMA', alasan: 'sesuai pembahasan' };
  const minutes = { nomorBa: 'BA/1', tanggalBa: '2026-01-10', saksi: 2 };
  const discuss = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await act(engine, 'bahas-usulan', agreed);
    const terpilihSeri = Array.from({ length: quota }, (_, index) => numberOf(index));
    await act(engine, 'putuskan-seri', { terpilihSeri, alasan: 'menurut suara' });
    await act(engine, 'berita-acara', minutes);
  };
  await discuss(items);
  await act(engine, 'pasang-pengumuman', { tempat: 'papan balai desa' });
  await engine.advanceTime('P3D');
  const objection = { tindakan: 'BAHAS_ULANG', dasar: 'LAIN', alasan: 'dibahas lagi' };
  const keberatan = Array.from({ length: objected }, (_, index) => ({ nomor: numberOf(index), ...objection }));
  await act(engine, 'catat-keberatan', { keberatan });
  await discuss(objected);
  const [meeting] = await engine.instances();
  expect(meeting?.state).toBe('completed');
  const results = meeting?.variables['keputusan'] as unknown as readonly { hasil: string; urutan: number }[];
  expect(results.filter(({ hasil }) => hasil === 'TERIMA')).toHaveLength(quota);
  expect(new Set(results.map(({ urutan }) => urutan)).size).toBe(items);
}, 120_000);

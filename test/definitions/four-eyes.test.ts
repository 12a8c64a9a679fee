/** A survey is rechecked by somebody else than the person who visited. */
import { expect, test } from '@jest/globals';
import { readCase } from '#cli/case/format.ts';
import { modelReader } from '#cli/case/files.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runCase } from '#cli/case/run-case.ts';
import { compile, folder, read } from './dtks.ts';

test('who visited a home cannot recheck the survey; somebody else can', async () => {
  const path = 'cases/lapangan-acak.json';
  const story = readCase(read(path));
  const until = story.steps.findIndex((step) => step.type === 'completeTask' && step.elementId === 'verifikasi-ulang');
  const engine = new MemoryEngine(compile);
  const begun = { ...story, steps: story.steps.slice(0, until), expect: {} };
  expect(await runCase(begun, engine, modelReader(`${folder}/${path}`))).toEqual([]);
  const [task] = engine.host.userTasks();
  expect(task?.elementId).toBe('verifikasi-ulang');
  const key = task?.key ?? '';
  const values = { sesuai: true, catatan: 'sesuai keadaan' };
  expect(engine.host.completeUserTask(key, values, 'person.kunjungan')).toMatchObject({ code: 'fourEyes' });
  expect(engine.host.completeUserTask(key, values, 'person.tksk')).toBeNull();
});

/** The head of the social office may not be the person who verified the proposal. */
import { expect, test } from '@jest/globals';
import { readCase } from '#cli/case/format.ts';
import { modelReader } from '#cli/case/files.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runCase } from '#cli/case/run-case.ts';
import { compile, folder, read } from './dtks.ts';

test('who verified a proposal cannot approve it; somebody else can', async () => {
  const path = 'cases/usulan-penerima-pusat.json';
  const story = readCase(read(path));
  const until = story.steps.findIndex(
    (step) => step.type === 'completeTask' && step.elementId === 'persetujuan-kepala',
  );
  const engine = new MemoryEngine(compile);
  const begun = { ...story, steps: story.steps.slice(0, until), expect: { otherInstances: [{}] } };
  expect(await runCase(begun, engine, modelReader(`${folder}/${path}`))).toEqual([]);
  const [task] = engine.host.userTasks();
  expect(task?.elementId).toBe('persetujuan-kepala');
  const key = task?.key ?? '';
  expect(engine.host.completeUserTask(key, { setuju: true }, 'person.verifikasi-dinsos')).toMatchObject({
    code: 'fourEyes',
  });
  expect(engine.host.completeUserTask(key, { setuju: true }, 'person.kepala')).toBeNull();
});

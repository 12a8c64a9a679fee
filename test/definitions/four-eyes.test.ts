/** The head of the social office may not be the person who verified the proposal. */
import { expect, test } from '@jest/globals';
import { runCase, type OpenCase } from '../conformance/open-case.ts';
import { DtksEngine, read } from './dtks-engine.ts';

test('who verified a proposal cannot approve it; somebody else can', async () => {
  const story = JSON.parse(read('stories/usulan-penerima-pusat.json')) as OpenCase;
  const until = story.steps.findIndex(
    (step) => step.type === 'completeTask' && step.elementId === 'persetujuan-kepala',
  );
  const engine = new DtksEngine();
  expect(
    await runCase({ ...story, steps: story.steps.slice(0, until), expect: { otherInstances: [{}] } }, engine, read),
  ).toEqual([]);
  const [task] = engine.host.userTasks();
  expect(task?.elementId).toBe('persetujuan-kepala');
  const key = task?.key ?? '';
  expect(engine.host.completeUserTask(key, { setuju: true }, 'petugas.verifikasi-dinsos')).toMatchObject({
    code: 'fourEyes',
  });
  expect(engine.host.completeUserTask(key, { setuju: true }, 'petugas.kepala')).toBeNull();
});

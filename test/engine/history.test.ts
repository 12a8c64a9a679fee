/** Recorded cases run again: on their own model they end as they did; on another the difference is told. */
import { describe, expect, test } from '@jest/globals';
import { compareWith } from '#engine/history/compare.ts';
import type { Fact, RecordedFact } from '#engine/fact.ts';
import { MemoryHost } from '#engine/memory.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import {
  compare,
  boundary,
  end,
  error,
  flow,
  gateway,
  path,
  processOf,
  service,
  start,
  timer,
  user,
} from './model-builder.ts';
import type { EngineRun } from './properties-engine.ts';
import { walk } from './properties-path.ts';
import { Chance, seedOf } from './seeded.ts';
import { startMs } from './story.ts';

const seed = seedOf('history');
const processes = 60;
const paths = 5;

describe('a recorded case', () => {
  test(`ends as it did on its own model (${processes} random processes)`, () => {
    let ended = 0;
    for (let index = 0; index < processes; index++) {
      const process = drawProcess(new Chance(seed, index));
      const drawn = { process, ...modelOf(process) };
      for (let one = 0; one < paths; one++) {
        const seen = ({ state, facts }: EngineRun): void => {
          if (state.status === 'active') return;
          ended += 1;
          const compared = compareWith(drawn.model, JSON.parse(JSON.stringify(facts)) as RecordedFact[]);
          const where = `ALUR_SEED=${seed}, process ${index}, path ${one}`;
          expect({ where, ...compared }).toEqual({ where, kind: 'same', variables: [], parting: null });
        };
        walk(drawn, new Chance(seed, index, one), seen);
      }
    }
    expect(ended).toBeGreaterThan(processes);
  });
});

const proposal = (limit: number, extra: readonly FlowNode[] = []): ProcessModel =>
  processOf(
    [
      start('s'),
      service('cek'),
      user('nilai'),
      gateway('g', 'exclusiveGateway', { defaultFlow: 'g>tolak' }),
      end('terima'),
      end('tolak'),
      boundary('galat', 'cek', error('HILANG')),
      end('batal'),
      boundary('lambat', 'nilai', timer('P1D')),
      end('kedaluwarsa'),
      ...extra,
    ],
    [
      path('s', 'cek', 'nilai', ...extra.map(({ id }) => id), 'g'),
      flow('g', 'terima', compare('skor', '>=', limit)),
      path('g', 'tolak'),
      path('galat', 'batal'),
      path('lambat', 'kedaluwarsa'),
    ],
  );

/** What one case recorded on the model as it was. */
function recorded(play: (host: MemoryHost) => void): readonly RecordedFact[] {
  const host = new MemoryHost(startMs);
  host.deploy([proposal(50)]);
  host.createInstance({ processId: 'p', variables: { rt: '001' } });
  play(host);
  const [key = ''] = host.instanceKeys();
  return host.factsOf(key);
}
const job = (host: MemoryHost): string => host.jobs()[0]?.key ?? '';
const scored = (skor: number) =>
  recorded((host) => {
    host.completeJob(job(host), { cocok: true });
    host.advanceTime(startMs + 3_600_000);
    host.completeUserTask(host.userTasks()[0]?.key ?? '', { skor }, 'ani');
  });

describe('on another model', () => {
  test('a case that ends otherwise is told, with the first fact that differs', () => {
    const facts = scored(55);
    expect(compareWith(proposal(50), facts)).toMatchObject({ kind: 'same' });
    const compared = compareWith(proposal(60), facts);
    const at = facts.find(({ fact }) => fact.type === 'elementActivated' && fact.elementId === 'terima')?.number;
    expect(compared).toEqual({
      kind: 'different',
      before: { status: 'completed', endElements: ['terima'] },
      after: { status: 'completed', endElements: ['tolak'] },
      parting: { factNumber: at, recorded: '+terima', candidate: '+tolak' },
    });
    expect(compareWith(proposal(60), scored(75)).kind).toBe('same');
  });
  test('a failure, an error and a deadline come again as they came', () => {
    const failed = recorded((host) => {
      host.failJob(job(host), 2, 'mati');
      host.throwJobError(job(host), 'HILANG', { sebab: 'x' });
    });
    expect(compareWith(proposal(60), failed)).toEqual({ kind: 'same', variables: [], parting: null });
    const late = recorded((host) => {
      host.completeJob(job(host), {});
      host.advanceTime(startMs + 2 * 86_400_000);
    });
    expect(compareWith(proposal(60), late)).toEqual({ kind: 'same', variables: [], parting: null });
  });
  test('work that the record has no answer to keeps the case open', () => {
    const compared = compareWith(proposal(50, [user('tinjau')]), scored(55));
    expect(compared).toMatchObject({ kind: 'open', waitsAt: ['tinjau'], parting: { candidate: '+tinjau' } });
  });
  test('a case whose course somebody changed by hand is not compared', () => {
    const facts = scored(55);
    const fact: Fact = { type: 'interventionMade', command: 'modifyInstance', reason: 'uji', before: {}, after: {} };
    const changed = [...facts.slice(0, 3), { number: 4, atMs: startMs, actor: 'budi', fact }, ...facts.slice(3)];
    expect(compareWith(proposal(50), changed)).toEqual({ kind: 'notComparable', factNumber: 4 });
  });
});

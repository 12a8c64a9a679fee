/**
 * For every step of every case: the state is the fold of the facts; the same command on the same state, even after a round through JSON,
 * gives the same facts and the same state; and the state before is left as it was.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type * as Drafts from '#engine/draft.ts';
import type { MemoryHost } from '#engine/memory.ts';
import type * as Steps from '#engine/step.ts';

/** Order of names does not matter. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const broken: string[] = [];
let steps = 0;
jest.mock('#engine/step.ts', () => {
  const real = jest.requireActual<typeof Steps>('#engine/step.ts');
  const { stateOf } = jest.requireActual<typeof Drafts>('#engine/draft.ts');
  const advance: typeof real.advance = (process, draft, command, context) => {
    const before = stateOf(draft);
    const written = JSON.stringify(before);
    const first = real.advance(process, draft, command, context);
    const second = real.step(process, JSON.parse(written) as typeof before, command, context);
    steps += 1;
    const answer = (given: Steps.Advance): unknown => (given.ok ? given.facts : given.rejection);
    if (canonical(answer(first)) !== canonical(answer(second))) broken.push(`${command.type}: another answer`);
    if (second.ok && canonical(second.state) !== canonical(stateOf(draft)))
      broken.push(`${command.type}: another state`);
    if (JSON.stringify(before) !== written) broken.push(`${command.type}: the state before has changed`);
    return first;
  };
  return { ...real, advance };
});

/** Loaded after the mock is in place. */
const load = async () => ({
  ...(await import('#engine/apply.ts')),
  ...(await import('#cli/case/compile-once.ts')),
  ...(await import('#cli/case/files.ts')),
  ...(await import('#cli/case/memory-engine.ts')),
  ...(await import('#cli/case/suite.ts')),
});

const folders = ['../../../shared/suites/open/cases', '../../definitions'].map((folder) => join(__dirname, folder));

describe('state, facts and steps', () => {
  for (const folder of folders) {
    (existsSync(folder) ? test : test.skip)(`of the cases in ${folder.split('/').slice(-2).join('/')}`, async () => {
      const { applyAll, compileOnce, findCases, initialState, MemoryEngine, runSuite } = await load();
      const expectFolded = (host: MemoryHost): void => {
        for (const key of host.instanceKeys()) {
          const facts = host.factsOf(key).map(({ fact }) => fact);
          expect(canonical(applyAll(initialState(), facts))).toBe(canonical(host.stateOf(key)));
        }
      };
      const compile = compileOnce();
      const from = steps;
      for (const file of await findCases([folder])) {
        const engine = new MemoryEngine(compile);
        await runSuite([file], { open: () => Promise.resolve(engine) });
        expectFolded(engine.host);
        expect({ file, broken }).toEqual({ file, broken: [] });
      }
      expect(steps - from).toBeGreaterThan(100);
    });
  }
});

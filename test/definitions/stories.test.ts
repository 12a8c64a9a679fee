/** The stories of the definitions: whole cases in memory with virtual time. They reach everything, and every end of a proposal. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Coverage } from '#cli/case/coverage.ts';
import { findCases } from '#cli/case/files.ts';
import { readCase } from '#cli/case/format.ts';
import type { TestCase } from '#cli/case/format.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runSuite } from '#cli/case/suite.ts';
import type { CaseResult } from '#cli/case/suite.ts';
import { compile, folder, read } from './dtks.ts';

describe('stories of the DTKS processes', () => {
  let stories: TestCase[] = [];
  let results: CaseResult[] = [];
  const coverage = new Coverage(compile);
  beforeAll(async () => {
    const files = await findCases([folder]);
    stories = files.map((file) => readCase(read(file.slice(folder.length + 1))));
    results = await runSuite(files, { open: () => Promise.resolve(new MemoryEngine(compile)), coverage });
  });

  test('each ends as told', () => {
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(200);
  });

  test('every element and every sequence flow is reached', () => {
    const reached = coverage.report();
    const processes = readdirSync(folder).filter((name) => name.endsWith('.bpmn'));
    expect(reached.map(({ processId }) => `${processId}.bpmn`).toSorted()).toEqual(processes.toSorted());
    expect(reached.flatMap(({ elements, flows }) => [...elements.uncovered, ...flows.uncovered])).toEqual([]);
  });

  test('every end state of a proposal has its story', () => {
    const { endStates } = JSON.parse(read('texts.id.json')) as { endStates: Record<string, string> };
    const told = new Set(stories.map(({ expect: { variables } }) => variables?.['akhir']));
    expect(Object.keys(endStates).filter((end) => !told.has(end))).toEqual([]);
  });
});

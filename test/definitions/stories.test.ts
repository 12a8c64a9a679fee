/** The stories of definitions/dtks: whole cases on the in-memory host with virtual time. Every end state of a proposal occurs in one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCase, type OpenCase } from '../conformance/open-case.ts';
import { DtksEngine, folder, read } from './dtks-engine.ts';

const stories = readdirSync(join(folder, 'stories')).map((file) => JSON.parse(read(`stories/${file}`)) as OpenCase);

describe('stories of the DTKS processes', () => {
  test.each(stories.map((story) => [story.id, story] as const))('%s', async (_, story) => {
    expect(await runCase(story, new DtksEngine(), read)).toEqual([]);
  });

  test('every end state of a proposal has its story', () => {
    const { endStates } = JSON.parse(read('texts.id.json')) as { endStates: Record<string, string> };
    const told = new Set(stories.map(({ expect: { variables } }) => variables?.['akhir']));
    expect(Object.keys(endStates).filter((end) => !told.has(end))).toEqual([]);
  });
});

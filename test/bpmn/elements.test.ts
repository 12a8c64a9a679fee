/** The table of elements × positions: every cell is tried, the page in docs/ is what the registries say, and no cell is left open. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '#bpmn/compile.ts';
import { eventKinds, eventPositions, legalEvents } from '#bpmn/events/positions.ts';
import { activityModel, activityPlaces, eventModel } from './element-cells.ts';
import {
  activityTypes,
  behaviorFileOf,
  elementsPage,
  elementTypes,
  illegalPlace,
  transformerFileOf,
} from './elements-table.ts';
import { codes, problemLines } from './support.ts';

const page = join(process.cwd(), 'docs/elements.md');

describe('events', () => {
  const cells = eventPositions.flatMap((position) => eventKinds.map((kind) => ({ kind, position })));
  test.each(cells)('$kind at $position', async ({ kind, position }) => {
    const compilation = await compile(eventModel(kind, position));
    if (legalEvents[position].kinds.includes(kind)) {
      expect(problemLines(compilation.report, 'error')).toEqual([]);
      expect(compilation.ok && compilation.processes[0]?.nodes['x']).toBeTruthy();
    } else expect(codes(compilation.report).join()).toMatch(/(EVENT_POSITION|CONTENT_UNKNOWN) x/);
  });
});

describe('activities', () => {
  const cells = activityTypes.flatMap((type) => activityPlaces.map((place) => ({ type, place })));
  test.each(cells)('$type: $place', async ({ type, place }) => {
    const compilation = await compile(activityModel(type, place));
    const errors = problemLines(compilation.report, 'error');
    if (illegalPlace(type, place) === null) {
      expect(errors).toEqual([]);
      expect(compilation.ok && compilation.processes[0]?.nodes['x']?.type).toBe(type);
    } else expect(errors.length).toBeGreaterThan(0);
  });
});

describe('docs/elements.md', () => {
  test.each(elementTypes)('%s has a transformer and a behavior', (type) => {
    expect(transformerFileOf(type)).not.toBeNull();
    expect(behaviorFileOf(type)).not.toBeNull();
  });

  test('is what the registries say', () => {
    const text = elementsPage();
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(page, text);
    expect(readFileSync(page, 'utf8')).toBe(text);
    expect(text).not.toMatch(/\| *\||\?|ignored \|/);
  });
});
